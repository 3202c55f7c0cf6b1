package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mixel.Progress;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.io.DataSource;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.Inpainting.Options;

/** More rows than a batch holds are answered as each row by itself, in their order. */
class ManyRowsTest {
  private static final int DIMS = 3;

  /** A batch has 16,384 at most. */
  private static final int ROWS = 17_000;

  private static final int LAST = 16_990;
  private static final boolean[] SEEN = {true, false, true};

  @TempDir private Path folder;

  private static MixtureOfFactorAnalyzers model;
  private static Samples rows;

  @BeforeAll
  static void make() {
    DenseMixture dense = new DenseMixture(2, 1, DIMS, 3);
    model = dense.model();
    Random random = new Random(4);
    double[] values = new double[ROWS * DIMS];
    for (int i = 0; i < ROWS; i++) {
      System.arraycopy(dense.draw(random), 0, values, i * DIMS, DIMS);
    }
    rows = StoredSamples.ofDoubles("rows", DIMS, values);
  }

  @AfterAll
  static void end() {
    model.close();
  }

  private static Samples last() {
    return rows.select(IntStream.range(LAST, ROWS).toArray());
  }

  private static void assertEndsWith(Samples all, Samples last) {
    assertThat(all.rows()).isEqualTo(ROWS);
    for (int i = 0; i < last.rows(); i++) {
      assertThat(all.row(LAST + i)).containsExactly(last.row(i), within(1e-6f));
    }
  }

  private static Samples completed(Samples some, Options options) {
    return Inpainting.complete(model, some, SEEN, options, Progress.SILENT);
  }

  @Test
  void rowsAreCompleted() {
    Options once = Options.defaults();
    assertEndsWith(completed(rows, once), completed(last(), once));
    assertThat(completed(rows, once).row(LAST)[0]).isEqualTo(rows.row(LAST)[0]);
  }

  @Test
  void rowsAreReconstructedAndHaveFactors() {
    int[] components = model.mostProbable(rows);
    int[] ofLast = model.mostProbable(last());
    assertThat(Arrays.copyOfRange(components, LAST, ROWS)).isEqualTo(ofLast);
    float[] factors = Reconstruction.factors(model, rows, components, Progress.SILENT);
    assertThat(Arrays.copyOfRange(factors, LAST, ROWS))
        .containsExactly(
            Reconstruction.factors(model, last(), ofLast, Progress.SILENT), within(1e-6f));
    assertEndsWith(model.reconstruct(rows), model.reconstruct(last()));
  }

  /** In the precision of the file. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void answersAreWritten(ElementType type) {
    Samples completed =
        written(
            rows,
            type,
            writer ->
                Inpainting.write(model, rows, SEEN, Options.defaults(), Progress.SILENT, writer));
    assertEndsWith(completed, completed(last(), Options.defaults()));
    assertEndsWith(variances(rows, type), variances(last(), type));
    assertThat(variances(rows, type).row(0)[0]).isZero();
    assertThat(variances(rows, type).row(0)[1]).isPositive();
    double[] error = new double[1];
    Samples reconstructed =
        written(
            rows,
            type,
            writer -> error[0] = Reconstruction.write(model, rows, Progress.SILENT, writer));
    assertEndsWith(reconstructed, model.reconstruct(last()));
    assertThat(error[0]).isCloseTo(meanSquare(rows, reconstructed), within(1e-6));
  }

  private static double meanSquare(Samples one, Samples other) {
    double sum = 0;
    for (int i = 0; i < one.rows(); i++) {
      float[] a = one.row(i);
      float[] b = other.row(i);
      for (int j = 0; j < DIMS; j++) {
        sum += (a[j] - b[j]) * (double) (a[j] - b[j]);
      }
    }
    return sum / one.rows() / DIMS;
  }

  private Samples variances(Samples of, ElementType type) {
    return written(
        of, type, writer -> Inpainting.writeVariance(model, of, SEEN, Progress.SILENT, writer));
  }

  /** What is written of rows, as it is read again. */
  private Samples written(Samples of, ElementType type, Consumer<SampleWriter> work) {
    Path file = folder.resolve("rows.npy");
    try (SampleWriter writer = SampleWriter.create(file, of.rows(), DIMS, null, type)) {
      work.accept(writer);
    }
    Samples written = DataSource.open(file.toString());
    assertThat(written.type()).isEqualTo(type);
    return written;
  }
}
