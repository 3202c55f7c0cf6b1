package org.mixel.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.Tensors;

/** Protects the scale of bars, and what the page needs to show commands. */
class ColumnsTest {
  /** Two components of equal weight in two columns, one factor each. */
  private static MixtureOfFactorAnalyzers model() {
    return MixtureOfFactorAnalyzers.of(
        Tensors.of(new double[2], 2),
        Tensors.of(new double[] {0, 10, 2, 10}, 2, 2),
        Tensors.of(new double[] {1, 0, 0, 2}, 2, 1, 2),
        Tensors.of(new double[] {1, 4, 1, 4}, 2, 2),
        null,
        Map.of());
  }

  @Test
  void meanAndDeviationAreThoseOfTheMixture() {
    try (MixtureOfFactorAnalyzers model = model()) {
      Columns columns = Columns.of(model);
      assertThat(columns.mean()).containsExactly(1, 10);
      assertThat(columns.deviation()).containsExactly(Math.sqrt(2.5), Math.sqrt(6));
    }
  }

  @Test
  void thePageHearsOfColumnsAndReadingOptions() {
    try (MixtureOfFactorAnalyzers model = model();
        Explorer explorer =
            Explorer.open(
                Exploration.of("m.mfa", model)
                    .withData(StoredSamples.ofDoubles("folder/it.npy", 2, new double[8]), null)
                    .withReading(List.of("--layout", "nchw")),
                0)) {
      JsonNode node = Client.of(explorer).json("/api/model");
      assertThat(node.at("/columns/mean/1").asDouble()).isEqualTo(10);
      assertThat(node.at("/columns/deviation/0").asDouble()).isEqualTo(Math.sqrt(2.5));
      assertThat(node.get("reading"))
          .extracting(JsonNode::asText)
          .containsExactly("--layout", "nchw");
      assertThat(node.at("/data/name").asText()).isEqualTo("folder/it.npy");
    }
  }
}
