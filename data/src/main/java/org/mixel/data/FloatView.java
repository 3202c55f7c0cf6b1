package org.mixel.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.mixel.InputException;

/** The rows of another set, with values that are computed when they are read: floats, mostly. */
final class FloatView extends SamplesView {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final ElementType type;
  private final Value value;

  /** One value of a row, from the value that the source has in its place. */
  private interface Value {
    double of(int row, int column, double stored);
  }

  private FloatView(Samples source, ElementType type, Value value) {
    super(source);
    this.type = type;
    this.value = value;
  }

  private FloatView(Samples source, Value value) {
    this(
        source,
        source.type() == ElementType.FLOAT64 ? ElementType.FLOAT64 : ElementType.FLOAT32,
        value);
  }

  static FloatView masked(Samples source, Mask mask) {
    if (!mask.fits(source)) {
      throw new IllegalArgumentException("the mask is not of " + source.name());
    }
    return new FloatView(
        source, (row, column, stored) -> mask.hides(row, column) ? Double.NaN : stored);
  }

  static FloatView filled(Samples source, double[] numbers) {
    if (!source.type().isFloat() || numbers.length != source.dims()) {
      throw new IllegalArgumentException(numbers.length + " numbers for " + source.dims());
    }
    double[] copy = numbers.clone();
    return new FloatView(
        source, (row, column, stored) -> Double.isNaN(stored) ? copy[column] : stored);
  }

  static FloatView standardized(Samples source, double[] shift, double[] scale) {
    if (shift.length != source.dims() || scale.length != source.dims()) {
      throw new IllegalArgumentException(
          "%d shifts and %d scales for %d columns"
              .formatted(shift.length, scale.length, source.dims()));
    }
    double[] from = shift.clone();
    double[] unit = scale.clone();
    return new FloatView(
        source.withoutShape(),
        ElementType.FLOAT64,
        (row, column, stored) -> (stored - from[column]) / unit[column]);
  }

  static FloatView dequantized(Samples source, long seed) {
    if (source.type() != ElementType.UINT8) {
      throw new InputException(
          source.name() + ": only 8-bit pixels can be dequantised, but these values are floats");
    }
    long dims = source.dims();
    return new FloatView(
        source,
        (row, column, stored) ->
            ((float) Math.rint(stored * 255) + uniform(seed, row * dims + column)) / 256f);
  }

  static Samples quantized(Samples source) {
    if (source.type() == ElementType.UINT8) {
      return source;
    }
    return new FloatView(
        source,
        ElementType.UINT8,
        (row, column, stored) -> {
          if (!Double.isFinite(stored)) {
            throw new InputException(
                "%s: row %d holds a value that is NaN or infinite; remove the row or mend the value"
                    .formatted(source.name(), source.rowNumber(row)));
          }
          return stored;
        });
  }

  /** SplitMix64's finaliser of a counter, its upper 24 bits as a fraction. */
  private static float uniform(long seed, long index) {
    long z = (index + 1) * GOLDEN + seed;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 40) * 0x1p-24f;
  }

  @Override
  public ElementType type() {
    return type;
  }

  @Override
  public boolean areVectors() {
    return type.isFloat() && source.areVectors();
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    int dims = dims();
    ByteBuffer raw = ByteBuffer.allocate(source.rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer values = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int row = from; row < from + count; row++) {
      source.read(row, 1, raw.clear());
      for (int j = 0; j < dims; j++) {
        type.put(values, value.of(row, j, source.type().get(raw, j)));
      }
    }
    target.position(values.position());
  }

  @Override
  public Samples inPass(int pass) {
    Samples other = source.inPass(pass);
    return other == source ? this : new FloatView(other, type, value);
  }
}
