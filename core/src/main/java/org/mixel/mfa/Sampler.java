package org.mixel.mfa;

import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSampler;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * Draws rows of a mixture: a component by its weight, {@code z ~ N(0, I)}, then {@code A z + mu},
 * with or without the noise.
 *
 * <p>Rows come batch by batch in a fixed order: the same seed gives the same rows on any device.
 * Not safe for use by several threads; owns native memory until {@link #close()}.
 */
public final class Sampler implements RowSampler {
  /** No normal number that is drawn is larger. */
  private static final double FAR = 10;

  private final MixtureOfFactorAnalyzers model;
  private final boolean noise;
  private final RandomStream random;
  private final double[] cumulative;

  private Sampler(MixtureOfFactorAnalyzers model, boolean noise, long seed) {
    this.model = model;
    this.noise = noise;
    random = RandomStream.of(seed);
    cumulative = model.weights();
    double sum = 0;
    for (int k = 0; k < cumulative.length; k++) {
      sum += cumulative[k];
      cumulative[k] = sum;
    }
  }

  /**
   * @param model must stay open as long as this
   * @param noise whether to add {@code eps}; the paper's pictures are without
   * @param seed fixes the draws
   * @throws InputException if rows of such parameters would not be finite numbers
   */
  public static Sampler of(MixtureOfFactorAnalyzers model, boolean noise, long seed) {
    try (NativeScope scope = new NativeScope()) {
      double farthest =
          largest(model.means())
              + FAR * model.factors() * largest(model.loadings())
              + FAR * Math.sqrt(largest(model.noiseVariance()));
      if (farthest > Float.MAX_VALUE) {
        throw new InputException(
            "the mixture draws values up to %.3g, which are out of range: its parameters are unusable"
                .formatted(farthest));
      }
    }
    return new Sampler(model, noise, seed);
  }

  private static double largest(Tensor tensor) {
    return tensor.abs().max().item().toDouble();
  }

  @Override
  public int dims() {
    return model.dims();
  }

  @Override
  public Optional<ImageShape> shape() {
    return model.shape();
  }

  @Override
  public int batchRows() {
    return RowReader.rowsFor(2L * model.dims());
  }

  /**
   * The next rows.
   *
   * @param count rows
   * @return {@code [count, d]} in the model's type, owned by the current scope; values are not
   *     clipped
   */
  public Tensor next(int count) {
    return NativeScope.compute(
        () -> {
          Tensor components = components(count);
          Tensor z = random.normal(model.device(), count, model.factors()).to(model.type());
          Tensor rows = new Decoder(model).rows(components, z);
          if (noise) {
            Tensor eps = random.normal(model.device(), count, model.dims()).to(model.type());
            Tensor deviation = model.noiseVariance().index_select(0, components).sqrt_();
            rows.addcmul_(eps, deviation);
          }
          return rows;
        });
  }

  @Override
  public ElementType type() {
    return model.shape().isPresent() ? ElementType.FLOAT32 : ElementType.FLOAT64;
  }

  @Override
  public double[] nextDoubles(int count) {
    try (NativeScope scope = new NativeScope()) {
      return Tensors.doubles(next(count));
    }
  }

  @Override
  public float[] nextRows(int count) {
    try (NativeScope scope = new NativeScope()) {
      return Tensors.floats(next(count));
    }
  }

  private Tensor components(int count) {
    long[] drawn = new long[count];
    double total = cumulative[cumulative.length - 1];
    for (int i = 0; i < count; i++) {
      double u = random.java().nextDouble() * total;
      int at = Arrays.binarySearch(cumulative, u);
      drawn[i] = Math.min(at < 0 ? -at - 1 : at + 1, cumulative.length - 1);
    }
    return Tensors.of(drawn, count).to(model.device(), ScalarType.Long);
  }

  @Override
  public void close() {
    random.close();
  }
}
