package org.mixel.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/** Long work that finds no memory has failed, and is not waited for. */
class TaskTest {
  private static final Samples DATA = SmallModels.bytes("it", 200, SmallModels.GREY, 2);

  private static final Progress FULL =
      (name, steps) -> {
        throw new OutOfMemoryError("Java heap space");
      };

  @Test
  void scoresOfTooManyRowsHaveFailed() {
    Scores scores = new Scores(DATA.rows());
    try (MixtureOfFactorAnalyzers model = SmallModels.model(3, 1, SmallModels.GREY, 1)) {
      scores.run(model, DATA, FULL);
    }
    requireFailed(scores.progress());
  }

  @Test
  void binsOfTooManyRowsHaveFailed() {
    CandidateBins bins = new CandidateBins(List.of(DATA), 0);
    bins.run(DATA, null, FULL);
    requireFailed(bins.progress().get(0));
  }

  private static void requireFailed(JsonNode task) {
    assertThat(task.get("state").asText()).isEqualTo("failed");
    assertThat(task.get("error").asText()).startsWith("out of memory; give Java more");
  }
}
