package org.mixel.memorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.memorization.Memorization.Options;
import org.mixel.memorization.Memorization.Verdict;
import org.mixel.tensor.ComputeDevice;

/** Copies are told from fresh rows, and neither fresh, smooth nor noisy rows are called copies. */
class MemorizationTest {
  private static final int DIMS = 6;

  /** Shared by the cases that are no simulation. */
  private final float[] training = normal(1500, 1, 1);

  private final Samples reference = rows("training", training);
  private final Samples unseen = rows("unseen", normal(500, 1, 2));

  /** Float32 would make one row of many that lie about 1e9. */
  @Test
  void freshRowsFarFromZeroAreNoCopies() {
    Memorization near = judge(far("fresh", 400, 3, 0), far("t", 1500, 1, 0), far("u", 500, 2, 0));
    Memorization away =
        judge(far("fresh", 400, 3, 1e9), far("t", 1500, 1, 1e9), far("u", 500, 2, 1e9));
    assertThat(away.copies()).isFalse();
    assertThat(away.exactCopies()).isZero();
    assertThat(away.tooNear()).isEqualTo(near.tooNear());
  }

  private static Samples far(String name, int rows, long seed, double offset) {
    float[] values = normal(rows, 1, seed);
    double[] moved = new double[values.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = offset + Math.rint(values[i] * 1024) / 1024;
    }
    return StoredSamples.ofDoubles(name, DIMS, moved);
  }

  @Test
  void freshRowsAreJudgedAsOftenWrongAsPromised() {
    int cases = 200;
    double[] tooNear = new double[cases];
    double[] z = new double[cases];
    double[] tailP = new double[cases];
    double[] copiedP = new double[cases];
    int verdicts = 0;
    for (int i = 0; i < cases; i++) {
      Samples made = rows("training", normal(300, 1, 1000 + i));
      Samples other = rows("unseen", normal(150, 1, 2000 + i));
      Memorization fresh = judge(rows("fresh", normal(200, 1, 3000 + i)), made, other);
      tooNear[i] = fresh.tooNear();
      z[i] = fresh.mannWhitneyZ();
      tailP[i] = fresh.tooNearP();
      copiedP[i] = fresh.copiedP();
      verdicts += fresh.copies() ? 1 : 0;
    }
    double expected = 8 / 151.0;
    assertThat(mean(tooNear)).isCloseTo(expected, within(2 * deviation(tooNear) / Math.sqrt(200)));
    assertThat(mean(z)).isCloseTo(0, within(0.2));
    assertThat(deviation(z)).isCloseTo(1, within(0.15));
    assertThat(below(tailP, 0.05)).isBetween(3L, 17L);
    assertThat(below(tailP, 0.5)).isBetween(70L, 115L);
    assertThat(below(copiedP, 0.05)).isBetween(2L, 17L);
    assertThat(below(copiedP, 0.5)).isBetween(60L, 115L);
    assertThat(verdicts).isZero();
  }

  private static long below(double[] values, double limit) {
    return DoubleStream.of(values).filter(value -> value < limit).count();
  }

  private static double mean(double[] values) {
    return DoubleStream.of(values).average().orElseThrow();
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    return Math.sqrt(
        DoubleStream.of(values).map(x -> (x - mean) * (x - mean)).sum() / values.length);
  }

  @Test
  void trainingRowsAreCopies() {
    Memorization found = judge(reference, reference, unseen);
    assertThat(found.copies()).isTrue();
    assertThat(found.exactCopies()).isEqualTo(1500);
    assertThat(found.tooNear()).isEqualTo(1);
    assertThat(found.tooNearP()).isLessThan(1e-100);
    assertThat(found.copied()).isEqualTo(1);
    assertThat(found.mannWhitneyZ()).isLessThan(-20);
    assertThat(found.nearest()).hasSize(16);
    assertThat(found.nearest().get(0)).isEqualTo(new Memorization.Pair(0, 0, 0, 0));
  }

  @Test
  void partialAndNoisyCopiesAreDetected() {
    float[] half = normal(600, 1, 4);
    System.arraycopy(training, 0, half, 0, half.length / 2);
    Memorization found = judge(rows("half", half), reference, unseen);
    assertThat(found.copies()).isTrue();
    assertThat(found.exactCopies()).isEqualTo(300);
    assertThat(found.tooNear()).isCloseTo(0.525, within(0.03));
    assertThat(found.copied()).isCloseTo(0.5, within(0.1));

    float[] noise = normal(1500, 0.1, 5);
    for (int i = 0; i < noise.length; i++) {
      noise[i] += training[i];
    }
    Memorization noisy = judge(rows("noisy", noise), reference, unseen);
    assertThat(noisy.copies()).isTrue();
    assertThat(noisy.exactCopies()).isZero();
  }

  /** Near to the mean, hence to every row: too near by far, yet nothing is copied. */
  @Test
  void smoothAndFarRowsAreNoCopies() {
    Memorization smooth = judge(rows("smooth", normal(2000, 0.3, 6)), reference, unseen);
    assertThat(smooth.tooNear()).isGreaterThan(0.15);
    assertThat(smooth.tooNearP()).isLessThan(1e-6);
    assertThat(smooth.copied()).isLessThan(0.1);
    assertThat(smooth.copies()).isFalse();
    Memorization far = judge(rows("far", normal(2000, 2, 7)), reference, unseen);
    assertThat(far.tooNear()).isLessThan(0.05);
    assertThat(far.mannWhitneyZ()).isGreaterThan(10);
    assertThat(far.medianDistance()).isGreaterThan(far.unseenMedianDistance());
    assertThat(far.copies()).isFalse();
  }

  /** Twenty unseen rows cannot show what copies are nearer to, but that equal rows are rare. */
  @Test
  void fewUnseenRowsSuffice() {
    Samples few = unseen.select(IntStream.range(0, 20).toArray());
    Samples some = reference.select(IntStream.range(0, 100).toArray());
    Memorization found = judge(some, reference, few);
    assertThat(found.copiedError()).isGreaterThan(0.2);
    assertThat(found.exactCopiesP()).isLessThan(1e-20);
    assertThat(found.copies()).isTrue();
  }

  /** Too near for fresh rows, but few unseen rows do not tell copies from smooth rows. */
  @Test
  void tooNearAloneConvictsNobody() {
    Samples few = unseen.select(IntStream.range(0, 60).toArray());
    Memorization smooth = judge(rows("smooth", normal(2000, 0.3, 6)), reference, few);
    assertThat(smooth.tooNear()).isGreaterThan(0.15);
    assertThat(smooth.tooNearP()).isLessThan(0.01);
    assertThat(smooth.copiedError()).isGreaterThan(0.2);
    assertThat(smooth.copies()).isFalse();
    assertThat(smooth.judge()).isEqualTo(Verdict.TOO_FEW_UNSEEN);
    assertThat(smooth.verdict()).isEqualTo("too few unseen rows to tell");
    assertThat(smooth.toJson().get("verdict").asText()).isEqualTo("too few unseen rows to tell");
  }

  @Test
  void exactCopiesAmongFreshRowsCount() {
    Samples many = rows("many", normal(2000, 1, 10));
    Memorization few = judge(rows("few", mixed(2000, 4)), reference, many);
    assertThat(few.exactCopies()).isEqualTo(4);
    assertThat(few.judge()).isEqualTo(Verdict.NO_COPYING_SEEN);
    Memorization found = judge(rows("some", mixed(2000, 60)), reference, many);
    assertThat(found.exactCopies()).isEqualTo(60);
    assertThat(found.tooNear()).isLessThan(0.1);
    assertThat(found.judge()).isEqualTo(Verdict.COPIES);
    Samples hardly = unseen.select(IntStream.range(0, 20).toArray());
    Memorization suspect = judge(rows("some", mixed(2000, 60)), reference, hardly);
    assertThat(suspect.exactCopiesP()).isGreaterThan(0.01);
    assertThat(suspect.judge()).isEqualTo(Verdict.TOO_FEW_UNSEEN);
  }

  private float[] mixed(int rows, int copies) {
    float[] values = normal(rows, 1, 11);
    System.arraycopy(training, 0, values, 0, copies * DIMS);
    return values;
  }

  /** Of few possible values, smooth rows meet reference rows oftener than fresh rows do. */
  @Test
  void equalRowsProveNothingWhereFreshRowsAreOftenEqual() {
    Samples made = rows("training", whole(normal(1500, 1, 12)));
    Samples other = rows("unseen", whole(normal(500, 1, 13)));
    Memorization smooth = judge(rows("smooth", whole(normal(2000, 0.7, 14))), made, other);
    assertThat(smooth.exactCopies() / 2000.0).isGreaterThan(smooth.unseenExactCopies() / 500.0);
    assertThat(smooth.exactCopiesP()).isLessThan(1e-6);
    assertThat(smooth.copies()).isFalse();
  }

  private static float[] whole(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.round(values[i]);
    }
    return values;
  }

  @Test
  void theSeedChoosesAmongManyRows() {
    Options some = Options.defaults().withMaxRows(100).withSeed(3);
    Memorization found =
        Memorization.of(
                List.of(reference),
                reference,
                unseen,
                null,
                some,
                ComputeDevice.CPU,
                Progress.SILENT)
            .get(0);
    assertThat(found.rows()).isEqualTo(100);
    assertThat(found.unseenRows()).isEqualTo(100);
    assertThat(found.nearest()).allMatch(pair -> pair.row() == pair.referenceRow());
    assertThat(found.nearest().get(15).row()).isGreaterThan(50);
  }

  @Test
  void weightsLeaveOutColumns() {
    float[] values = training.clone();
    for (int i = 0; i < values.length; i += DIMS) {
      values[i] += 5;
    }
    float[] weights = new float[DIMS];
    Arrays.fill(weights, 1, DIMS, 1);
    List<Memorization> found =
        Memorization.of(
            List.of(rows("shifted", values), unseen),
            reference,
            rows("other", normal(500, 1, 8)),
            weights,
            Options.defaults(),
            ComputeDevice.CPU,
            Progress.SILENT);
    assertThat(found.get(0).exactCopies()).isEqualTo(1500);
    assertThat(found.get(1).copies()).isFalse();
  }

  @Test
  void whatWasSeenIsNotUnseen() {
    float[] mixed = normal(100, 1, 9);
    System.arraycopy(training, 0, mixed, 0, mixed.length / 2);
    assertThatThrownBy(() -> judge(unseen, reference, rows("mixed", mixed)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "mixed is not unseen: 50 of 100 rows are rows of training; give rows that were not"
                + " trained on");
    assertThatThrownBy(() -> judge(unseen, reference, rows("few", normal(19, 1, 9))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("few has 19 rows");
    assertThatThrownBy(() -> Options.defaults().withMaxRows(10)).isInstanceOf(InputException.class);
  }

  @Test
  void theDocumentHoldsEveryFigure() {
    ObjectNode document = judge(unseen, reference, rows("other", normal(500, 1, 8))).toJson();
    assertThat(document.get("candidate").asText()).isEqualTo("unseen");
    assertThat(document.get("copies").asBoolean()).isFalse();
    assertThat(document.get("verdict").asText()).isEqualTo("no copying seen");
    assertThat(document.get("unseen_rows").asInt()).isEqualTo(500);
    assertThat(document.get("nearest")).hasSize(16);
    for (String name :
        List.of(
            "median_distance",
            "too_near",
            "too_near_p",
            "mann_whitney_z",
            "unseen_exact_copies",
            "exact_copies_p",
            "copied")) {
      assertThat(document.get(name).isNumber()).as(name).isTrue();
    }
  }

  private static Memorization judge(Samples candidate, Samples reference, Samples unseen) {
    return Memorization.of(
            List.of(candidate),
            reference,
            unseen,
            null,
            Options.defaults(),
            ComputeDevice.CPU,
            Progress.SILENT)
        .get(0);
  }

  private static Samples rows(String name, float[] values) {
    return StoredSamples.ofFloats(name, DIMS, null, values);
  }

  private static float[] normal(int rows, double deviation, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * DIMS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
