package org.mixel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failed write leaves what was there before and nothing beside it. */
class WholeFileTest {
  @TempDir private Path folder;

  @Test
  void aFailureKeepsTheOldFileAndLeavesNoPart() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    assertThatThrownBy(
            () ->
                WholeFile.write(
                    file,
                    part -> {
                      Files.writeString(part, "half");
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot write " + file + ": No space left on device");
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("a.txt");
  }

  @Test
  void foldersAreMadeAndLinksAreKept() throws IOException {
    Path real = folder.resolve("deep/er/b.txt");
    WholeFile.write(real, part -> Files.writeString(part, "one"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    WholeFile.write(link, part -> Files.writeString(part, "two"));
    assertThat(link).isSymbolicLink();
    assertThat(real).hasContent("two");
  }

  @Test
  void aDirectoryIsNotReplaced() {
    assertThatThrownBy(() -> WholeFile.write(folder, part -> Files.writeString(part, "x")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a directory");
  }

  @Test
  void aFileIsWrittenWhenTheProgramEndsAlready() throws Exception {
    Path file = folder.resolve("last.txt");
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Ending.class.getName(),
                file.toString())
            .inheritIO()
            .start();
    assertThat(program.waitFor()).isZero();
    assertThat(file).hasContent("words");
  }

  /** A program whose own shutdown hook is the first to write. */
  static final class Ending {
    private Ending() {}

    public static void main(String[] arguments) {
      Path file = Path.of(arguments[0]);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> WholeFile.write(file, part -> Files.writeString(part, "words"))));
    }
  }

  private Stream<String> names() throws IOException {
    return Files.list(folder).map(path -> path.getFileName().toString());
  }

  /** Of a file that is there already, and not written again. */
  @Test
  void whatAnEndedProcessLeftIsRemoved(@TempDir Path other) throws IOException {
    Path file = Files.writeString(other.resolve("kept"), "whole");
    Path left = Files.createFile(other.resolve(".kept.0123456789abcdef-2.lock"));
    Path another = Files.createFile(other.resolve(".else.0123456789abcdef-2.lock"));
    WholeFile.clean(file);
    assertThat(left).doesNotExist();
    assertThat(another).exists();
    assertThat(file).hasContent("whole");
  }
}
