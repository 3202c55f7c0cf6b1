package org.mixel.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.HiddenValues;
import org.mixel.data.ImageShape;
import org.mixel.data.MaskedSamples;
import org.mixel.data.Samples;
import org.mixel.study.Mask;
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

  /** What the user wrote. */
  @Nullable String text() {
    return mask;
  }

  /**
   * What is hidden of given rows, beside what is missing in them.
   *
   * @param shape of the rows if they are images
   * @throws InputException if the mask cannot be read, or is not of these rows
   */
  Optional<HiddenValues> of(Samples samples, Optional<ImageShape> shape) {
    if (mask == null) {
      return Optional.empty();
    }
    if (mask.toLowerCase(Locale.ROOT).endsWith(".npy")) {
      return Optional.of(HiddenValues.read(Path.of(mask), samples));
    }
    ImageShape image =
        shape.orElseThrow(
            () ->
                new InputException(
                    "--mask "
                        + mask
                        + ": the rows of "
                        + samples.name()
                        + " are not images; give the mask as a .npy file"));
    return Optional.of(HiddenValues.except(Mask.observed(mask, image)));
  }

  /** The rows with NaN where the mask hides them, or as they are without one. */
  Samples apply(Samples samples) {
    return of(samples, samples.shape())
        .map(hidden -> (Samples) MaskedSamples.of(samples, hidden))
        .orElse(samples);
  }
}
