package org.mixel.mfa;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Threads;

/**
 * Sums over all values of a row that do not depend on the row, from which a {@link RowPosterior}
 * takes away those that are hidden. Owns native memory until {@link #close()}.
 */
final class WholeRows implements AutoCloseable {
  /** Values of loadings that are worked on at a time, so that what is made stays in the cache. */
  private static final long GROUP_VALUES = 1 << 18;

  private final MixtureOfFactorAnalyzers model;
  private final Tensor gram;
  private final Tensor logNoise;

  private WholeRows(MixtureOfFactorAnalyzers model, Tensor gram, Tensor logNoise) {
    this.model = model;
    this.gram = NativeScope.own(gram);
    this.logNoise = NativeScope.own(logNoise);
  }

  /**
   * @param model must stay open as long as this
   */
  static WholeRows of(MixtureOfFactorAnalyzers model) {
    int factors = model.factors();
    try (NativeScope scope = new NativeScope()) {
      Tensor gram =
          Devices.zeros(model.device(), ScalarType.Double, model.components(), factors, factors);
      Tensor logNoise = Devices.zeros(model.device(), ScalarType.Double, model.components());
      inGroups(
          model,
          (from, count) -> {
            Tensor noise = model.noiseVariance().narrow(0, from, count).to(ScalarType.Double);
            Tensor loadings = model.loadings().narrow(0, from, count).to(ScalarType.Double);
            gram.narrow(0, from, count).copy_(gram(loadings, noise));
            logNoise.narrow(0, from, count).copy_(noise.log().sum(1));
          });
      return new WholeRows(model, gram, logNoise);
    }
  }

  /** {@code A' diag(1/psi) A} of some components over some values, in float64. */
  static Tensor gram(Tensor loadings, Tensor noise) {
    return torch.bmm(loadings.div(noise.unsqueeze(1)), loadings.transpose(1, 2));
  }

  /** Does work on a few components at a time, on several threads. */
  static void inGroups(MixtureOfFactorAnalyzers model, NativeScope.Part work) {
    Threads.divideGroups(model.device(), model.components(), group(model), work);
  }

  /** Components that are worked on together. */
  static int group(MixtureOfFactorAnalyzers model) {
    long width = (long) model.factors() * model.dims();
    return Devices.itemsPerStep(model.means(), GROUP_VALUES, width);
  }

  MixtureOfFactorAnalyzers model() {
    return model;
  }

  /** {@code A' diag(1/psi) A}, {@code [K, l, l]}, float64. */
  Tensor gram() {
    return gram;
  }

  /** {@code sum_j log psi_j}, {@code [K]}, float64. */
  Tensor logNoise() {
    return logNoise;
  }

  @Override
  public void close() {
    gram.close();
    logNoise.close();
  }
}
