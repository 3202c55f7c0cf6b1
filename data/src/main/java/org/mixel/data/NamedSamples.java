package org.mixel.data;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Another set, with what else is known of it. */
record NamedSamples(
    Samples source, String name, Optional<ImageShape> shape, Optional<Coding> coding)
    implements Samples {
  @Override
  public int rows() {
    return source.rows();
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
  public boolean areVectors() {
    return shape.isEmpty() && source.areVectors();
  }

  @Override
  public int rowNumber(int index) {
    return source.rowNumber(index);
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    source.read(from, count, target);
  }

  @Override
  public void read(int[] rows, ByteBuffer target) {
    source.read(rows, target);
  }
}
