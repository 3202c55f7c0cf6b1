package org.mixel.neural.objective;

import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The squared error of features instead of pixels (Hou, Shen, Sun and Qiu 2017, section 3.2):
 *
 * <pre>weight * d / 2 * sum over layers of mean (f(x) - f(y))^2 / scale^2</pre>
 *
 * <p>Its authors give features of one network, VGG-19, and a weight that suits it. Here features
 * may be of any network: each layer is divided by its scale, the root of its mean square on data,
 * so that no layer counts more than the others because its numbers are larger; and it counts as one
 * value per pixel, whatever its size, so that the divergence of the posterior keeps its share.
 *
 * @param features turns pixels {@code [n, d]} in [0, 1] into layers of features, rows first
 * @param scales one for each layer, positive
 * @param weight of all of it
 */
public record FeatureLoss(
    Function<Tensor, List<Tensor>> features, List<Double> scales, double weight)
    implements ReconstructionLoss {
  /** With it, an error as large as the features weighs as much as unit noise in every pixel. */
  public static final double WEIGHT = 1;

  /** Keeps its own copy of the scales. */
  public FeatureLoss {
    scales = List.copyOf(scales);
  }

  @Override
  public Tensor of(Tensor logits, Tensor rows) {
    List<Tensor> made = features.apply(torch.sigmoid(logits));
    List<Tensor> wanted = features.apply(rows);
    Tensor sum = null;
    for (int i = 0; i < scales.size(); i++) {
      double share = weight * rows.size(1) / 2 / (scales.get(i) * scales.get(i));
      Tensor error = made.get(i).sub(wanted.get(i).detach()).square().mean().mul(new Scalar(share));
      sum = sum == null ? error : sum.add(error);
    }
    if (sum == null) {
      throw new IllegalStateException("no layer of features");
    }
    return sum;
  }
}
