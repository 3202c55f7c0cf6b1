package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;

/** Missing values are counted, and for a first model filled with the means of their columns. */
class MissingValuesTest {
  private static final float NONE = Float.NaN;

  private static Samples rows(float... values) {
    return StoredSamples.ofFloats("rows", 3, null, values);
  }

  private static MissingValues in(Samples samples) {
    return MissingValues.in(samples, ComputeDevice.CPU).orElseThrow();
  }

  @Test
  void meansOfWhatIsThereTakeTheirPlaces() {
    Samples samples = rows(1, NONE, 4, 3, 5, NONE, 5, NONE, 8);
    MissingValues missing = in(samples);
    assertThat(missing.count()).isEqualTo(3);
    assertThat(missing.columnMeans()).containsExactly(3, 5, 6);
    Samples filled = missing.fill(samples);
    assertThat(filled.row(0)).containsExactly(1, 5, 4);
    assertThat(filled.row(1)).containsExactly(3, 5, 6);
    assertThat(filled.row(2)).containsExactly(5, 5, 8);
  }

  /** In several batches. */
  @Test
  void allRowsAreLookedAt() {
    float[] values = new float[3 * 20_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 3 == 1 && i / 3 % 2 == 0 ? NONE : i / 3 % 4;
    }
    MissingValues missing = in(rows(values));
    assertThat(missing.count()).isEqualTo(10_000);
    assertThat(missing.columnMeans()).containsExactly(1.5, 2, 1.5);
  }

  @Test
  void nothingIsMissingInBytesAndInWholeRows() {
    assertThat(MissingValues.in(rows(1, 2, 3), ComputeDevice.CPU)).isEmpty();
    assertThat(MissingValues.in(rows(1, 2, Float.POSITIVE_INFINITY), ComputeDevice.CPU)).isEmpty();
  }

  @Test
  void columnsWithoutAMeanAreNamed() {
    assertThatThrownBy(() -> in(rows(1, NONE, 2, 3, NONE, NONE)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "rows: value 1 (counted from 0) is missing in every row; leave it out, or hide less");
    assertThatThrownBy(() -> in(rows(1, NONE, Float.POSITIVE_INFINITY, 3, 4, 5)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "rows: value 2 (counted from 0) is infinite or too large in some row; remove or mend"
                + " that row");
  }
}
