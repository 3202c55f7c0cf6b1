package org.mixel.data;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Another set under a name, shape and coding of its own. */
final class NamedSamples extends SamplesView {
  private final String name;
  private final Optional<ImageShape> shape;
  private final Optional<Coding> coding;

  NamedSamples(Samples source, String name, Optional<ImageShape> shape, Optional<Coding> coding) {
    super(source);
    this.name = name;
    this.shape = shape;
    this.coding = coding;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<ImageShape> shape() {
    return shape;
  }

  @Override
  public Optional<Coding> coding() {
    return coding;
  }

  @Override
  public boolean areVectors() {
    return shape.isEmpty() && source.areVectors();
  }

  @Override
  public void read(int[] rows, ByteBuffer target) {
    source.read(rows, target);
  }

  @Override
  public Samples inPass(int pass) {
    Samples other = source.inPass(pass);
    return other == source ? this : new NamedSamples(other, name, shape, coding);
  }
}
