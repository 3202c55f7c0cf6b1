package org.mixel.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The rows of another set, as floats that are made when they are read. */
abstract class FloatView implements Samples {
  final Samples source;

  FloatView(Samples source) {
    this.source = source;
  }

  @Override
  public final int rows() {
    return source.rows();
  }

  @Override
  public final int dims() {
    return source.dims();
  }

  @Override
  public ElementType type() {
    return source.type() == ElementType.FLOAT64 ? ElementType.FLOAT64 : ElementType.FLOAT32;
  }

  @Override
  public final int rowNumber(int index) {
    return source.rowNumber(index);
  }

  @Override
  public final Optional<Coding> coding() {
    return source.coding();
  }

  @Override
  public final boolean areVectors() {
    return source.areVectors();
  }

  /** One value of a row from the value that the source has in its place. */
  interface Value {
    double of(int row, int column, double stored);
  }

  /** Reads rows value by value. */
  final void read(int from, int count, ByteBuffer target, Value value) {
    int dims = dims();
    ByteBuffer raw = ByteBuffer.allocate(source.rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer made = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int row = from; row < from + count; row++) {
      source.read(row, 1, raw.clear());
      for (int j = 0; j < dims; j++) {
        type().put(made, value.of(row, j, source.type().get(raw, j)));
      }
    }
    target.position(made.position());
  }

  @Override
  public final Optional<ImageShape> shape() {
    return source.shape();
  }

  @Override
  public final String name() {
    return source.name();
  }
}
