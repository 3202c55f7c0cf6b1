package org.mixel.mfa;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/**
 * The distribution of the hidden values of a row given its observed ones, for one mask shared by
 * all rows (the paper's appendix A.3).
 *
 * <p>The observed values follow the marginal mixture, whose responsibilities and posteriors of
 * {@code z} are those of the whole mixture given the observed part. Hidden values are then {@code
 * A_h z + mu_h} (plus noise), component by component. With every value observed this is the
 * reconstruction of the row.
 *
 * <p>Owns native memory until {@link #close()}; safe to use from several threads.
 */
public final class Conditional implements AutoCloseable {
  private final MixtureOfFactorAnalyzers model;
  private final MixtureOfFactorAnalyzers observedModel;
  private final Density observedDensity;
  private final Tensor observed;
  private final boolean keepObserved;

  private Conditional(MixtureOfFactorAnalyzers model, boolean[] mask) {
    this.model = model;
    long[] chosen =
        java.util.stream.IntStream.range(0, mask.length)
            .filter(j -> mask[j])
            .mapToLong(j -> j)
            .toArray();
    observed =
        NativeScope.own(
            NativeScope.compute(
                () -> Tensors.of(chosen, chosen.length).to(model.device(), ScalarType.Long)));
    observedModel = model.marginal(observed);
    observedDensity = Density.of(observedModel);
    keepObserved = chosen.length < mask.length;
  }

  /**
   * @param model must stay open as long as this
   * @param observed which of the {@code d} values are known
   * @throws InputException if the mask has another length than the model, or observes nothing
   */
  public static Conditional of(MixtureOfFactorAnalyzers model, boolean[] observed) {
    if (observed.length != model.dims()) {
      throw new InputException(
          "the mask covers " + observed.length + " values, but the model has " + model.dims());
    }
    boolean any = false;
    for (boolean known : observed) {
      any |= known;
    }
    if (!any) {
      throw new InputException(
          "the mask hides every value; leave some to complete the others from");
    }
    return new Conditional(model, observed);
  }

  /** Reconstruction from all values: the projection of a row on its component's subspace. */
  public static Conditional ofEverything(MixtureOfFactorAnalyzers model) {
    boolean[] all = new boolean[model.dims()];
    java.util.Arrays.fill(all, true);
    return new Conditional(model, all);
  }

  /**
   * Log-likelihood of the observed values alone.
   *
   * @param rows {@code [n, d]}; hidden values are not read
   * @return {@code [n]} in nats
   */
  public Tensor logLikelihood(Tensor rows) {
    return NativeScope.compute(() -> observedDensity.logLikelihood(rows.index_select(1, observed)));
  }

  /**
   * The paper's completion: the most probable component given the observed values, {@code z} at its
   * posterior mean, {@code A z + mu}. Observed values are kept as they are when some are hidden.
   *
   * @param rows {@code [n, d]}; hidden values are not read, nothing is written
   * @return {@code [n, d]}
   */
  public Tensor mostProbable(Tensor rows) {
    return NativeScope.compute(
        () -> {
          Tensor known = rows.index_select(1, observed);
          Tensor result = torch.empty_like(rows);
          Tensor labels = observedDensity.mostProbable(known);
          for (ComponentRows chosen : ComponentRows.byLabel(labels, model.components())) {
            try (NativeScope scope = new NativeScope()) {
              int k = chosen.component();
              result.index_copy_(0, chosen.rows(), decode(k, posteriorMean(k, chosen, known)));
            }
          }
          return restore(result, known);
        });
  }

  /**
   * The mean of the hidden values under the whole mixture: least mean squared error. Observed
   * values are kept as they are when some are hidden.
   *
   * @param rows {@code [n, d]}; hidden values are not read, nothing is written
   * @return {@code [n, d]}
   */
  public Tensor mean(Tensor rows) {
    return NativeScope.compute(
        () -> {
          Tensor known = rows.index_select(1, observed);
          Tensor result = torch.zeros_like(rows);
          Tensor weights = observedDensity.responsibilities(known);
          Tensor matters = weights.gt(new org.bytedeco.pytorch.Scalar(1e-6));
          for (ComponentRows chosen : ComponentRows.where(matters)) {
            try (NativeScope scope = new NativeScope()) {
              int k = chosen.component();
              Tensor weight = weights.select(1, k).index_select(0, chosen.rows()).unsqueeze(1);
              Tensor decoded = decode(k, posteriorMean(k, chosen, known)).mul_(weight);
              result.index_add_(0, chosen.rows(), decoded);
            }
          }
          return restore(result, known);
        });
  }

  /**
   * Draws the hidden values: a component by its responsibility, {@code z} from its posterior,
   * {@code A z + mu}, without pixel noise. Observed values are kept as they are when some are
   * hidden.
   *
   * @param rows {@code [n, d]}; hidden values are not read, nothing is written
   * @param random fixes the draws
   * @return {@code [n, d]}
   */
  public Tensor sample(Tensor rows, RandomStream random) {
    return NativeScope.compute(
        () -> {
          Tensor known = rows.index_select(1, observed);
          Tensor result = torch.empty_like(rows);
          Tensor weights = observedDensity.responsibilities(known);
          Tensor uniform =
              random.uniform(model.device(), rows.size(0), 1).to(weights.scalar_type());
          Tensor labels =
              weights
                  .cumsum(1)
                  .lt(uniform)
                  .sum(1)
                  .clamp_max(new org.bytedeco.pytorch.Scalar(model.components() - 1));
          Tensor noise =
              random.normal(model.device(), rows.size(0), model.factors()).to(rows.scalar_type());
          for (ComponentRows chosen : ComponentRows.byLabel(labels, model.components())) {
            try (NativeScope scope = new NativeScope()) {
              int k = chosen.component();
              Tensor root =
                  observedDensity.precision().inverseFactor().select(0, k).to(rows.scalar_type());
              Tensor z =
                  posteriorMean(k, chosen, known)
                      .add_(noise.index_select(0, chosen.rows()).mm(root));
              result.index_copy_(0, chosen.rows(), decode(k, z));
            }
          }
          return restore(result, known);
        });
  }

  private Tensor posteriorMean(int component, ComponentRows chosen, Tensor known) {
    Tensor centred =
        known.index_select(0, chosen.rows()).sub_(observedModel.means().select(0, component));
    return observedDensity.precision().posteriorMean(component, centred);
  }

  private Tensor decode(int component, Tensor z) {
    return z.mm(model.loadings().select(0, component)).add_(model.means().select(0, component));
  }

  private Tensor restore(Tensor result, Tensor known) {
    return keepObserved ? result.index_copy_(1, observed, known) : result;
  }

  @Override
  public void close() {
    observedDensity.close();
    observedModel.close();
    observed.close();
  }
}
