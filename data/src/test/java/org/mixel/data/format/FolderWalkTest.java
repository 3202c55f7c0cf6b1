package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.data.DataOptions;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/** Each image is read once, whatever links there are, and what is not read is told. */
class FolderWalkTest {
  private static final byte[] NOTHING = {1};

  @TempDir private Path folder;
  private final Notes notes = new Notes();

  @Test
  void filesThatAreNoImagesAreCountedByKind() throws IOException {
    write("a.png", ImageFilesTest.greyPng(2, 2, 5));
    for (String name :
        new String[] {"1.txt", "b/2.TXT", "b/3.txt", "4.heic", ".DS_Store", "README", "x.tar.gz"}) {
      write(name, NOTHING);
    }
    write(".git/objects/1.png", NOTHING);
    assertThat(open(folder).rows()).isEqualTo(1);
    assertThat(notes.told())
        .containsExactly(
            folder
                + ": 8 files left out (3 .txt, 2 hidden, 1 .gz, 1 .heic, 1 without ending): not"
                + " images that can be read");
  }

  @Test
  void archivesTellTheSame() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("faces/1.png", ImageFilesTest.greyPng(2, 2, 5));
    files.put("faces/labels.csv", NOTHING);
    Path zip = Files.write(folder.resolve("faces.zip"), ImageFilesTest.zip(files));
    Path tar = Files.write(folder.resolve("faces.tar"), ImageFilesTest.tar(files));
    for (Path archive : new Path[] {zip, tar}) {
      notes.told().clear();
      assertThat(open(archive).rows()).isEqualTo(1);
      assertThat(notes.told())
          .containsExactly(archive + ": 1 file left out (1 .csv): not images that can be read");
    }
  }

  @Test
  void withoutImagesTheErrorTellsWhatThereIs() throws IOException {
    write("1.heic", NOTHING);
    write("2.heic", NOTHING);
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(folder + ": holds no images (.png, .jpg")
        .hasMessageEndingWith("); 2 files left out (2 .heic)");
    assertThat(notes.told()).isEmpty();
  }

  @Test
  void linksInCirclesAreReadOnce() throws IOException {
    write("a/1.png", ImageFilesTest.greyPng(2, 2, 1));
    write("b/2.png", ImageFilesTest.greyPng(2, 2, 2));
    link("loop", Path.of("."));
    link("a/up", Path.of(".."));
    link("a/across", Path.of("../b"));
    link("b/across", Path.of("../a"));
    Samples samples = open(folder);
    assertThat(samples.rows()).isEqualTo(2);
    assertThat(notes.told())
        .containsExactly(folder + ": links to folders that are read already are passed over: 4");
  }

  @Test
  void linksToOtherPlacesAreFollowed() throws IOException {
    write("outside/deep/1.png", ImageFilesTest.greyPng(2, 2, 1));
    write("outside/2.png", ImageFilesTest.greyPng(2, 2, 2));
    Path set = Files.createDirectory(folder.resolve("set"));
    link("set/images", Path.of("../outside"));
    link("set/3.png", Path.of("../outside/2.png"));
    link("set/gone.png", Path.of("nowhere.png"));
    link("set/self.png", Path.of("self.png"));
    Samples samples = open(set);
    assertThat(samples.rows()).isEqualTo(3);
    assertThat(NpyFormatTest.pixels(samples, 0)).startsWith(2);
    assertThat(NpyFormatTest.pixels(samples, 1)).startsWith(2);
    assertThat(NpyFormatTest.pixels(samples, 2)).startsWith(1);
    assertThat(notes.told()).containsExactly(set + ": links to nothing are passed over: 2");
  }

  private Samples open(Path data) {
    return DataSource.open(data.toString(), DataOptions.defaults(), notes);
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private void link(String name, Path target) throws IOException {
    Files.createSymbolicLink(folder.resolve(name), target);
  }
}
