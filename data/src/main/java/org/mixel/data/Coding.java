package org.mixel.data;

/**
 * The coding of the image files that rows were read from. A model or a test may mistake the traces
 * of a lossy coding for traits of the images.
 */
public enum Coding {
  /** Pixels are as they were saved: PNG, BMP, GIF, lossless WebP. */
  LOSSLESS,
  /** At least one file is a JPEG or a lossy WebP. */
  LOSSY
}
