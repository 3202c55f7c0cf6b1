package org.mixel.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mixel.data.Samples;
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

  /** Seconds since 1970, of which a float32 keeps every 128th: two components 100 s apart. */
  @Test
  void largeColumnsOfDoublesKeepTheirDigits() {
    double now = 1.7e9 + 40;
    double[] seconds = {now + 3, now - 7, now + 90, now + 105};
    Samples data = StoredSamples.ofDoubles("seconds", 1, seconds);
    try (MixtureOfFactorAnalyzers model =
            MixtureOfFactorAnalyzers.of(
                Tensors.of(new double[2], 2),
                Tensors.of(new double[] {now, now + 100}, 2, 1),
                Tensors.of(new double[] {1, 1}, 2, 1, 1),
                Tensors.of(new double[] {35, 35}, 2, 1),
                null,
                Map.of());
        Explorer explorer = Explorer.open(Exploration.of("m.mfa", model).withData(data, null), 0)) {
      assertThat(Columns.of(model).deviation()[0]).isCloseTo(Math.sqrt(2536), within(1e-6));
      double[] expected = model.logLikelihood(data);
      Client client = Client.of(explorer);
      for (int row = 0; row < seconds.length; row++) {
        JsonNode node = client.json("/api/rows/" + row);
        assertThat(node.get("log_likelihood").asDouble()).isCloseTo(expected[row], within(1e-6));
        assertThat(node.at("/nearest_components/0/component").asInt()).isEqualTo(row / 2);
        assertThat(node.at("/nearest_components/0/distance").asDouble())
            .isCloseTo(Math.abs(seconds[row] - (row < 2 ? now : now + 100)), within(1e-6));
      }
      assertThat(client.json("/api/rows/0").at("/nearest_rows/0/distance").asDouble())
          .isCloseTo(10, within(1e-6));
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
