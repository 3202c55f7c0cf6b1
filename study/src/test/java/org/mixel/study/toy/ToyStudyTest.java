package org.mixel.study.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.neural.Began;
import org.mixel.neural.Dcgan;
import org.mixel.neural.Recipe;
import org.mixel.neural.Wgan;
import org.mixel.neural.WganGp;
import org.mixel.report.Block;
import org.mixel.study.stage.NetworkSetting;
import org.mixel.study.stage.StudyInterrupted;
import org.mixel.tensor.ComputeDevice;

/** The toy study writes all its figures, judges every model, and trains each only once. */
class ToyStudyTest {
  private static final List<Recipe> KINDS =
      List.of(new Dcgan(), new Wgan(), new WganGp(), new Began());

  @TempDir private Path folder;

  private final List<String> begun = new ArrayList<>();

  private List<Block.Table> run(int steps, Interruption interruption) {
    begun.clear();
    Progress progress =
        (name, count) -> {
          begun.add(name);
          return Progress.SILENT.begin(name, count);
        };
    ToyStudy.Options options =
        new ToyStudy.Options(
            400,
            300,
            8,
            3,
            KINDS.stream().map(k -> new NetworkSetting(k, steps, 16, 1e-3, 8, 2)).toList(),
            3);
    return ToyStudy.run(folder, options, "a test", ComputeDevice.CPU, interruption, progress);
  }

  @Test
  void figuresAreWrittenAndModelsTrainedOnce() throws Exception {
    try (Interruption interruption = Interruption.watch()) {
      List<Block.Table> tables = run(3, interruption);
      assertThat(tables).hasSize(1);
      assertThat(tables.get(0).rows().stream().map(row -> row.get(0)))
          .containsExactly("fresh data", "mfa", "dcgan", "wgan", "wgan-gp", "began");
      assertThat(begun).contains("EM", "training dcgan", "training began");
      assertThat(folder.resolve("data-bins.png")).isNotEmptyFile();
      assertThat(folder.resolve("mfa-components.png")).isNotEmptyFile();
      for (Recipe recipe : KINDS) {
        for (String what : List.of("samples", "proportions", "grid")) {
          assertThat(folder.resolve(recipe.kind() + "-" + what + ".png")).isNotEmptyFile();
        }
      }
      String page = Files.readString(folder.resolve("report.html"));
      assertThat(page)
          .contains("Figure 2: bins and samples of wgan-gp", "Figure 20: inside the models");
      assertThat(folder.resolve("report.md")).content().contains("| fresh data | 300 |");

      assertThat(run(3, interruption)).isEqualTo(tables);
      assertThat(begun).doesNotContain("EM").noneMatch(name -> name.startsWith("training"));
      assertThat(folder.resolve("report.html")).hasContent(page);

      run(4, interruption);
      assertThat(begun).doesNotContain("EM").contains("training dcgan");
    }
  }

  @Test
  void anInterruptedStudyGoesOn() {
    try (Interruption interruption = Interruption.watch()) {
      interruption.request();
      assertThatThrownBy(() -> run(3, interruption)).isInstanceOf(StudyInterrupted.class);
    }
    assertThat(folder.resolve("models/dcgan.net.checkpoint")).isRegularFile();
    try (Interruption interruption = Interruption.watch()) {
      assertThat(run(3, interruption)).hasSize(1);
    }
    assertThat(begun).doesNotContain("EM");
    assertThat(folder.resolve("models/dcgan.net.checkpoint")).doesNotExist();
  }
}
