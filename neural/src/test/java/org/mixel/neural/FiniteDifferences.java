package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/**
 * Gradients by central differences of fourth order, in float64: {@code (8 (f(h) - f(-h)) - (f(2h) -
 * f(-2h))) / 12 h}.
 */
public final class FiniteDifferences {
  /** Of one tensor, at most so many values are moved. */
  private static final int MOST_VALUES = 12;

  private static final double RELATIVE = 1e-6;

  /** What is this much smaller than the largest gradient drowns in the loss's rounding. */
  private static final double NOTHING = 1e-8;

  /**
   * A wrong gradient is wrong at every step; a kink (of a rectifier, or of a maximum) lies within
   * the larger steps only.
   */
  private static final double[] STEPS = {2e-5, 2e-6, 2e-7};

  private FiniteDifferences() {}

  /**
   * Moves parameters off the special values they begin with, such as biases of zero.
   *
   * @param random where to
   */
  public static void scatter(Parameters parameters, RandomStream random) {
    try (NativeScope scope = new NativeScope()) {
      for (Tensor value : parameters.values()) {
        long[] shape = value.sizes().vec().get();
        value.add_(random.normal(parameters.device(), shape).mul_(new Scalar(0.1)));
      }
    }
  }

  /**
   * Compares the gradient of a loss with differences of the loss, for some values of every leaf.
   *
   * @param leaves float64 tensors that the loss is a function of; as they were when this returns
   * @param loss the same number as long as the leaves are the same
   */
  public static void assertGradients(List<Tensor> leaves, Supplier<Tensor> loss) {
    double[][] gradients = gradients(leaves, loss);
    double largest = 0;
    for (double[] gradient : gradients) {
      for (double value : gradient) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    assertThat(largest).as("the largest gradient").isGreaterThan(1e-4).isLessThan(1e6);
    for (int i = 0; i < gradients.length; i++) {
      int stride = (gradients[i].length + MOST_VALUES - 1) / MOST_VALUES;
      for (int j = i % stride; j < gradients[i].length; j += stride) {
        assertGradient(leaves.get(i), i, j, gradients[i][j], NOTHING * largest, loss);
      }
    }
  }

  private static double[][] gradients(List<Tensor> leaves, Supplier<Tensor> loss) {
    try (NativeScope scope = new NativeScope()) {
      Tensor[] all =
          torch
              .grad(new TensorVector(loss.get()), new TensorVector(leaves.toArray(Tensor[]::new)))
              .get();
      double[][] values = new double[all.length][];
      for (int i = 0; i < all.length; i++) {
        values[i] = Tensors.doubles(all[i]);
      }
      return values;
    }
  }

  private static void assertGradient(
      Tensor leaf, int number, int index, double gradient, double nothing, Supplier<Tensor> loss) {
    double nearest = Double.NaN;
    for (double step : STEPS) {
      double difference = difference(leaf, index, step, loss);
      double tolerance =
          RELATIVE * Math.max(Math.abs(gradient), Math.abs(difference)) + nothing * STEPS[0] / step;
      if (Math.abs(difference - gradient) <= tolerance) {
        return;
      }
      nearest =
          Math.abs(difference - gradient) < Math.abs(nearest - gradient) || Double.isNaN(nearest)
              ? difference
              : nearest;
    }
    assertThat(gradient).as("gradient of value %d of leaf %d", index, number).isEqualTo(nearest);
  }

  private static double difference(Tensor leaf, int index, double step, Supplier<Tensor> loss) {
    try (NativeScope scope = new NativeScope()) {
      DoublePointer memory = leaf.data_ptr_double();
      long place = position(leaf, index);
      double value = memory.get(place);
      double near = at(memory, place, value + step, loss) - at(memory, place, value - step, loss);
      double far =
          at(memory, place, value + 2 * step, loss) - at(memory, place, value - 2 * step, loss);
      memory.put(place, value);
      return (8 * near - far) / (12 * step);
    }
  }

  private static double at(DoublePointer memory, long place, double value, Supplier<Tensor> loss) {
    try (NativeScope scope = new NativeScope()) {
      memory.put(place, value);
      return loss.get().item().toDouble();
    }
  }

  /** Where a value lies in memory; the channels of a convolution lie last there. */
  private static long position(Tensor leaf, int index) {
    long position = 0;
    long rest = index;
    for (long axis = leaf.dim() - 1; axis >= 0; axis--) {
      position += rest % leaf.size(axis) * leaf.stride(axis);
      rest /= leaf.size(axis);
    }
    return position;
  }
}
