package org.mixel.data.format;

import org.mixel.data.ElementType;

/** A file or folder that is being written beside its place. */
public sealed interface RowOutput extends AutoCloseable permits NpyOutput, PngFolderOutput {
  /**
   * Writes one row.
   *
   * @param row its stored form, images in CHW order; not changed
   * @param type how its values are stored
   */
  void write(byte[] row, ElementType type);

  /** Puts the whole into its place at once. */
  void commit();

  /** Removes what was not committed. */
  @Override
  void close();
}
