package org.mixel.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.data.ValueRange;
import org.mixel.data.ValueRange.Scale;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/**
 * Warnings about values that make figures meaningless, in sentences without a full stop. Only a
 * bounded part of each set is read.
 */
public final class ValueNotes {
  /** Most components whose means are read. */
  private static final int COMPONENTS = 64;

  /** Deviations this many times below the noise are lost in it. */
  private static final double FAR_BELOW = 10;

  private ValueNotes() {}

  /**
   * Whether sets have values on another scale than the one that they are compared with.
   *
   * @param known the reference
   * @param others the sets that are compared with it
   */
  public static List<String> ofScales(Samples known, List<Samples> others) {
    Optional<ValueRange> expected = ValueRange.of(known);
    List<String> notes = new ArrayList<>();
    for (Samples other : others) {
      Optional<ValueRange> actual = expected.flatMap(range -> ValueRange.of(other));
      boolean images = arePixels(known) || arePixels(other);
      if (actual.isPresent() && differ(expected.get(), actual.get(), images)) {
        notes.add(
            "%s has values %s, %s %s: the figures tell the scale and little else; %s"
                .formatted(
                    other.name(),
                    text(actual.get()),
                    known.name(),
                    text(expected.get()),
                    remedy(other.name(), actual.get(), known.name(), expected.get())));
      }
    }
    return notes;
  }

  /** Whether rows have values on another scale than those that a model was trained on. */
  public static Optional<String> ofModel(MixtureOfFactorAnalyzers model, Samples rows) {
    Optional<ValueRange> expected = ValueRange.of(means(model));
    Optional<ValueRange> actual = ValueRange.of(rows);
    boolean images = arePixels(rows) || model.shape().isPresent();
    if (expected.isEmpty() || actual.isEmpty() || !differ(expected.get(), actual.get(), images)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s has values %s, the means of the model %s: it was trained on another scale; %s"
            .formatted(
                rows.name(),
                text(actual.get()),
                text(expected.get()),
                remedy(rows.name(), actual.get(), "the training data", expected.get())));
  }

  /**
   * Whether images have values that training does not expect: noise and its prior are in units of
   * pixels in [0, 1]. Nothing is said of rows that are no images.
   *
   * @param noiseFloor least variance of a pixel's noise
   */
  public static List<String> ofTraining(Samples rows, double noiseFloor) {
    Optional<ValueRange> range = rows.shape().flatMap(shape -> ValueRange.of(rows));
    List<String> notes = new ArrayList<>();
    if (range.isEmpty()) {
      return notes;
    }
    Scale scale = range.get().scale();
    if (scale != Scale.UNIT) {
      notes.add(
          "%s has pixels %s, but noise floor and prior are in units of pixels from 0 to 1; %s"
              .formatted(rows.name(), text(range.get()), toUnit(rows.name(), scale)));
    }
    double deviation = range.get().deviation();
    if (deviation > 0 && deviation < Math.sqrt(noiseFloor) / FAR_BELOW) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s has pixels that deviate by %.2g, far below the least noise, %.2g: the likelihood"
                  + " tells the noise floor and not the data; scale the pixels, or lower"
                  + " `noiseFloor` to less than %.1g",
              rows.name(),
              deviation,
              Math.sqrt(noiseFloor),
              deviation * deviation));
    }
    return notes;
  }

  private static boolean arePixels(Samples samples) {
    return samples.shape().isPresent() || samples.type() == ElementType.UINT8;
  }

  /** Rows of numbers may have any scale, so only the usual ones of pixels count there. */
  private static boolean differ(ValueRange one, ValueRange other, boolean images) {
    boolean comparable = images || (one.scale() != Scale.OTHER && other.scale() != Scale.OTHER);
    return comparable && one.scale() != other.scale();
  }

  private static String remedy(String name, ValueRange its, String known, ValueRange expected) {
    return expected.scale() == Scale.UNIT
        ? toUnit(name, its.scale())
        : its.scale() == Scale.UNIT ? toUnit(known, expected.scale()) : "bring both to 0 to 1";
  }

  private static String toUnit(String name, Scale scale) {
    return switch (scale) {
      case BYTES -> "divide " + name + " by 255, or save it as uint8";
      case SIGNED -> "save (x + 1) / 2 of " + name;
      case UNIT, OTHER -> "bring " + name + " to 0 to 1";
    };
  }

  private static String text(ValueRange range) {
    return "from " + digits(range.least()) + " to " + digits(range.most());
  }

  /** Three digits, without zeros at the end. */
  private static String digits(double value) {
    BigDecimal rounded = new BigDecimal(value, new MathContext(3)).stripTrailingZeros();
    return Math.abs(rounded.scale()) > 6 ? rounded.toString() : rounded.toPlainString();
  }

  private static Samples means(MixtureOfFactorAnalyzers model) {
    int count = Math.min(COMPONENTS, model.components());
    int dims = model.dims();
    float[] means = new float[Math.multiplyExact(count, dims)];
    IntStream.range(0, count)
        .forEach(
            i -> {
              int k = (int) ((long) i * model.components() / count);
              System.arraycopy(model.component(k).mean(), 0, means, i * dims, dims);
            });
    return StoredSamples.ofFloats("means", dims, null, means);
  }
}
