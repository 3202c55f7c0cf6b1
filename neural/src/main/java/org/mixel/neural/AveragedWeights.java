package org.mixel.neural;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.neural.network.Custody;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;

/**
 * An exponential average of a generator's weights over the steps (Yazici et al., <i>The unusual
 * effectiveness of averaging in GAN training</i>, 2019): where the two networks of a GAN circle
 * around a balance, it lies nearer to the middle. After {@code t} steps an average keeps {@code
 * min(decay, (1 + t) / (10 + t))} of itself at a step, so that it forgets where training began.
 *
 * <p>Owns native memory until {@link #close()}; not safe for use by several threads.
 */
final class AveragedWeights implements AutoCloseable {
  private final double decay;
  private final Parameters weights;
  private final List<Tensor> averages;

  private AveragedWeights(double decay, Parameters weights, List<Tensor> averages) {
    this.decay = decay;
    this.weights = weights;
    this.averages = averages;
  }

  /**
   * Begins with the weights as they are, or with what was stored.
   *
   * @param decay the part of an average that is kept at a step, in (0, 1)
   * @param weights stay their owner's
   * @param stored as {@link #named} gives it; null at the start
   * @throws org.mixel.InputException if what was stored does not fit the weights
   */
  static AveragedWeights of(double decay, Parameters weights, @Nullable SafeTensors stored) {
    try (NativeScope scope = new NativeScope();
        Custody custody = new Custody()) {
      List<Tensor> averages = new ArrayList<>();
      for (Tensor weight : weights.values()) {
        Tensor first =
            stored == null
                ? weight
                : stored
                    .get(Integer.toString(averages.size()), weight.sizes().vec().get())
                    .to(weight.device(), weight.scalar_type());
        averages.add(custody.add(NativeScope.own(first.clone())));
      }
      return custody.handOver(new AveragedWeights(decay, weights, averages));
    }
  }

  /**
   * Takes the weights after a step into the average.
   *
   * @param step how many steps are done
   */
  void add(long step) {
    try (NativeScope scope = new NativeScope()) {
      Scalar newer = new Scalar(1 - Math.min(decay, (1.0 + step) / (10.0 + step)));
      Tensor[] values = weights.values();
      for (int i = 0; i < values.length; i++) {
        averages.get(i).lerp_(values[i], newer);
      }
    }
  }

  /** Puts the average in the place of the weights. */
  void apply() {
    try (NativeScope scope = new NativeScope()) {
      Tensor[] values = weights.values();
      for (int i = 0; i < values.length; i++) {
        values[i].copy_(averages.get(i));
      }
    }
  }

  /** All of it by name; the tensors stay this object's. */
  Map<String, Tensor> named() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (int i = 0; i < averages.size(); i++) {
      named.put(Integer.toString(i), averages.get(i));
    }
    return named;
  }

  @Override
  public void close() {
    averages.forEach(Tensor::close);
  }
}
