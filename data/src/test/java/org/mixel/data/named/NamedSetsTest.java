package org.mixel.data.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.Samples;
import org.mixel.data.format.ReadRequest;

/** Names are understood, the registry is sound, and CelebA's list decides its parts. */
class NamedSetsTest {
  @TempDir Path folder;

  @Test
  void names() {
    assertThat(NamedSets.list())
        .extracting(NamedSet::name)
        .containsExactly("mnist", "cifar10", "svhn", "celeba");
    assertThat(NamedSets.isName("mnist")).isTrue();
    assertThat(NamedSets.isName("mnist:test")).isTrue();
    assertThat(NamedSets.isName("mnist.npy")).isFalse();
    assertThat(NamedSets.isName("./mnist")).isFalse();
    assertThatThrownBy(() -> NamedSets.get("mnist:tset", Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessage("mnist has the parts train and test, not 'tset'");
    assertThatThrownBy(() -> NamedSets.labels("imagenet", Progress.SILENT))
        .hasMessage("no data set is called 'imagenet'; there are mnist, cifar10, svhn, celeba");
  }

  @Test
  void everyFileCanBeCheckedAndBelongsToAPart() {
    for (NamedSet set : NamedSets.list()) {
      for (SetFile file : set.files()) {
        int digits = file.checksum().algorithm().equals("MD5") ? 32 : 64;
        assertThat(file.checksum().hex()).matches("[0-9a-f]{" + digits + "}");
        assertThat(file.bytes()).isPositive();
        assertThat(NamedSet.PARTS).anyMatch(part -> set.files(part).contains(file));
      }
      assertThat(set.licence()).isNotBlank();
    }
  }

  @Test
  void theListDecidesTheParts() throws IOException {
    Files.writeString(
        folder.resolve("list_eval_partition.txt"),
        "000001.jpg 0\r\n000002.jpg 1\r\n000003.jpg 2\r\n000004.jpg 0\r\n");
    try (OutputStream file = Files.newOutputStream(folder.resolve("img_align_celeba.zip"));
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (int i = 1; i <= 4; i++) {
        zip.putNextEntry(new ZipEntry("img_align_celeba/00000" + i + ".jpg"));
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, i);
        ImageIO.write(image, "png", zip);
      }
    }
    assertThat(blues("train")).containsExactly(1f, 4f);
    assertThat(blues("test")).containsExactly(3f);
    Files.writeString(folder.resolve("list_eval_partition.txt"), "000001.jpg 0\nrubbish\n");
    assertThatThrownBy(() -> blues("test"))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("list_eval_partition.txt: line 2 is not a file name and a part");
    assertThatThrownBy(() -> CelebA.SET.labels(folder, "test"))
        .isInstanceOf(InputException.class)
        .hasMessage("celeba has no classes; give `labels` FILE");
  }

  private List<Float> blues(String part) {
    Samples samples =
        CelebA.SET.read(
            folder, part, new ReadRequest("celeba", DataOptions.defaults(), Progress.SILENT));
    return IntStream.range(0, samples.rows()).mapToObj(row -> samples.row(row)[2] * 255).toList();
  }
}
