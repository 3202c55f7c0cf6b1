package org.mixel.data;

import java.nio.ByteBuffer;
import java.util.Optional;

/** A view of another set, the same in everything that a subclass does not change. */
abstract class SamplesView implements Samples {
  final Samples source;

  SamplesView(Samples source) {
    this.source = source;
  }

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
  public Optional<ImageShape> shape() {
    return source.shape();
  }

  @Override
  public Optional<Coding> coding() {
    return source.coding();
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public boolean areVectors() {
    return source.areVectors();
  }

  @Override
  public Optional<double[]> weights() {
    return source.weights();
  }

  @Override
  public int rowNumber(int index) {
    return source.rowNumber(index);
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    source.read(from, count, target);
  }
}
