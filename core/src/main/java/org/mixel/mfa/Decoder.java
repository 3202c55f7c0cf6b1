package org.mixel.mfa;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.NativeScope;

/**
 * The values {@code A_k z + mu_k} of a mixture, without a loop over components.
 *
 * @param model must stay open as long as this is used
 */
record Decoder(MixtureOfFactorAnalyzers model) {
  /**
   * {@code A_k z + mu_k} for pairs of component and {@code z}.
   *
   * @param components int64 {@code [n]}
   * @param z {@code [n, l]} in the model's type
   * @return {@code [n, d]}, owned by the current scope
   */
  Tensor rows(Tensor components, Tensor z) {
    return NativeScope.compute(
        () -> {
          Tensor rows = model.means().index_select(0, components);
          return rows.add_(factors(components, z));
        });
  }

  /**
   * {@code A_k z} for pairs of component and {@code z}.
   *
   * @param components int64 {@code [n]}
   * @param z {@code [n, l]} in the model's type
   * @return {@code [n, d]}; lives as long as the current scope
   */
  Tensor factors(Tensor components, Tensor z) {
    Tensor starts =
        torch.arange(new Scalar(components.size(0))).to(model.device(), ScalarType.Long);
    return combineFactors(components, z, starts);
  }

  /**
   * Sums of {@code w (A_k z + mu_k)} over consecutive pairs of component and {@code z}.
   *
   * @param components int64 {@code [p]}
   * @param z {@code [p, l]} in the model's type
   * @param weights {@code w}, {@code [p]}
   * @param starts int64 {@code [n]}, the first pair of each sum
   * @return {@code [n, d]}, owned by the current scope
   */
  Tensor sums(Tensor components, Tensor z, Tensor weights, Tensor starts) {
    return NativeScope.compute(
        () -> {
          Tensor sums = combine(model.means(), components, weights, starts).clone();
          return sums.add_(combineFactors(components, z.mul(weights.unsqueeze(1)), starts));
        });
  }

  private Tensor combineFactors(Tensor components, Tensor z, Tensor starts) {
    Scalar factors = new Scalar(model.factors());
    Tensor each = torch.arange(factors).to(model.device(), ScalarType.Long);
    return combine(
        model.loadings().view(-1, model.dims()),
        components.mul(factors).unsqueeze(1).add(each).view(-1),
        z.reshape(-1),
        starts.mul(factors));
  }

  /** Weighted sums of consecutive chosen rows of a table; lives as long as the current scope. */
  private static Tensor combine(Tensor table, Tensor chosen, Tensor weights, Tensor starts) {
    return torch
        .embedding_bag(table, chosen, starts, false, 0, false, new TensorOptional(weights), false)
        .get0();
  }
}
