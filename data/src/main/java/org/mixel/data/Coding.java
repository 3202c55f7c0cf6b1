package org.mixel.data;

/**
 * How the image files were coded that rows were read from. What a lossy coding drops and adds, a
 * model or a test may take for a trait of the images.
 */
public enum Coding {
  /** Pixels are as they were saved: PNG, BMP, GIF, lossless WebP. */
  LOSSLESS,
  /** At least one file is a JPEG or a lossy WebP. */
  LOSSY
}
