package org.mixel.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** A view of some rows of another set. */
record SelectedSamples(Samples source, int[] index, String name) implements Samples {
  SelectedSamples {
    for (int row : index) {
      Objects.checkIndex(row, source.rows());
    }
  }

  @Override
  public int rows() {
    return index.length;
  }

  @Override
  public int dims() {
    return source.dims();
  }

  @Override
  public ElementType type() {
    return source.type();
  }

  @Override
  public Optional<ImageShape> shape() {
    return source.shape();
  }

  @Override
  public boolean areVectors() {
    return source.areVectors();
  }

  @Override
  public int rowNumber(int row) {
    return source.rowNumber(index[row]);
  }

  @Override
  public Optional<Coding> coding() {
    return source.coding();
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    source.read(Arrays.copyOfRange(index, from, from + count), target);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SelectedSamples that
        && source.equals(that.source)
        && Arrays.equals(index, that.index)
        && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return 31 * source.hashCode() + Arrays.hashCode(index);
  }
}
