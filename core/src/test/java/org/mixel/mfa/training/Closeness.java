package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.pytorch.Tensor;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** Compares tensors value by value. */
final class Closeness {
  private Closeness() {}

  /**
   * Asserts that values differ by no more than a number, times 1 and the expected value.
   *
   * @param tolerance that number
   */
  static void assertClose(Tensor actual, Tensor expected, double tolerance) {
    try (NativeScope scope = new NativeScope()) {
      double[] a = Tensors.doubles(actual.contiguous());
      double[] e = Tensors.doubles(expected.contiguous());
      assertThat(a).hasSameSizeAs(e);
      for (int i = 0; i < e.length; i++) {
        assertThat(a[i]).isCloseTo(e[i], within(tolerance * (1 + Math.abs(e[i]))));
      }
    }
  }
}
