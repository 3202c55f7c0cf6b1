package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.Progress;
import org.mixel.data.RowSampler;
import org.mixel.tensor.ComputeDevice;

/** The log is the same table in both files, and goes on after an interruption without a seam. */
@ExtendWith(OneThread.class)
class MetricsLogTest {
  private static final List<String> COLUMNS = List.of("loss", "score");

  @TempDir Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void place() {
    model = folder.resolve("m");
  }

  private List<String> json() throws Exception {
    return Files.readAllLines(folder.resolve("m.metrics.jsonl"));
  }

  private List<String> csv() throws Exception {
    return Files.readAllLines(folder.resolve("m.metrics.csv"));
  }

  @Test
  void linesAreThereAtOnceAndGapsAreEmpty() throws Exception {
    try (MetricsLog log = MetricsLog.open(model, COLUMNS, 0)) {
      log.write(1, Map.of("loss", 0.5));
      assertThat(json()).containsExactly("{\"step\":1,\"loss\":0.5}");
      log.write(2, Map.of("score", 1e-9));
      log.write(3, Map.of("loss", Double.NaN));
    }
    assertThat(json())
        .containsExactly(
            "{\"step\":1,\"loss\":0.5}",
            "{\"step\":2,\"score\":1.0E-9}",
            "{\"step\":3,\"loss\":null}");
    assertThat(csv()).containsExactly("step,loss,score", "1,0.5,", "2,,1.0E-9", "3,,");
  }

  @Test
  void whatWillBeWrittenAgainIsDroppedAsIsALineThatWasCutOff() throws Exception {
    Files.writeString(
        folder.resolve("m.metrics.jsonl"),
        "{\"step\":2,\"loss\":1.5}\n{\"step\":4,\"loss\":2.5}\n{\"step\":6,\"loss\":3.5}\n{\"st");
    try (MetricsLog log = MetricsLog.open(model, COLUMNS, 4)) {
      log.write(6, Map.of("loss", 9.0));
    }
    assertThat(json())
        .containsExactly(
            "{\"step\":2,\"loss\":1.5}", "{\"step\":4,\"loss\":2.5}", "{\"step\":6,\"loss\":9.0}");
    assertThat(csv()).containsExactly("step,loss,score", "2,1.5,", "4,2.5,", "6,9.0,");
    MetricsLog.open(model, COLUMNS, 0).close();
    assertThat(json()).isEmpty();
    assertThat(csv()).containsExactly("step,loss,score");
  }

  /** NDB/K and the distance of the histograms beside the losses, at the steps asked for. */
  @Test
  void evaluationsAreLogged() throws Exception {
    TinyTraining tiny = TinyTraining.of(new WganGp(), false);
    Evaluation.Options options = Evaluation.Options.defaults().withBins(List.of(4)).withRows(60);
    tiny.train(
            TinyTraining.points(400),
            tiny.options(4),
            trainer ->
                trainer
                    .on(new Schedule(1, 0, 2, 0))
                    .beside(model, false)
                    .evaluatedBy(
                        new Evaluation(TinyTraining.points(400), options, ComputeDevice.CPU, null)),
            Integer.MAX_VALUE)
        .close();
    assertThat(csv().get(0))
        .isEqualTo("step,critic_loss,generator_loss,steps_per_second,ndb_over_k_4,js_4");
    assertThat(csv()).hasSize(5);
    for (int step = 1; step <= 4; step++) {
      String line = csv().get(step);
      if (step % 2 == 0) {
        String[] fields = line.split(",", -1);
        assertThat(Double.parseDouble(fields[4])).isBetween(0.0, 1.0);
        assertThat(Double.parseDouble(fields[5])).isBetween(0.0, Math.log(2));
      } else {
        assertThat(line).endsWith(",,");
      }
    }
  }

  /** What chooses among the states of a training is no test of the one that was chosen. */
  @Test
  void evaluationsDrawOtherSamplesThanTheFinishedModel() throws Exception {
    TinyTraining tiny = TinyTraining.of(new WganGp(), false);
    NetworkOptions options = tiny.options(2);
    Evaluation evaluation =
        new Evaluation(
            TinyTraining.points(400),
            Evaluation.Options.defaults().withBins(List.of(4)).withRows(60),
            ComputeDevice.CPU,
            null);
    try (TrainedNetwork trained =
            tiny.train(
                TinyTraining.points(400),
                options,
                trainer ->
                    trainer
                        .on(new Schedule(1, 0, 2, 0))
                        .beside(model, false)
                        .evaluatedBy(evaluation),
                Integer.MAX_VALUE);
        RowSampler finished = trained.sampler(options.seed())) {
      double logged = Double.parseDouble(csv().get(2).split(",", -1)[5]);
      assertThat(evaluation.of(finished, Progress.SILENT).get("js_4"))
          .isNotNull()
          .isNotCloseTo(logged, within(1e-9));
    }
  }

  @Test
  void halfALineIsDroppedAndWrittenAgain() throws IOException {
    Path model = folder.resolve("g.net");
    Path json = folder.resolve("g.net.metrics.jsonl");
    Path csv = folder.resolve("g.net.metrics.csv");
    try (MetricsLog log = MetricsLog.open(model, List.of("loss"), 0)) {
      log.write(1, Map.of("loss", 0.5));
      log.write(2, Map.of("loss", 0.25));
    }
    byte[] wholeJson = Files.readAllBytes(json);
    byte[] wholeCsv = Files.readAllBytes(csv);
    Files.write(json, Arrays.copyOf(wholeJson, wholeJson.length - 4));
    Files.write(csv, Arrays.copyOf(wholeCsv, wholeCsv.length - 4));
    assertThat(MetricsLog.read(model)).containsExactly(Map.of("step", 1.0, "loss", 0.5));
    try (MetricsLog log = MetricsLog.open(model, List.of("loss"), 2)) {
      assertThat(csv).hasContent("step,loss\n1,0.5");
      log.write(2, Map.of("loss", 0.25));
    }
    assertThat(json).hasBinaryContent(wholeJson);
    assertThat(csv).hasBinaryContent(wholeCsv);
  }
}
