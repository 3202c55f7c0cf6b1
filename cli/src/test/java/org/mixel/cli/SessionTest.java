package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mixel.Progress;
import org.mixel.cli.Runs.Action;
import org.mixel.cli.Runs.Outcome;

/** With {@code --json} the standard output holds one document; what else is said goes elsewhere. */
class SessionTest {
  record Found(double meanLogLikelihood, double[] values, long seed) {}

  private static final Action FIND =
      session -> {
        session.note("half way");
        System.getLogger("org.mixel").log(System.Logger.Level.INFO, "{0} of {1} logged", 2, 3);
        try (Progress.Stage stage = session.progress().begin("find", 2)) {
          stage.advance(2);
        }
        double[] values = {1.5, Double.NaN, Double.NEGATIVE_INFINITY};
        return Answer.of(
            new Found(Double.NaN, values, session.seed()),
            TextTable.of("file", "ndb").row("a.npy", "0.25").row("b", "10").row("c", ""));
      };

  @Test
  void jsonIsOneDocumentOfPlainNumbers() throws Exception {
    Outcome outcome = Runs.run(FIND, "act", "--json", "--seed", "7");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err()).isEqualTo("note: half way\nnote: 2 of 3 logged\n");
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> documents =
        mapper.readerFor(JsonNode.class).<JsonNode>readValues(outcome.out()).readAll();
    assertThat(documents)
        .containsExactly(
            mapper.readTree(
                "{\"mean_log_likelihood\": null, \"values\": [1.5, null, null], \"seed\": 7}"));
    assertThat(outcome.out()).endsWith("}\n");
  }

  @Test
  void textIsATableWithNumbersToTheRight() {
    assertThat(Runs.run(FIND, "act").out())
        .isEqualTo("file    ndb\na.npy  0.25\nb        10\nc         -\n");
  }

  @Test
  void quietSaysNothingOnTheWay() {
    assertThat(Runs.run(FIND, "--quiet", "act").err()).isEmpty();
  }
}
