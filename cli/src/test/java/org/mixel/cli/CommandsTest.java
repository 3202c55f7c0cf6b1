package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.cli.Runs.Outcome;
import picocli.CommandLine;

/** Each command reaches the code behind it, and its document has the promised fields. */
class CommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void everyCommandExplainsItself() {
    CommandLine line = new Mixel(new ByteArrayOutputStream(), System.err).commandLine();
    for (String name : line.getSubcommands().keySet()) {
      Outcome help = mixel(name, "--help");
      assertThat(help.exitCode()).isZero();
      assertThat(help.out()).contains("Usage: mixel " + name).contains("--json", "--seed");
    }
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
    String reference = normal("reference.npy", 1, 0);
    String same = normal("same.npy", 2, 0);
    String moved = normal("moved.npy", 3, 1);
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
    assertThat(again.out().lines().skip(1)).hasSize(2).allMatch(line -> line.startsWith(moved));
  }

  private JsonNode json(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("--json"));
    all.addAll(List.of(arguments));
    Outcome outcome = mixel(all.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return JSON.readTree(outcome.out());
  }

  private static Outcome mixel(String... arguments) {
    return Runs.run(session -> Answer.of("", ""), arguments);
  }

  /** A NumPy file of 400 points in the plane around (center, center). */
  private String normal(String name, long seed, double center) throws IOException {
    Random random = new Random(seed);
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (400, 2), }";
    header = header + " ".repeat(117 - header.length()) + "\n";
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + header.length() + 3200).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) 1).put((byte) 0).putShort((short) header.length());
    bytes.put(header.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 800; i++) {
      bytes.putFloat((float) (center + random.nextGaussian()));
    }
    return Files.write(folder.resolve(name), bytes.array()).toString();
  }
}
