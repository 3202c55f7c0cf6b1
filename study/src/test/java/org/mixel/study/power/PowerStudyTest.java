package org.mixel.study.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.evaluation.Measure;
import org.mixel.report.Block;
import org.mixel.study.power.PowerTable.Share;
import org.mixel.study.stage.StudyInterrupted;
import org.mixel.tensor.ComputeDevice;

/** The study counts what figures find, keeps each repetition, and computes only what is missing. */
class PowerStudyTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PowerStudy.Options OPTIONS =
      PowerStudy.Options.quick()
          .withData(List.of("gaussians"), DataOptions.defaults(), null)
          .withRows(List.of(300))
          .withRepetitions(2)
          .withMeasures(Set.of(Measure.MMD, Measure.PRECISION))
          .withSeed(3);

  @TempDir private Path folder;

  private List<Block.Table> run(PowerStudy.Options options) {
    try (Interruption interruption = Interruption.watch()) {
      return run(options, interruption);
    }
  }

  private List<Block.Table> run(PowerStudy.Options options, Interruption interruption) {
    return PowerStudy.run(
        folder, options, "a test", ComputeDevice.CPU, interruption, Progress.SILENT);
  }

  private Path record(int repetition) {
    return folder.resolve("power/gaussians-300/" + repetition + ".json");
  }

  private JsonNode read(Path file) throws IOException {
    return JSON.readTree(Files.readAllBytes(file));
  }

  @Test
  void repetitionsAreKeptAndOnlyWhatIsMissingIsComputed() throws Exception {
    List<Block.Table> tables = run(OPTIONS);
    assertThat(tables).hasSize(1);
    assertThat(tables.get(0).columns().stream().map(Block.Column::heading))
        .containsExactly("Fault", "mmd", "mmdagg", "precision", "verdict");
    assertThat(tables.get(0).rows()).hasSize(20);
    assertThat(tables.get(0).rows().get(2))
        .containsSequence("2 of 10 classes lost", "1.00", "1.00");
    assertThat(tables.get(0).rows().get(19).get(0)).isEqualTo("samples of a mixture");
    JsonNode first = read(folder.resolve("power.json")).get("tables").get(0);
    assertThat(first.get("data").asText()).isEqualTo("gaussians");
    assertThat(first.get("rows").asInt()).isEqualTo(300);
    JsonNode lost = first.get("faults").get(2);
    assertThat(lost.get("fault").asText()).isEqualTo("2 of 10 classes lost");
    assertThat(lost.get("figures").get("mmd"))
        .isEqualTo(JSON.readTree("{\"found\": 1.0, \"repetitions\": 2}"));

    byte[] kept = Files.readAllBytes(record(0));
    Files.delete(record(1));
    assertThat(run(OPTIONS)).isEqualTo(tables);
    assertThat(record(0)).hasBinaryContent(kept);

    run(OPTIONS.withRepetitions(1).withMeasures(Set.of(Measure.MMD, Measure.FRECHET)));
    JsonNode before = JSON.readTree(kept).get("faults");
    JsonNode after = read(record(0)).get("faults");
    for (Map.Entry<String, JsonNode> fault : before.properties()) {
      JsonNode p = after.get(fault.getKey()).get("p");
      assertThat(p.get("frechet").asDouble()).isBetween(0.0, 1.0);
      assertThat(p.get("mmd")).isEqualTo(fault.getValue().get("p").get("mmd"));
    }

    Path model = folder.resolve("models/gaussians/mfa.mfa");
    PowerStudy.Options more = OPTIONS.withModels(List.of(model)).withRepetitions(1);
    List<List<String>> rows = run(more.withMeasures(Set.of(Measure.MMD))).get(0).rows();
    assertThat(rows).hasSize(21);
    assertThat(rows.get(20).get(0)).isEqualTo("samples of mfa.mfa");

    run(OPTIONS.withRepetitions(1).withMeasures(Set.of(Measure.MMD)).withSeed(4));
    assertThat(read(record(0)).get("setting").asText()).contains("seed 4");
  }

  @Test
  void aVerdictGoesByAllFiguresOfItsRecord() {
    PowerRecord record = PowerRecord.of(folder.resolve("0.json"), "a setting");
    record.add("blurred", Set.of("mmd", "c2st"), Map.of("mmd", 0.5), OptionalDouble.of(0.4));
    assertThat(record.p("blurred")).isEqualTo(Map.of("mmd", 0.5, "verdict", 0.4));
    record.add("blurred", Set.of("mmd"), Map.of("mmd", 0.5), OptionalDouble.of(0.5));
    assertThat(record.p("blurred")).containsEntry("verdict", 0.4);
    record.add("blurred", Set.of("frechet"), Map.of("frechet", 0.1), OptionalDouble.of(0.1));
    assertThat(record.p("blurred")).isEqualTo(Map.of("mmd", 0.5, "frechet", 0.1));
    record.add("blurred", Set.of("mmd", "c2st", "frechet"), Map.of(), OptionalDouble.of(0.2));
    assertThat(record.p("blurred")).containsEntry("verdict", 0.2);
  }

  @Test
  void anInterruptedStudyEndsAndKeepsWhatItHas() {
    try (Interruption interruption = Interruption.watch()) {
      interruption.request();
      assertThatThrownBy(() -> run(OPTIONS, interruption)).isInstanceOf(StudyInterrupted.class);
    }
    assertThat(folder.resolve("models/gaussians/mfa.mfa")).exists();
    assertThat(folder.resolve("report.html")).doesNotExist();
  }

  @Test
  void sharesCountWhatIsAtMostTheLevel() {
    Share share = new Share(0, 0).plus(0.05).plus(0.0501).plus(0.01).plus(1);
    assertThat(share).isEqualTo(new Share(2, 4));
    assertThat(share.value()).isEqualTo(0.5);
  }

  @Test
  void thePageSaysWhereNdbIsBlindAndWhatToUse() {
    Map<String, Map<String, Share>> found = new LinkedHashMap<>();
    found.put("none: equal sets", Map.of("ndb-100", new Share(0, 10), "mmd", new Share(9, 10)));
    found.put(
        "narrow",
        Map.of("ndb-100", new Share(4, 10), "density", new Share(9, 10), "mmd", new Share(8, 10)));
    found.put("seen", Map.of("ndb-100", new Share(5, 10), "mmd", new Share(10, 10)));
    found.put("hidden", Map.of("ndb-100", new Share(0, 10), "mmd", new Share(7, 10)));
    found.put("blurred", Map.of("ndb-100", new Share(0, 10), "sharpness", new Share(10, 10)));
    assertThat(PowerPage.blindness(new PowerTable("x", 300, found)))
        .isEqualTo(
            "NDB is blind to these faults: it finds them in less than half of the repetitions,"
                + " another figure in four fifths or more. Instead, use density for narrow; use sharpness for blurred. Neither NDB nor any other figure mostly"
                + " finds: hidden.");
  }

  @Test
  void argumentsTellHowDataAreRead() {
    DataOptions small = DataOptions.defaults().withSize(new DataOptions.Size(32, 32));
    assertThat(OPTIONS.withData(List.of("faces.zip"), small, null).arguments())
        .startsWith("--data faces.zip ")
        .contains(" --size 32x32");
    assertThat(OPTIONS.arguments()).doesNotContain("--size");
  }

  @Test
  void unusableOptionsAreOneLine() {
    assertThatThrownBy(() -> OPTIONS.withRows(List.of(300, 199)))
        .isInstanceOf(InputException.class)
        .hasMessage("`rows` must be at least 200, got [300, 199]");
    assertThatThrownBy(() -> OPTIONS.withRepetitions(0))
        .hasMessage("`repetitions` must be at least 1, got 0");
    assertThatThrownBy(() -> OPTIONS.withData(List.of("a", "a"), DataOptions.defaults(), null))
        .hasMessage("`data` names a set twice: [a, a]");
    assertThatThrownBy(
            () -> OPTIONS.withData(List.of("a", "b"), DataOptions.defaults(), Path.of("c")))
        .hasMessage("`labels` are those of one set; `data` names 2");
    assertThatThrownBy(() -> run(OPTIONS.withMeasures(Set.of(Measure.SHARPNESS))))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "sharpness needs images, and gaussians are rows of numbers; name other `metrics`");
    Path none = folder.resolve("none.net");
    assertThatThrownBy(() -> run(OPTIONS.withModels(List.of(none))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("none.net");
  }
}
