package org.mixel.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.ReferenceMode;
import org.mixel.ndb.VoronoiBins;

/** NDB on Spark counts what NDB in one process counts. */
class NdbTest {
  private static final float[][] REFERENCE = Sessions.pictures(900, 6, 1);
  private static final float[][] CANDIDATE = Sessions.pictures(500, 6, 2);
  private static final Ndb.Options OPTIONS =
      Ndb.Options.defaults()
          .withImageShape("1x6x6")
          .withBinning(
              VoronoiBins.Options.defaults()
                  .withBins(8)
                  .withRestarts(2)
                  .withMode(ReferenceMode.PAPER));

  private static Dataset<Row> data(float[][] rows, int partitions) {
    return Sessions.of(
        Sessions.FLOATS, Arrays.stream(rows).map(Sessions::boxed).toList(), partitions);
  }

  private static Samples samples(float[][] rows) {
    return StoredSamples.ofFloats("rows", 36, new ImageShape(1, 6, 6), Sessions.joined(rows));
  }

  @ParameterizedTest
  @EnumSource(ReferenceMode.class)
  void countsAreThoseOfOneProcess(ReferenceMode mode) {
    Ndb.Options options = OPTIONS.withBinning(OPTIONS.binning().withMode(mode));
    VoronoiBins bins = VoronoiBins.fit(samples(REFERENCE), options.binning());
    NdbResult local = org.mixel.ndb.Ndb.compare(bins, samples(CANDIDATE));
    for (int partitions : new int[] {1, 5}) {
      NdbResult result =
          Ndb.run(data(REFERENCE, partitions), data(CANDIDATE, partitions), "features", options);
      assertThat(result.proportions()).isEqualTo(local.proportions());
      assertThat(result.referenceProportions()).isEqualTo(local.referenceProportions());
      assertThat(result.js()).isEqualTo(local.js());
      assertThat(result.expectedJs()).isEqualTo(local.expectedJs());
    }
  }

  @Test
  void theReportIsThatOfOneProcess() {
    org.mixel.ndb.Ndb.Options several =
        org.mixel.ndb.Ndb.Options.defaults()
            .withBins(8, 12)
            .withSeeds(3, 2)
            .withCandidateRows(300)
            .withBinning(VoronoiBins.Options.defaults().withRestarts(2));
    float[][] brightest = brightest();
    NdbReport local =
        org.mixel.ndb.Ndb.run(
            samples(REFERENCE).named("reference"),
            List.of(samples(CANDIDATE).named("equal"), samples(brightest).named("lost")),
            several);
    try (DatasetRows reference = rows("reference", REFERENCE, 4);
        DatasetRows equal = rows("equal", CANDIDATE, 3);
        DatasetRows lost = rows("lost", brightest, 2)) {
      NdbReport report =
          org.mixel.ndb.Ndb.run(reference, List.of(equal, lost), several, Progress.SILENT);
      assertThat(report.toJson()).isEqualTo(local.toJson());
      assertThat(report.joint()).isEqualTo(local.joint());
      for (int i = 0; i < report.results().size(); i++) {
        int bin = report.results().get(i).different().stream().findFirst().orElse(0);
        assertThat(report.results().get(i).members().of(bin))
            .isEqualTo(local.results().get(i).members().of(bin));
      }
    }
  }

  private static DatasetRows rows(String name, float[][] rows, int partitions) {
    return DatasetRows.of(name, data(rows, partitions), "features", "1x6x6");
  }

  private static float[][] brightest() {
    return Arrays.stream(CANDIDATE).filter(row -> row[6 * 3] > 0.3).toArray(float[][]::new);
  }

  @Test
  void equalSetsDoNotDifferAndALostKindDoes() {
    Ndb.Options heldOut = OPTIONS.withBinning(OPTIONS.binning().withMode(ReferenceMode.HELD_OUT));
    Row equal = Ndb.test(data(REFERENCE, 3), data(CANDIDATE, 2), "features", heldOut).first();
    assertThat(equal.<Double>getAs("chiSquareP")).isGreaterThan(0.01);
    assertThat(equal.<Integer>getAs("referenceRows")).isBetween(350, 550);
    Row lost = Ndb.test(data(REFERENCE, 3), data(brightest(), 2), "features", heldOut).first();
    assertThat(lost.<Double>getAs("chiSquareP")).isLessThan(1e-6);
    assertThat(lost.getList(lost.fieldIndex("different"))).isNotEmpty();
  }

  @Test
  void rowsOfAnotherSizeAreRefused() {
    assertThatThrownBy(
            () ->
                Ndb.run(
                    data(REFERENCE, 2),
                    Sessions.of(
                        Sessions.FLOATS, Collections.singletonList(new Float[] {1f, 2f}), 1),
                    "features",
                    Ndb.Options.defaults().withBinning(OPTIONS.binning())))
        .isInstanceOf(InputException.class)
        .hasMessage("candidate candidate has 2 dims, the reference 36 dims; give rows of one size");
  }
}
