package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.cli.Runs.json;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.Progress;
import org.mixel.cli.Runs.Outcome;
import org.mixel.data.DataOptions;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.io.DataSource;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.training.Checkpoints;
import org.mixel.mfa.training.ComponentSweep;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.tensor.ComputeDevice;

/** The page of {@code fit --report} comes with every kind of training, and after a resumed one. */
class FitReportTest {
  private static final ImageShape SHAPE = new ImageShape(1, 4, 4);

  @TempDir private Path folder;
  private String data;
  private String held;
  private Path model;
  private Path page;

  @BeforeEach
  void writeRows() {
    data = write("data.npy", SHAPE, 300, 1);
    held = write("held.npy", SHAPE, 80, 2);
    model = folder.resolve("m");
    page = folder.resolve("page.html");
  }

  private String write(String name, @Nullable ImageShape shape, int rows, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * 16];
    for (int i = 0; i < values.length; i++) {
      boolean bright = i % 16 % 3 == i / 16 % 3;
      values[i] = (float) ((bright ? 0.8 : 0.2) + 0.05 * random.nextGaussian());
    }
    Path file = folder.resolve(name);
    SampleWriter.write(file, StoredSamples.ofFloats(name, 16, shape, values));
    return file.toString();
  }

  private Outcome fit(String rows, String components, String... more) {
    String[] fit = {
      "fit",
      rows,
      "-o",
      model.toString(),
      "--components",
      components,
      "--factors",
      "1",
      "--iterations",
      "4",
      "--tolerance",
      "0",
      "--json"
    };
    return mixel(with(fit, more));
  }

  /** Refused before there is a model. */
  private void refused(String because, Outcome outcome) {
    Runs.refused(because, outcome);
    assertThat(model).doesNotExist();
  }

  /** The page without its last column, seconds, which no two runs share. */
  private String pageWithoutSeconds() throws IOException {
    return Files.readString(page).replaceAll("<td class=\"number\">[0-9.]+</td></tr>", "");
  }

  @Test
  void theErrorIsThatOfReconstruct() throws IOException {
    JsonNode document = json(fit(data, "1,3", "--validation", held, "--report", page.toString()));
    String out = folder.resolve("r.npy").toString();
    JsonNode reconstructed = json("reconstruct", model.toString(), held, "-o", out);
    JsonNode settings = document.get("settings");
    assertThat(settings.get(1).get("reconstruction_error").asDouble())
        .isCloseTo(reconstructed.get("mean_squared_error").asDouble(), within(1e-9))
        .isLessThan(settings.get(0).get("reconstruction_error").asDouble());
    assertThat(Files.readString(page))
        .contains("Of 2 numbers of components, 3 is kept")
        .contains("Made by mixel fit: trainer em, seed 0.")
        .contains(
            ">K = 3: %.4f<".formatted(settings.get(1).get("reconstruction_error").asDouble()));
  }

  @Test
  void vectorsHaveNoError() throws IOException {
    String vectors = write("vectors.npy", null, 300, 1);
    JsonNode document =
        json(fit(vectors, "1,3", "--validation", vectors, "--report", page.toString()));
    assertThat(document.get("settings").get(0).get("reconstruction_error").isNull()).isTrue();
    assertThat(page).content().contains("numbers of components").doesNotContain("Reconstructions");
  }

  @Test
  void aResumedSweepHasTheSamePage() throws IOException {
    String[] options = {"--validation", held, "--report", page.toString()};
    json(fit(data, "1,3", options));
    String whole = pageWithoutSeconds();
    Files.delete(model);
    Files.delete(page);
    Samples rows = DataSource.open(data, DataOptions.defaults(), Progress.SILENT);
    Samples validation = DataSource.open(held, DataOptions.defaults(), Progress.SILENT);
    TrainingOptions training = TrainingOptions.defaults(3, 1).withTolerance(0).withIterations(4);
    ComponentSweep interrupted =
        ComponentSweep.of(training, List.of(1, 3), ComputeDevice.CPU)
            .checkpointedIn(Checkpoints.beside(model).staged(), false)
            .shownTo(
                (setting, mixture) -> {
                  throw new IllegalStateException("crash");
                });
    assertThatThrownBy(() -> interrupted.fit(rows, validation, Progress.SILENT))
        .hasMessage("crash");
    json(fit(data, "1,3", with(options, "--resume")));
    assertThat(pageWithoutSeconds()).isEqualTo(whole);
  }

  @Test
  void oneNumberAndRootsHaveAPageToo() throws IOException {
    assertThat(json(fit(data, "3", "--report", page.toString())).get("settings").isNull()).isTrue();
    assertThat(page).content().contains("With K = 3, the mean", "12 training images");
    String[] roots = {"--hierarchical", "2", "--test", held, "--report", page.toString()};
    json(fit(data, "4", roots));
    assertThat(page).content().contains("12 test images", "per pixel of 80 such images");
  }

  @Test
  void aPageThatCannotBeWrittenIsRefusedBeforeTheWork() throws IOException {
    refused("written as .html or .htm", fit(data, "2", "--report", folder.resolve("p.png") + ""));
    Path input = Files.copy(Path.of(held), folder.resolve("held.html"));
    refused("is an input", fit(data, "2", "--test", input.toString(), "--report", input + ""));
    Path directory = Files.createDirectory(folder.resolve("d.html"));
    refused("is a directory", fit(data, "2", "--report", directory.toString()));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aPageThatFailedLeavesTheTrainingToResume() throws IOException {
    String[] options = {"--validation", held, "--report", "/dev/full"};
    Outcome full = fit(data, "1,3", options);
    assertThat(full.exitCode()).isEqualTo(1);
    assertThat(full.err()).contains("cannot write /dev/full");
    options[3] = page.toString();
    json(fit(data, "1,3", with(options, "--resume")));
    assertThat(page).exists();
    assertThat(Checkpoints.beside(model).found()).isEmpty();
  }
}
