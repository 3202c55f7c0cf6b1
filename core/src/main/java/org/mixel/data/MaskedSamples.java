package org.mixel.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Rows as floats, bytes scaled to [0, 1], with NaN where values are hidden. */
public final class MaskedSamples extends FloatView {
  private final HiddenValues hidden;

  private MaskedSamples(Samples source, HiddenValues hidden) {
    super(source);
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
