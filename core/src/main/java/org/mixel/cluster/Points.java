package org.mixel.cluster;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;

/** The rows that Lloyd's steps run on: the data themselves, or a sketch of them. */
sealed interface Points extends AutoCloseable permits CenteredRows, Sketch {
  /** Number of rows. */
  int count();

  /** Values per row. */
  int dims();

  /** Where the tensors are. */
  Device device();

  /**
   * Chosen rows.
   *
   * @param index int64 row numbers
   * @return float32 {@code [index, dims]}, owned by the current scope
   */
  Tensor rows(Tensor index);

  /** All rows, float32 {@code [count, dims]}, owned by the current scope, not to be changed. */
  Tensor all();

  /** Passes over all rows in order, each batch in a scope of its own. */
  void forEach(int batchRows, Visitor visitor);

  /** Sees consecutive rows. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Sees some rows.
     *
     * @param from the first row's place
     * @param rows float32 {@code [n, dims]}, owned by the current scope, not to be changed
     */
    void visit(int from, Tensor rows);
  }

  /** {@code ||x_i||^2} of every row, float32 {@code [count]}. */
  Tensor squaredNorms();

  @Override
  void close();
}
