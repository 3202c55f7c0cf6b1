package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mixel.cli.Runs.json;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.refused;
import static org.mixel.cli.Runs.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.cli.Runs.Outcome;

/** Commands reach the code behind them, and say in few words what they cannot do. */
class CommandsTest {
  @TempDir private Path folder;
  private ArrayFiles files;

  @BeforeEach
  void makeFiles() {
    files = new ArrayFiles(folder);
  }

  @Test
  void dataListTellsWhereSetsLie() throws Exception {
    JsonNode set = json("data", "list").get("sets").get(0);
    assertThat(set.get("name").asText()).isEqualTo("mnist");
    assertThat(Path.of(set.get("folder").asText())).isAbsolute();
    assertThat(mixel("data", "list").out()).startsWith("mnist (parts train, test)\n");
    assertThat(mixel("data", "get", "mnits").exitCode()).isEqualTo(2);
  }

  @Test
  void benchListsItsCases() throws Exception {
    JsonNode first = json("bench", "--list").get("cases").get(0);
    assertThat(first.get("name").asText()).isEqualTo("kmeans-mnist");
    assertThat(mixel("bench", "nothing").exitCode()).isEqualTo(2);
  }

  @Test
  void ndbToldApartSetsThatDiffer() throws Exception {
    String reference = files.normal("reference.npy", 1, 0);
    String same = files.normal("same.npy", 2, 0);
    String moved = files.normal("moved.npy", 3, 1);
    String saved = folder.resolve("bins.safetensors").toString();
    JsonNode document =
        json("ndb", reference, same, moved, "--bins", "5,10", "--seed", "3", "--save-bins", saved);
    assertThat(document.get("reference").get("rows").asInt()).isEqualTo(400);
    List<Integer> different = new ArrayList<>();
    for (JsonNode result : document.get("results")) {
      assertThat(result.get("seed").asInt()).isEqualTo(3);
      assertThat(result.get("proportions")).hasSize(result.get("bins").asInt());
      different.add(result.get("ndb").asInt());
    }
    assertThat(different.get(0) + different.get(1)).isLessThan(4);
    assertThat(different.get(2)).isGreaterThan(2);
    Outcome again =
        mixel("ndb", reference, moved, "--bins", "5,10", "--seed", "3", "--bins-file", saved);
    assertThat(again.out().lines().skip(1).takeWhile(line -> !line.isEmpty()))
        .hasSize(2)
        .allMatch(line -> line.startsWith(moved));
    assertThat(again.out()).contains("p of all at once");
  }

  @Test
  void quietIsQuietAndNotesAreNoErrors() throws Exception {
    String images = files.stripes("images.npy");
    String model = folder.resolve("m.mfa").toString();
    // Far more components than stripes: most lose their rows.
    String[] fit = {"fit", images, "-o", model, "--components", "60", "--factors", "1"};
    fit = with(fit, "--noise-prior", "0", "--init", "random", "--iterations", "2");
    assertThat(mixel(with(fit, "--trainer", "em")).err().lines())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("note: "))
        .anyMatch(line -> line.contains("of 60 components lost their rows"));
    assertThat(mixel(with(fit, "--trainer", "em", "--quiet")).err()).isEmpty();
  }

  @Test
  void unusableFilesEndWithOneLineAndTwo() throws Exception {
    String text = Files.writeString(folder.resolve("x.mfa"), "no model").toString();
    Outcome outcome = mixel("score", text, files.stripes("images.npy"));
    refused(text, outcome);
    assertThat(outcome.err()).startsWith("mixel: " + text);
    assertThat(mixel("fit", "nowhere.npy", "-o", text).err())
        .startsWith("mixel: nowhere.npy: no such file or folder")
        .hasLineCount(1);
  }
}
