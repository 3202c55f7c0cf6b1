package org.mixel.figure;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One image of a {@link Mosaic}: its values, and optionally a coloured frame and a hidden part.
 *
 * <p>The arrays are kept, not copied, and must not change before the mosaic is made.
 */
public final class Tile {
  /** The frame of a bin's centre in the paper's figures. */
  public static final int RED = 0xe5252a;

  /** A place left empty. */
  public static final Tile EMPTY = new Tile(null, 0, false, null);

  private final float @Nullable [] values;
  private final int frame;
  private final boolean framed;
  private final boolean @Nullable [] hidden;

  private Tile(float @Nullable [] values, int frame, boolean framed, boolean @Nullable [] hidden) {
    this.values = values;
    this.frame = frame;
    this.framed = framed;
    this.hidden = hidden;
  }

  /**
   * A whole image without a frame.
   *
   * @param values an image in CHW order; values outside [0, 1] are clamped, NaN is shown in a
   *     colour of its own
   */
  public static Tile of(float[] values) {
    return new Tile(Objects.requireNonNull(values), 0, false, null);
  }

  /**
   * The same tile with a frame around it.
   *
   * @param rgb its colour, such as {@link #RED}
   */
  public Tile framed(int rgb) {
    return new Tile(values, rgb & 0xffffff, true, hidden);
  }

  /**
   * The same tile with some pixels covered by a flat tint, as a model sees an image of which only a
   * part is observed.
   *
   * @param hidden which of the {@code height * width} pixels are covered
   */
  public Tile hiding(boolean[] hidden) {
    return new Tile(values, frame, framed, Objects.requireNonNull(hidden));
  }

  float @Nullable [] values() {
    return values;
  }

  /** The frame's colour as 0xRRGGBB, or -1 for none. */
  int frame() {
    return framed ? frame : -1;
  }

  boolean @Nullable [] hidden() {
    return hidden;
  }
}
