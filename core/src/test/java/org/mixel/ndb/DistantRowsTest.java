package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;

/** Sets that lie elsewhere get the report that they would get here. */
class DistantRowsTest {
  private static final Ndb.Options OPTIONS =
      Ndb.Options.defaults().withBins(5, 9).withSeeds(3, 2).withCandidateRows(200);

  /** Rows that are in fact here. */
  private record Elsewhere(Samples samples) implements DistantRows {
    static Elsewhere of(String name, int rows, int dims, long seed) {
      return new Elsewhere(GaussianRows.standard(name, rows, dims, seed));
    }

    @Override
    public String name() {
      return samples.name();
    }

    @Override
    public int rows() {
      return samples.rows();
    }

    @Override
    public int dims() {
      return samples.dims();
    }

    @Override
    public Optional<ImageShape> shape() {
      return samples.shape();
    }

    @Override
    public Samples take(int[] rows) {
      return samples.select(rows);
    }

    @Override
    public int[] assign(VoronoiBins.Cells cells) {
      return cells.assign(samples);
    }
  }

  private static final Elsewhere REFERENCE = Elsewhere.of("reference", 700, 4, 1);
  private static final Elsewhere CANDIDATE = Elsewhere.of("candidate", 300, 4, 2);

  private static NdbReport run(Elsewhere reference, Elsewhere candidate, Ndb.Options options) {
    return Ndb.run(reference, List.of(candidate), options, Progress.SILENT);
  }

  @ParameterizedTest
  @EnumSource(Clustering.class)
  void theReportIsThatOfRowsThatAreHere(Clustering clustering) {
    Ndb.Options options =
        OPTIONS.withBinning(
            VoronoiBins.Options.defaults().withRestarts(1).withClustering(clustering));
    NdbReport here = Ndb.run(REFERENCE.samples(), List.of(CANDIDATE.samples()), options);
    NdbReport report = run(REFERENCE, CANDIDATE, options);
    assertThat(report.toJson()).isEqualTo(here.toJson());
    assertThat(report.joint()).isEqualTo(here.joint()).hasSize(1);
    for (int i = 0; i < here.bins().size(); i++) {
      assertThat(report.bins().get(i).counts()).isEqualTo(here.bins().get(i).counts());
      assertThat(report.bins().get(i).centers()).isEqualTo(here.bins().get(i).centers());
      for (int k = 0; k < here.bins().get(i).bins(); k++) {
        assertThat(report.results().get(i).members().of(k))
            .isEqualTo(here.results().get(i).members().of(k));
      }
    }
  }

  @Test
  void whatCannotBeDoneElsewhereIsRefused() {
    VoronoiBins.Options random = VoronoiBins.Options.defaults().withClustering(Clustering.RANDOM);
    assertThatThrownBy(
            () -> run(REFERENCE, CANDIDATE, OPTIONS.withBinning(random.withWhiten(true))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be whitened");
    assertThatThrownBy(() -> run(Elsewhere.of("one", 1, 4, 1), CANDIDATE, OPTIONS))
        .isInstanceOf(InputException.class)
        .hasMessage("reference one has fewer than 2 rows");
    assertThatThrownBy(() -> run(REFERENCE, Elsewhere.of("narrow", 50, 3, 1), OPTIONS))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("narrow has 3 dims");
    assertThatThrownBy(() -> run(Elsewhere.of("few", 8, 4, 1), CANDIDATE, OPTIONS))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("5 bins need at least as many rows");
  }
}
