package org.mixel.data;

import java.nio.ByteBuffer;

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
    read(
        from,
        count,
        target,
        (row, column, stored) -> hidden.hides(row, column) ? Double.NaN : stored);
  }
}
