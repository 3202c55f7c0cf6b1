package org.mixel.neural;

import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSampler;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/** Draws rows from a generator, in the units of the data; the generator stays its owner's. */
final class GeneratorSampler implements RowSampler {
  /** Values that a network holds for each value of a row. */
  private static final int INNER_VALUES = 64;

  private final Generator generator;
  private final Scaling scaling;
  private final int dims;
  private final @Nullable ImageShape image;
  private final RandomStream random;

  private GeneratorSampler(
      Generator generator,
      Scaling scaling,
      int dims,
      @Nullable ImageShape image,
      RandomStream random) {
    this.generator = generator;
    this.scaling = scaling;
    this.dims = dims;
    this.image = image;
    this.random = random;
  }

  /**
   * @param generator must stay open as long as this, as must the scaling
   * @param seed fixes the draws
   */
  static GeneratorSampler of(
      Generator generator, Scaling scaling, Architecture architecture, long seed) {
    return new GeneratorSampler(
        generator, scaling, architecture.dims(), architecture.image(), RandomStream.of(seed));
  }

  @Override
  public int dims() {
    return dims;
  }

  @Override
  public Optional<ImageShape> shape() {
    return Optional.ofNullable(image);
  }

  @Override
  public int batchRows() {
    return Math.min(512, RowReader.rowsFor((long) INNER_VALUES * dims));
  }

  @Override
  public float[] nextRows(int count) {
    try (NativeScope scope = new NativeScope();
        NoGradGuard inference = new NoGradGuard()) {
      Tensor drawn = scaling.toData(generator.draw(random, count, false));
      if (!drawn.isfinite().all().item().toBool()) {
        throw new InputException(
            "the network draws values that are not finite: its parameters are unusable");
      }
      return Tensors.floats(drawn);
    }
  }

  @Override
  public void close() {
    random.close();
  }
}
