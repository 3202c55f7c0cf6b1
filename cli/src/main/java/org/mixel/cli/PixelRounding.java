package org.mixel.cli;

import static org.mixel.InputException.require;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.mixel.data.Samples;
import org.mixel.data.ValueRange;
import org.mixel.data.ValueRange.Scale;
import org.mixel.ndb.Ndb;
import picocli.CommandLine.Option;

/** Whether images are compared as image files would keep them: clipped, and rounded to 8 bits. */
final class PixelRounding {
  @Option(
      names = "--quantize",
      description =
          "Clip the pixels of sets of floats to [0, 1] and round them to 8 bits first, as figures"
              + " published from image files were made.")
  private boolean quantize;

  /**
   * The sets as they are compared.
   *
   * @param sets the reference first
   * @param features whether arrays of features are compared, and no pixels
   * @throws org.mixel.InputException if rows are no images, or pixels are of another scale
   */
  List<Samples> of(List<Samples> sets, boolean features) {
    if (!quantize) {
      return sets;
    }
    Samples reference = sets.get(0);
    require(
        !features && !reference.areVectors(),
        features
            ? "--quantize is for pixels, but --features compares arrays; give one of the two"
            : "--quantize is for images, but %s holds rows of numbers; leave it out"
                .formatted(reference.name()));
    for (Samples set : sets) {
      if (set.type().isFloat()) {
        Ndb.requireUsable("set", set, set);
        Optional<Scale> scale = ValueRange.of(set).map(ValueRange::scale);
        require(
            scale.isEmpty() || (scale.get() != Scale.BYTES && scale.get() != Scale.SIGNED),
            "--quantize clips to 0 to 1, but %s has pixels from %s; scale them to 0 to 1"
                .formatted(set.name(), scale.map(Scale::toString).orElse("")));
      }
    }
    return sets.stream().map(Samples::quantized).toList();
  }

  /**
   * A remark on the sets that were rounded, if that was asked for.
   *
   * @param sets as they were given
   */
  Optional<String> note(List<Samples> sets) {
    List<String> rounded = rounded(sets);
    return quantize && !rounded.isEmpty()
        ? Optional.of(
            "pixels were clipped to [0, 1] and rounded to 8 bits (--quantize): "
                + String.join(", ", rounded))
        : Optional.empty();
  }

  /** Names the sets that were rounded, if that was asked for. */
  void describe(List<Samples> sets, ObjectNode document) {
    if (quantize) {
      rounded(sets).forEach(document.putArray("quantized")::add);
    }
  }

  private static List<String> rounded(List<Samples> sets) {
    return sets.stream().filter(set -> set.type().isFloat()).map(Samples::name).toList();
  }
}
