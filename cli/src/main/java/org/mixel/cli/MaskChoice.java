package org.mixel.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Mask;
import org.mixel.data.Samples;
import org.mixel.io.Masks;
import picocli.CommandLine.Option;

/** Which values of a command's data are hidden from it. */
final class MaskChoice {
  @Option(
      names = "--mask",
      paramLabel = "left|right|top|bottom|center|FILE.png|FILE.npy",
      description =
          "What is hidden: a part of the images, the bright pixels of a picture, or what is not zero"
              + " in an array for all rows or for each.")
  private @Nullable String mask;

  /** The option as the user wrote it; null without it. */
  @Nullable String text() {
    return mask;
  }

  /**
   * The hidden values of given rows, beside those that are missing in them.
   *
   * @param shape of the rows if they are images
   * @throws InputException if the mask cannot be read, or is not of these rows
   */
  Optional<Mask> of(Samples samples, Optional<ImageShape> shape) {
    return Optional.ofNullable(mask).map(text -> Masks.read(text, samples, shape));
  }

  /** The rows with NaN where the mask hides them, or as they are without one. */
  Samples apply(Samples samples) {
    return of(samples, samples.shape()).map(hidden -> samples.masked(hidden)).orElse(samples);
  }
}
