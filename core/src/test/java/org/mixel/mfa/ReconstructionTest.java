package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** A row is reconstructed by its own component, and the error is that of what was seen. */
class ReconstructionTest {
  /** Two components far apart, both with the loadings (1, 2) and the noise (1/2, 1). */
  private static MixtureOfFactorAnalyzers mixture() {
    try (NativeScope scope = new NativeScope()) {
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(new double[] {0, 0}, 2),
          Tensors.of(new double[] {0, 0, 100, 100}, 2, 2),
          Tensors.of(new double[] {1, 2, 1, 2}, 2, 1, 2),
          Tensors.of(new double[] {0.5, 1, 0.5, 1}, 2, 2),
          null,
          Map.of());
    }
  }

  private static double reconstruct(double[] values, List<Float> target) {
    try (MixtureOfFactorAnalyzers mixture = mixture()) {
      return Reconstruction.of(
          mixture,
          StoredSamples.ofDoubles("rows", 2, values),
          Progress.SILENT,
          rows -> {
            for (float value : rows) {
              target.add(value);
            }
          });
    }
  }

  @Test
  void rowsAreProjectedByTheirOwnComponent() {
    long before = Pointer.totalCount();
    List<Float> rows = new ArrayList<>();
    // E[z] = A' x / psi over 1 + A' A / psi: 2 / 7, again 2 / 7, and 6 / 5 by the second value
    // alone.
    double error = reconstruct(new double[] {1, 0, 101, 100, Double.NaN, 3}, rows);
    assertThat(rows)
        .usingComparatorForType((a, b) -> Math.abs(a - b) < 1e-5 ? 0 : 1, Float.class)
        .containsExactly(2 / 7f, 4 / 7f, 100 + 2 / 7f, 100 + 4 / 7f, 1.2f, 2.4f);
    // (5/7)^2 + (4/7)^2 twice, and (3 - 2.4)^2, over five observed values.
    assertThat(error).isCloseTo((2 * 41 / 49.0 + 0.36) / 5, within(1e-12));
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  @Test
  void withoutAnyValueThereIsNoError() {
    assertThat(reconstruct(new double[] {Double.NaN, Double.NaN}, new ArrayList<>())).isNaN();
  }

  @Test
  void infiniteValuesAreRefused() {
    double[] values = {1, 0, Double.POSITIVE_INFINITY, 0};
    assertThatThrownBy(() -> reconstruct(values, new ArrayList<>()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "rows: row 1 (counted from 0) holds a value that is infinite or too large; remove or"
                + " repair it");
  }

  @Test
  void factorsAreThoseOfTheComponentThatIsAsked() {
    try (MixtureOfFactorAnalyzers mixture = mixture()) {
      double[] values = {1, 0, 101, 100, Double.NaN, 3, 1, 0};
      // As above; from the far mean it is -99 and -100 to the last row: 2 (-99 - 100) / 7.
      float[] factors =
          Reconstruction.factors(
              mixture,
              StoredSamples.ofDoubles("rows", 2, values),
              new int[] {0, 1, 0, 1},
              Progress.SILENT);
      assertThat(factors)
          .usingComparatorWithPrecision(1e-4f)
          .containsExactly(2 / 7f, 2 / 7f, 1.2f, -398 / 7f);
    }
  }
}
