package org.mixel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/** The images that the cases run on. */
final class Pictures {
  /** Where the studies' piece of CelebA lies beside a checkout, if anywhere. */
  private static final Path CELEBA = Path.of("..", "shared", "data", "celeba10k");

  private Pictures() {}

  /** The 60,000 training images of MNIST. */
  static Samples digits(Progress progress) {
    return DataSource.open("mnist", DataOptions.defaults(), progress);
  }

  /** The 10,000 test images of MNIST. */
  static Samples otherDigits(Progress progress) {
    return DataSource.open("mnist:test", DataOptions.defaults(), progress);
  }

  /**
   * 10,000 faces of CelebA, 64x64.
   *
   * @throws InputException if they are not there
   */
  static Samples faces(Progress progress) {
    if (!Files.isDirectory(CELEBA)) {
      throw new InputException("no images of CelebA in " + CELEBA);
    }
    try (Stream<Path> files = Files.list(CELEBA)) {
      Path archive =
          files
              .filter(file -> file.toString().endsWith(".zip"))
              .findFirst()
              .orElseThrow(() -> new InputException("no archive of CelebA in " + CELEBA));
      DataOptions crop = DataOptions.defaults().withCrop(DataOptions.Crop.parse("12,25,64,64"));
      return DataSource.open(archive.toString(), crop, progress);
    } catch (IOException e) {
      throw new InputException("cannot look for images of CelebA in " + CELEBA, e);
    }
  }
}
