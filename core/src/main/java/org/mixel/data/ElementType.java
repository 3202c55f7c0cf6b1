package org.mixel.data;

/** How one value of a row is stored. */
public enum ElementType {
  /** Unsigned bytes; the value is {@code byte / 255}, so pixels lie in [0, 1]. */
  UINT8(1),
  /** Little-endian 32-bit floats, taken as they are. */
  FLOAT32(4);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes per value. */
  public int bytes() {
    return bytes;
  }
}
