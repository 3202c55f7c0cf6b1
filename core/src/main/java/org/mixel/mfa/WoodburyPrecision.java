package org.mixel.mfa;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Threads;

/**
 * The inverse covariances of all components in factored form: {@code Sigma_k^-1 = diag(1/psi_k) -
 * V_k' V_k} with {@code V_k = G_k^-1 A_k' diag(1/psi_k)} and {@code G_k G_k' = I + A_k'
 * diag(1/psi_k) A_k} (the package's equations).
 *
 * <p>The {@code l x l} parts are computed in float64 whatever the model's type.
 */
public final class WoodburyPrecision implements AutoCloseable {
  private static final long GROUP_VALUES = 1 << 19;

  private final Tensor inverseNoise;
  private final Tensor whitenedLoadings;
  private final Tensor inverseFactor;
  private final Tensor logDeterminant;

  private WoodburyPrecision(Tensor inverseNoise, Tensor whitened, Tensor factor, Tensor logDet) {
    this.inverseNoise = NativeScope.own(inverseNoise);
    this.whitenedLoadings = NativeScope.own(whitened);
    this.inverseFactor = NativeScope.own(factor);
    this.logDeterminant = NativeScope.own(logDet);
  }

  /**
   * Factors the covariances of a model, a group of components at a time.
   *
   * @throws InputException if float64 cannot factor one of them
   */
  public static WoodburyPrecision of(MixtureOfFactorAnalyzers model) {
    int components = model.components();
    int factors = model.factors();
    int group = Devices.itemsPerStep(model.means(), GROUP_VALUES, (long) factors * model.dims());
    try (NativeScope scope = new NativeScope()) {
      Tensor whitened = torch.empty_like(model.loadings());
      Tensor inverse =
          Devices.zeros(model.device(), ScalarType.Double, components, factors, factors);
      Tensor logDet = Devices.zeros(model.device(), ScalarType.Double, components);
      Tensor failed = Devices.zeros(model.device(), ScalarType.Int, components);
      Threads.divideGroups(
          model.device(),
          components,
          group,
          (from, count) -> {
            Tensor noise = model.noiseVariance().narrow(0, from, count).to(ScalarType.Double);
            Tensor loadings = model.loadings().narrow(0, from, count).to(ScalarType.Double);
            Tensor scaled = loadings.div(noise.unsqueeze(1));
            Tensor identity = torch.eye(factors).to(model.device(), ScalarType.Double);
            var factored =
                torch.linalg_cholesky_ex(
                    torch.bmm(scaled, loadings.transpose(1, 2)).add_(identity));
            Tensor cholesky = factored.get0();
            failed.narrow(0, from, count).copy_(factored.get1());
            Tensor inverseCholesky =
                torch.linalg_solve_triangular(
                    cholesky, identity.expand(count, factors, factors), false);
            whitened.narrow(0, from, count).copy_(torch.bmm(inverseCholesky, scaled));
            inverse.narrow(0, from, count).copy_(inverseCholesky);
            logDet
                .narrow(0, from, count)
                .copy_(
                    cholesky
                        .diagonal(0, 1, 2)
                        .log()
                        .sum(1)
                        .mul_(new Scalar(2))
                        .add_(noise.log().sum(1)));
          });
      requireFactored(failed, logDet);
      return new WoodburyPrecision(model.noiseVariance().reciprocal(), whitened, inverse, logDet);
    }
  }

  /** A matrix that is not finite, or has no factor, has no finite determinant either. */
  private static void requireFactored(Tensor codes, Tensor logDet) {
    Tensor failed = codes.ne(new Scalar(0)).logical_or_(logDet.isfinite().logical_not_());
    if (failed.any().item().toBool()) {
      throw new InputException(
          "the covariance of component %d (counted from 0) cannot be computed with: its noise variances are too small for its loadings"
              .formatted(failed.to(ScalarType.Long).argmax().item().toLong()));
    }
  }

  /** {@code 1 / psi}, {@code [K, d]}, in the model's type. */
  public Tensor inverseNoise() {
    return inverseNoise;
  }

  /** {@code V}, {@code [K, l, d]}, in the model's type. */
  public Tensor whitenedLoadings() {
    return whitenedLoadings;
  }

  /** {@code G^-1}, {@code [K, l, l]}, lower triangular, float64. */
  public Tensor inverseFactor() {
    return inverseFactor;
  }

  /** {@code log det Sigma}, {@code [K]}, float64. */
  public Tensor logDeterminant() {
    return logDeterminant;
  }

  /**
   * Posterior means of {@code z} under one component.
   *
   * @param component index of the component
   * @param centred rows minus the component's mean, {@code [n, d]}
   * @return {@code [n, l]} in the type of the rows
   */
  public Tensor posteriorMean(int component, Tensor centred) {
    return NativeScope.compute(
        () ->
            centred
                .mm(whitenedLoadings.select(0, component).t())
                .mm(inverseFactor.select(0, component).to(centred.scalar_type())));
  }

  /**
   * Posterior means of {@code z} for pairs of row and component.
   *
   * @param whitened {@code V_k (x - mu_k)} of rows and components, {@code [n, l, K]}
   * @param rows int64 {@code [p]}
   * @param components int64 {@code [p]}
   * @return {@code [p, l]} in the type of {@code whitened}
   */
  Tensor posteriorMeans(Tensor whitened, Tensor rows, Tensor components) {
    return NativeScope.compute(
        () -> {
          long factors = whitened.size(1);
          Tensor each = torch.arange(new Scalar(factors)).to(rows.device(), ScalarType.Long);
          Tensor place =
              rows.mul(new Scalar(factors))
                  .unsqueeze(1)
                  .add(each)
                  .mul_(new Scalar(whitened.size(2)))
                  .add_(components.unsqueeze(1));
          Tensor root = inverseFactor.to(whitened.scalar_type()).index_select(0, components);
          return whitened.take(place).unsqueeze(1).bmm(root).squeeze(1);
        });
  }

  @Override
  public void close() {
    inverseNoise.close();
    whitenedLoadings.close();
    inverseFactor.close();
    logDeterminant.close();
  }
}
