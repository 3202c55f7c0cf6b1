package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;

/** Checkpoints are found and deleted, and nothing else is. */
class CheckpointsTest {
  private static final String PLAN = "roots|split-[0-9]+";

  @TempDir private Path home;
  private Path folder;
  private CheckpointFolder stages;
  private Checkpoints checkpoints;

  @BeforeEach
  void name() {
    checkpoints = Checkpoints.beside(home.resolve("digits.mfa"));
    folder = checkpoints.staged();
    stages = new CheckpointFolder(folder, true);
  }

  private Path make(String name) throws IOException {
    return Files.writeString(Files.createDirectories(folder).resolve(name), "");
  }

  @Test
  void lieBesideTheModel() {
    assertThat(checkpoints.single()).isEqualTo(home.resolve("digits.mfa.checkpoint"));
    assertThat(checkpoints.staged()).isEqualTo(home.resolve("digits.mfa.checkpoints"));
    assertThat(stages.file("split-3")).isEqualTo(folder.resolve("split-3.mfa"));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void thoseThatExistAreFound() throws IOException {
    assertThat(checkpoints.found()).isEmpty();
    make("notes.txt");
    make("roots.mfa.txt");
    make(".components-12.mfa.4321.tmp");
    assertThat(checkpoints.found()).isEmpty();
    make("roots.mfa");
    assertThat(checkpoints.found()).containsExactly(folder);
    Files.createFile(checkpoints.single());
    assertThat(checkpoints.found()).containsExactly(checkpoints.single(), folder);
  }

  @Test
  void areDeletedWithTheirFolder() throws IOException {
    Files.createFile(checkpoints.single());
    make("roots.mfa");
    make("split-0.mfa");
    make("components-12.mfa");
    make(".split-1.mfa.4321.tmp");
    checkpoints.delete();
    assertThat(home).isEmptyDirectory();
    assertThatCode(checkpoints::delete).doesNotThrowAnyException();
  }

  @Test
  void otherFilesStay() throws IOException {
    make("roots.mfa");
    Path notes = make("notes.txt");
    Path model = make("split-x.mfa");
    stages.delete();
    assertThat(folder).isDirectoryNotContaining("glob:**/roots.mfa");
    assertThat(notes).exists();
    assertThat(model).exists();
  }

  @Test
  void stagesOfAnotherPlanAreRefusedWhereATrainingResumes() throws IOException {
    assertThatCode(() -> stages.requireOnly(PLAN)).doesNotThrowAnyException();
    make("roots.mfa");
    make("split-0.mfa");
    make(".split-1.mfa.4321.tmp");
    make("notes.txt");
    assertThatCode(() -> stages.requireOnly(PLAN)).doesNotThrowAnyException();
    Path other = make("components-12.mfa");
    assertThatThrownBy(() -> stages.requireOnly(PLAN))
        .isInstanceOf(InputException.class)
        .hasMessage(
            other
                + ": of another training in several stages; use the options that it had, or begin"
                + " anew");
    assertThatCode(() -> new CheckpointFolder(folder, false).requireOnly(PLAN))
        .doesNotThrowAnyException();
  }

  @Test
  void aFileInThePlaceOfTheFolderIsNamed() throws IOException {
    Files.createFile(folder);
    assertThatThrownBy(() -> stages.file("roots"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("cannot make " + folder);
    assertThat(stages.holdsStages()).isFalse();
    assertThatCode(() -> stages.requireOnly(PLAN)).doesNotThrowAnyException();
    stages.delete();
    assertThat(folder).exists();
  }
}
