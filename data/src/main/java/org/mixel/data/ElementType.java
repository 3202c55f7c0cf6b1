package org.mixel.data;

import java.nio.ByteBuffer;

/** How one value of a row is stored. */
public enum ElementType {
  /** Unsigned bytes; the value is {@code byte / 255}, so pixels lie in [0, 1]. */
  UINT8(1),
  /** Little-endian 32-bit floats, taken as they are. */
  FLOAT32(4),
  /**
   * Little-endian 64-bit floats, taken as they are: rows of numbers whose columns may lie far from
   * zero. Never images.
   */
  FLOAT64(8);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes per value. */
  public int bytes() {
    return bytes;
  }

  /** Whether values are floats, of which one may be missing (NaN) or infinite. */
  public boolean isFloat() {
    return this != UINT8;
  }

  /**
   * One value of a row in its stored form.
   *
   * @param raw little-endian, in this layout
   * @param index which value, counted from the buffer's start
   * @return bytes scaled to [0, 1], floats as they are
   */
  public double get(ByteBuffer raw, int index) {
    return switch (this) {
      case UINT8 -> (raw.get(index) & 0xff) / 255f;
      case FLOAT32 -> raw.getFloat(index * Float.BYTES);
      case FLOAT64 -> raw.getDouble(index * Double.BYTES);
    };
  }

  /**
   * Puts one value at a buffer's position, which moves past it.
   *
   * @param target little-endian
   * @param value as {@link #get} returns it; rounded, and as a byte clamped to [0, 1], where NaN
   *     becomes 0
   */
  public void put(ByteBuffer target, double value) {
    switch (this) {
      case UINT8 -> target.put((byte) Math.max(0, Math.min(255, Math.round((float) value * 255f))));
      case FLOAT32 -> target.putFloat((float) value);
      case FLOAT64 -> target.putDouble(value);
    }
  }
}
