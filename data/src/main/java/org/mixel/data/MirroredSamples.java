package org.mixel.data;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.mixel.InputException;

/** The images of another set, then their mirror images, left and right exchanged. */
final class MirroredSamples extends SamplesView {
  private final ImageShape image;

  MirroredSamples(Samples source) {
    super(source);
    image =
        source
            .shape()
            .orElseThrow(
                () ->
                    new InputException(
                        "`mirror`: the rows of %s are not images".formatted(source.name())));
    if (source.rows() > Integer.MAX_VALUE / 2) {
      throw new InputException("`mirror`: %s has too many rows".formatted(source.name()));
    }
  }

  @Override
  public int rows() {
    return 2 * source.rows();
  }

  @Override
  public int rowNumber(int index) {
    return source.rowNumber(index % source.rows());
  }

  @Override
  public Optional<double[]> weights() {
    return source
        .weights()
        .map(own -> DoubleStream.concat(DoubleStream.of(own), DoubleStream.of(own)).toArray());
  }

  @Override
  public Samples inPass(int pass) {
    Samples other = source.inPass(pass);
    return other == source ? this : new MirroredSamples(other);
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    Objects.checkFromIndexSize(from, count, rows());
    int rows = source.rows();
    int plain = Math.max(0, Math.min(count, rows - from));
    if (plain > 0) {
      source.read(from, plain, target);
    }
    if (plain < count) {
      int start = target.position();
      source.read(from + plain - rows, count - plain, target);
      mirror(target, start);
    }
  }

  /** Reverses the lines of the images between a position and the buffer's own. */
  private void mirror(ByteBuffer images, int start) {
    int bytes = type().bytes();
    int line = image.width() * bytes;
    byte[] stored = new byte[line];
    byte[] reversed = new byte[line];
    for (int at = start; at < images.position(); at += line) {
      images.get(at, stored);
      for (int x = 0; x < line; x += bytes) {
        System.arraycopy(stored, x, reversed, line - bytes - x, bytes);
      }
      images.put(at, reversed);
    }
  }
}
