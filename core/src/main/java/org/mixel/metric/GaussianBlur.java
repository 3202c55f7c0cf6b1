package org.mixel.metric;

import java.util.stream.DoubleStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * Convolution with a Gaussian, one axis after the other.
 *
 * <p>The kernel is cut at four standard deviations and sums to 1. Beyond its border an image is
 * mirrored, the outermost pixel first ({@code c b a | a b c | c b a}), as often as the kernel asks.
 */
final class GaussianBlur {
  private static final double CUT = 4;

  private final double[] taps;
  private final int radius;

  private GaussianBlur(double[] taps) {
    this.taps = taps;
    radius = taps.length / 2;
  }

  /**
   * A blur of this width.
   *
   * @param sigma standard deviation in pixels
   */
  static GaussianBlur of(double sigma) {
    int radius = (int) Math.ceil(CUT * sigma);
    double[] taps = new double[2 * radius + 1];
    for (int i = 0; i < taps.length; i++) {
      double steps = (i - radius) / sigma;
      taps[i] = Math.exp(-steps * steps / 2);
    }
    double sum = DoubleStream.of(taps).sum();
    return new GaussianBlur(DoubleStream.of(taps).map(tap -> tap / sum).toArray());
  }

  /**
   * Blurs each image.
   *
   * @param images {@code [n, height, width]}, not changed
   * @return the same shape and type, owned by the current scope
   */
  Tensor apply(Tensor images) {
    return NativeScope.compute(() -> along(along(images, 1), 2));
  }

  private Tensor along(Tensor images, int axis) {
    return NativeScope.compute(
        () -> {
          int size = (int) images.size(axis);
          Tensor source = Tensors.indices(mirrored(size)).to(images.device(), ScalarType.Long);
          Tensor wide = images.index_select(axis, source);
          Tensor blurred = wide.narrow(axis, 0, size).mul(new Scalar(taps[0]));
          for (int i = 1; i < taps.length; i++) {
            blurred.add_(wide.narrow(axis, i, size), new Scalar(taps[i]));
          }
          return blurred;
        });
  }

  /** Where the pixels of an axis come from once it is longer by the radius at both ends. */
  private int[] mirrored(int size) {
    int[] source = new int[size + 2 * radius];
    for (int i = 0; i < source.length; i++) {
      int position = Math.floorMod(i - radius, 2 * size);
      source[i] = Math.min(position, 2 * size - 1 - position);
    }
    return source;
  }
}
