package org.mixel.mfa.training;

import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;

/**
 * The first model from a few rows per component (the paper's appendix A.2): {@code l + 1} different
 * random rows span its subspace.
 *
 * <p>The mean is theirs, and {@code A A'} is their sample covariance (divided by {@code l}): with
 * rows {@code Y} less their mean and {@code Y Y' = U diag(g) U'}, the factors are {@code u_f' Y /
 * sqrt(l)} for the {@code l} leading eigenvectors. All values have the noise variance {@value
 * #NOISE}, or the floor if that is more; all components weigh the same. Components share rows where
 * there are fewer than {@code K (l + 1)}.
 */
final class RandomRows {
  /** For pixels in [0, 1]; about what a few factors leave of them. */
  private static final double NOISE = 0.05;

  /** A factor without variance gets this part of the noise's deviation: from zero, EM is stuck. */
  private static final double LEAST = 1e-3;

  private static final long GROUP_VALUES = 2 << 20;

  private RandomRows() {}

  /**
   * @throws InputException if there are fewer than {@code l + 1} rows, or a chosen one holds a
   *     value that is not finite
   */
  static MixtureOfFactorAnalyzers span(
      Samples samples, ComputeDevice device, TrainingOptions options) {
    int components = options.components();
    int factors = options.factors();
    int rows = samples.rows();
    int dims = samples.dims();
    if (rows <= factors) {
      throw new InputException(
          "%s: %d factors from random rows need at least %d rows, got %d; use fewer factors"
              .formatted(samples.name(), factors, factors + 1, rows));
    }
    double noise = Math.max(NOISE, options.maximization().noiseFloor());
    ScalarType type = Standardization.type(samples);
    try (NativeScope scope = new NativeScope();
        RowReader reader = RowReader.of(samples, device, type);
        RandomStream seeded = RandomStream.of(options.seed());
        RandomStream random = seeded.split(1)) {
      int[] order = random.choose(rows, rows);
      Tensor means = Devices.zeros(reader.device(), type, components, dims);
      Tensor loadings = Devices.zeros(reader.device(), type, components, factors, dims);
      int group = (int) Math.max(1, GROUP_VALUES / ((factors + 1L) * dims));
      NativeScope.inParts(
          components,
          group,
          (from, count) -> {
            Tensor x =
                reader.rows(some(order, from, count, factors + 1)).view(count, factors + 1, dims);
            Tensor mean = x.mean(1);
            requireFinite(samples, mean);
            means.narrow(0, from, count).copy_(mean);
            Tensor y = x.sub_(mean.unsqueeze(1));
            Tensor vectors = torch.linalg_eigh(y.bmm(y.transpose(1, 2))).get1();
            loadings
                .narrow(0, from, count)
                .copy_(vectors.narrow(2, 1, factors).flip(2).transpose(1, 2).bmm(y))
                .div_(new Scalar(Math.sqrt(factors)))
                .add_(
                    random.normal(reader.device(), count, factors, dims),
                    new Scalar(LEAST * Math.sqrt(noise)));
          });
      return MixtureOfFactorAnalyzers.of(
          Devices.zeros(reader.device(), type, components),
          means,
          loadings,
          torch.full_like(means, new Scalar(noise)),
          samples.shape().orElse(null),
          Map.of());
    }
  }

  /** Rows for some components, each the next few of an order that begins again when it ends. */
  private static int[] some(int[] order, long from, long count, int each) {
    int[] rows = new int[(int) count * each];
    Arrays.setAll(rows, i -> order[(int) ((from * each + i) % order.length)]);
    return rows;
  }

  private static void requireFinite(Samples samples, Tensor means) {
    if (!means.isfinite().all().item().toBool()) {
      throw new InputException(
          samples.name()
              + ": a row holds a value that is NaN, infinite or too large; remove or repair it");
    }
  }
}
