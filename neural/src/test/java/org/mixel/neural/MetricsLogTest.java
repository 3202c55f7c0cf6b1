package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log whose last line was cut off by a kill or a full disk goes on as if it had never begun it. */
class MetricsLogTest {
  private static final List<String> COLUMNS = List.of("loss");

  @TempDir private Path folder;

  @Test
  void halfALineIsDroppedAndWrittenAgain() throws IOException {
    Path model = folder.resolve("g.net");
    Path json = folder.resolve("g.net.metrics.jsonl");
    Path csv = folder.resolve("g.net.metrics.csv");
    try (MetricsLog log = MetricsLog.open(model, COLUMNS, 0)) {
      log.write(1, Map.of("loss", 0.5));
      log.write(2, Map.of("loss", 0.25));
    }
    byte[] wholeJson = Files.readAllBytes(json);
    byte[] wholeCsv = Files.readAllBytes(csv);
    Files.write(json, Arrays.copyOf(wholeJson, wholeJson.length - 4));
    Files.write(csv, Arrays.copyOf(wholeCsv, wholeCsv.length - 4));
    assertThat(MetricsLog.read(model)).containsExactly(Map.of("step", 1.0, "loss", 0.5));
    try (MetricsLog log = MetricsLog.open(model, COLUMNS, 2)) {
      assertThat(csv).hasContent("step,loss\n1,0.5");
      log.write(2, Map.of("loss", 0.25));
    }
    assertThat(json).hasBinaryContent(wholeJson);
    assertThat(csv).hasBinaryContent(wholeCsv);
  }
}
