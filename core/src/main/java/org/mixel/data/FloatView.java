package org.mixel.data;

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
  public final ElementType type() {
    return ElementType.FLOAT32;
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
