package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
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

  private static void assertEndsWith(Samples all, Samples last, int of) {
    assertThat(all.rows()).isEqualTo(ROWS * of);
    for (int i = 0; i < last.rows(); i++) {
      assertThat(all.row(LAST * of + i)).containsExactly(last.row(i), within(1e-6f));
    }
  }

  private static Samples completed(Samples some, Options options) {
    return Inpainting.complete(model, some, SEEN, options, Progress.SILENT);
  }

  @Test
  void rowsAreCompleted() {
    Options once = Options.defaults();
    assertEndsWith(completed(rows, once), completed(last(), once), 1);
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
    assertEndsWith(model.reconstruct(rows), model.reconstruct(last()), 1);
  }

  /** In the precision of the file. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void answersAreWritten(ElementType type) {
    Path completed = folder.resolve("completed.npy");
    Path variances = folder.resolve("variances.npy");
    Path reconstructed = folder.resolve("reconstructed.npy");
    try (SampleWriter writer = SampleWriter.create(completed, ROWS, DIMS, null, type)) {
      Inpainting.write(model, rows, SEEN, Options.defaults(), Progress.SILENT, writer);
    }
    assertEndsWith(read(completed, type), completed(last(), Options.defaults()), 1);
    try (SampleWriter writer = SampleWriter.create(variances, ROWS, DIMS, null, type)) {
      Inpainting.writeVariance(model, rows, SEEN, Progress.SILENT, writer);
    }
    float[] variance = read(variances, type).row(ROWS - 1);
    assertThat(variance[0]).isZero();
    assertThat(variance[1]).isPositive();
    assertThat(variance[2]).isZero();
    try (SampleWriter writer = SampleWriter.create(reconstructed, ROWS, DIMS, null, type)) {
      double error = Reconstruction.write(model, rows, Progress.SILENT, writer);
      assertThat(error).isPositive();
    }
    assertEndsWith(read(reconstructed, type), model.reconstruct(last()), 1);
  }

  private static Samples read(Path file, ElementType type) {
    Samples written = DataSource.open(file.toString());
    assertThat(written.type()).isEqualTo(type);
    return written;
  }
}
