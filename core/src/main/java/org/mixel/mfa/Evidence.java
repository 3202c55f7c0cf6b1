package org.mixel.mfa;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mixel.tensor.NativeScope;

/** Posteriors of some rows given their observed values; lives in the scope of the rows. */
sealed interface Evidence {
  /**
   * {@code z} of some rows under one component.
   *
   * @param mean {@code [n, l]} in the type of the rows
   * @param root {@code R} with {@code Cov = R' R}, {@code [l, l]} or {@code [n, l, l]}, float64
   */
  record Latent(Tensor mean, Tensor root) {
    /** {@code z = mean + R' noise}, for standard normal noise {@code [n, l]}. */
    Tensor draw(Tensor noise) {
      Tensor typed = root.to(noise.scalar_type());
      return mean.add(root.dim() == 2 ? noise.mm(typed) : noise.unsqueeze(1).bmm(typed).squeeze(1));
    }

    /** The variance of every value of {@code A z}, for loadings {@code [l, d]}. */
    Tensor variance(Tensor loadings) {
      return NativeScope.compute(
          () -> {
            if (root.dim() == 2) {
              return root.to(loadings.scalar_type()).mm(loadings).square_().sum(0);
            }
            long factors = loadings.size(0);
            long dims = loadings.size(1);
            Tensor covariance = root.transpose(1, 2).bmm(root).view(-1, factors * factors);
            Tensor products = loadings.unsqueeze(0).mul(loadings.unsqueeze(1));
            return covariance
                .to(loadings.scalar_type())
                .mm(products.view(factors * factors, dims))
                .clamp_min_(new Scalar(0));
          });
    }
  }

  /** Posterior probabilities of the components, {@code [n, K]}. */
  Tensor responsibilities();

  /** The most probable components, int64 {@code [n]}. */
  Tensor mostProbable();

  /** The posterior of {@code z} of the chosen rows. */
  Latent latent(ComponentRows chosen);

  /**
   * Puts the observed values, or a number in their places, into rows.
   *
   * @param result {@code [n, d]}, changed
   * @param number what to put there, or NaN for the values themselves
   */
  Tensor restore(Tensor result, double number);

  /**
   * Rows that share a mask: the marginal mixture of the observed values answers.
   *
   * @param density of the marginal mixture
   * @param observed indices of the observed values
   * @param known the observed values, {@code [n, o]}
   */
  record SharedMask(Density density, Tensor observed, Tensor known) implements Evidence {
    @Override
    public Tensor responsibilities() {
      return density.responsibilities(known);
    }

    @Override
    public Tensor mostProbable() {
      return density.mostProbable(known);
    }

    @Override
    public Latent latent(ComponentRows chosen) {
      int k = chosen.component();
      Tensor centred =
          known.index_select(0, chosen.rows()).sub_(density.model().means().select(0, k));
      return new Latent(
          density.precision().posteriorMean(k, centred),
          density.precision().inverseFactor().select(0, k));
    }

    @Override
    public Tensor restore(Tensor result, double number) {
      return Double.isNaN(number)
          ? result.index_copy_(1, observed, known)
          : result.index_fill_(1, observed, new Scalar(number));
    }
  }

  /**
   * Rows with a mask each.
   *
   * @param density of the observed values of any row
   * @param rows {@code [n, d]}, NaN where hidden
   */
  record RowMasks(ObservedDensity density, Tensor rows) implements Evidence {
    @Override
    public Tensor responsibilities() {
      return density.responsibilities(rows);
    }

    @Override
    public Tensor mostProbable() {
      return density.mostProbable(rows);
    }

    @Override
    public Latent latent(ComponentRows chosen) {
      ObservedPosterior posterior =
          density.posterior(chosen.component(), rows.index_select(0, chosen.rows()));
      return new Latent(posterior.mean().to(rows.scalar_type()), posterior.root());
    }

    @Override
    public Tensor restore(Tensor result, double number) {
      Tensor hidden = rows.isnan();
      return Double.isNaN(number)
          ? torch.where(hidden, result, rows)
          : torch.where(hidden, result, new Scalar(number));
    }
  }
}
