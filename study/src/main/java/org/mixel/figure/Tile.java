package org.mixel.figure;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One image of a {@link Mosaic}: its values, and optionally a coloured frame and a hidden part.
 *
 * <p>The arrays are kept, not copied, and must not change before the mosaic is made.
 *
 * @param values null for a place left empty
 * @param frame colour as 0xRRGGBB, or -1 for none
 * @param hidden the covered pixels, or null for none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Tile(float @Nullable [] values, int frame, boolean @Nullable [] hidden) {
  /** The frame of a bin's centre in the paper's figures. */
  public static final int RED = 0xe5252a;

  /** A place left empty. */
  public static final Tile EMPTY = new Tile(null, -1, null);

  /**
   * A whole image without a frame.
   *
   * @param values an image in CHW order; values outside [0, 1] are clamped, NaN is shown in a
   *     colour of its own
   */
  public static Tile of(float[] values) {
    return new Tile(Objects.requireNonNull(values), -1, null);
  }

  /**
   * The same tile with a frame around it.
   *
   * @param rgb its colour, such as {@link #RED}
   */
  public Tile framed(int rgb) {
    return new Tile(values, rgb & 0xffffff, hidden);
  }

  /**
   * The same tile with some pixels covered by a flat tint, as a model sees an image of which only a
   * part is observed.
   *
   * @param covered which of the {@code height * width} pixels
   */
  public Tile hiding(boolean[] covered) {
    return new Tile(values, frame, Objects.requireNonNull(covered));
  }
}
