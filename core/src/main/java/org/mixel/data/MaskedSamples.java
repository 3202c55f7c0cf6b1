package org.mixel.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Rows as floats, bytes scaled to [0, 1], with NaN where values are hidden. */
public final class MaskedSamples implements Samples {
  private final Samples source;
  private final HiddenValues hidden;

  private MaskedSamples(Samples source, HiddenValues hidden) {
    this.source = source;
    this.hidden = hidden;
  }

  /**
   * A view of a set.
   *
   * @throws IllegalArgumentException if the mask is of other rows
   */
  public static MaskedSamples of(Samples source, HiddenValues hidden) {
    if (!hidden.fits(source)) {
      throw new IllegalArgumentException("the mask is not of " + source.name());
    }
    return new MaskedSamples(source, hidden);
  }

  @Override
  public int rows() {
    return source.rows();
  }

  @Override
  public int dims() {
    return source.dims();
  }

  @Override
  public ElementType type() {
    return ElementType.FLOAT32;
  }

  @Override
  public Optional<ImageShape> shape() {
    return source.shape();
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    boolean bytes = source.type() == ElementType.UINT8;
    ByteBuffer raw = ByteBuffer.allocate(source.rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer floats = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int row = from; row < from + count; row++) {
      source.read(row, 1, raw.clear());
      for (int j = 0; j < source.dims(); j++) {
        if (hidden.hides(row, j)) {
          floats.putFloat(Float.NaN);
        } else {
          floats.putFloat(bytes ? (raw.get(j) & 0xff) / 255f : raw.getFloat(j * Float.BYTES));
        }
      }
    }
    target.position(floats.position());
  }
}
