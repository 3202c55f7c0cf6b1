package org.mixel.mfa;

import static org.mixel.InputException.require;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/**
 * The distribution of the hidden values of a row given its observed ones (the paper's appendix
 * A.3): hidden by one mask for all rows, or missing (NaN) in the row itself, or both.
 *
 * <p>The observed values follow the marginal mixture, whose responsibilities and posteriors of
 * {@code z} are those of the whole mixture given the observed part. Hidden values are then {@code
 * A_h z + mu_h} (plus noise), component by component. With every value observed this is the
 * reconstruction of the row. Rows that share a mask are faster than rows with one each ({@link
 * ObservedDensity}); the rows of a call decide which way is taken. A row in which nothing is
 * observed gets what the mixture says of any row.
 *
 * <p>Posteriors are those of {@link MixtureOfFactorAnalyzers#forPosteriors}; the noise of a hidden
 * value is the density's.
 *
 * <p>Owns native memory until {@link #close()}; safe to use from several threads.
 */
public final class Conditional implements AutoCloseable {
  private final MixtureOfFactorAnalyzers model;
  private final MixtureOfFactorAnalyzers posterior;
  private final boolean keepObserved;
  private final @Nullable Shared shared;
  private @Nullable Density density;

  /** The mask of all rows, and the marginal mixture of what it leaves: the posterior's if all. */
  private record Shared(Tensor observed, MixtureOfFactorAnalyzers marginal, Density density) {}

  private Conditional(
      MixtureOfFactorAnalyzers model,
      MixtureOfFactorAnalyzers posterior,
      boolean keepObserved,
      @Nullable Shared shared) {
    this.model = model;
    this.posterior = posterior;
    this.keepObserved = keepObserved;
    this.shared = shared;
  }

  /**
   * @param model must stay open as long as this
   * @param observed which of the {@code d} values are known, unless they are NaN
   * @throws InputException if the mask has another length than the model, or observes nothing
   */
  public static Conditional of(MixtureOfFactorAnalyzers model, boolean[] observed) {
    require(
        observed.length == model.dims(),
        "the mask covers %d values, but the model has %d".formatted(observed.length, model.dims()));
    long[] chosen =
        IntStream.range(0, observed.length).filter(j -> observed[j]).asLongStream().toArray();
    require(
        chosen.length > 0, "the mask hides every value; leave some to complete the others from");
    MixtureOfFactorAnalyzers posterior = model.forPosteriors();
    try (NativeScope scope = new NativeScope()) {
      Tensor index = Tensors.of(chosen, chosen.length).to(model.device(), ScalarType.Long);
      boolean someHidden = chosen.length < observed.length;
      MixtureOfFactorAnalyzers marginal = someHidden ? posterior.marginal(index) : posterior;
      try {
        Density density = Density.of(marginal);
        Shared shared = new Shared(NativeScope.own(index), marginal, density);
        return new Conditional(model, posterior, someHidden, shared);
      } catch (RuntimeException e) {
        if (marginal != posterior) {
          marginal.close();
        }
        throw e;
      }
    } catch (RuntimeException e) {
      posterior.close();
      throw e;
    }
  }

  /**
   * Rows that tell by NaN themselves what is hidden.
   *
   * @param model must stay open as long as this
   */
  public static Conditional ofMissing(MixtureOfFactorAnalyzers model) {
    return new Conditional(model, model.forPosteriors(), true, null);
  }

  /** Reconstruction from all values: the projection of a row on its component's subspace. */
  public static Conditional ofEverything(MixtureOfFactorAnalyzers model) {
    boolean[] all = new boolean[model.dims()];
    Arrays.fill(all, true);
    return of(model, all);
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
          Evidence evidence = evidence(rows);
          return complete(
              rows, evidence, evidence.mostProbable(), chosen -> evidence.latent(chosen).mean());
        });
  }

  /**
   * The posterior mean of {@code z} of each row under one component.
   *
   * @param rows {@code [n, d]}; hidden values are not read
   * @param labels the components, int64 {@code [n]}
   * @return {@code [n, l]}
   */
  Tensor factors(Tensor rows, Tensor labels) {
    return NativeScope.compute(
        () -> {
          Evidence evidence = evidence(rows);
          Tensor result =
              torch.empty(new long[] {rows.size(0), model.factors()}, rows.options(), null);
          for (ComponentRows chosen : ComponentRows.byLabel(labels, model.components())) {
            result.index_copy_(0, chosen.rows(), evidence.latent(chosen).mean());
          }
          return result;
        });
  }

  /** Each row by its one component, with {@code z} of the component's rows. */
  private Tensor complete(
      Tensor rows, Evidence evidence, Tensor labels, Function<ComponentRows, Tensor> z) {
    Tensor result = torch.empty_like(rows);
    for (ComponentRows chosen : ComponentRows.byLabel(labels, model.components())) {
      try (NativeScope scope = new NativeScope()) {
        result.index_copy_(0, chosen.rows(), decode(chosen.component(), z.apply(chosen)));
      }
    }
    return keepObserved ? evidence.restore(result, Double.NaN) : result;
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
          Evidence evidence = evidence(rows);
          Tensor result =
              evidence instanceof Evidence.SharedMask same
                  ? mean(rows, same)
                  : mean(rows, evidence, evidence.responsibilities());
          return keepObserved ? evidence.restore(result, Double.NaN) : result;
        });
  }

  /** The mean without a loop over components, batch by batch. */
  private Tensor mean(Tensor rows, Evidence.SharedMask evidence) {
    Tensor result = torch.empty_like(rows);
    NativeScope.inParts(
        rows.size(0),
        evidence.density().batchRows(),
        (from, count) ->
            result
                .narrow(0, from, count)
                .copy_(mean(evidence.density(), evidence.known().narrow(0, from, count))));
    return result;
  }

  private Tensor mean(Density density, Tensor known) {
    Density.Evaluated seen = density.evaluateRefined(known);
    Tensor weights = torch.softmax(seen.logJoint(), 1);
    Tensor matters = weights.gt(negligible(weights));
    Tensor pairs = matters.nonzero();
    Tensor components = pairs.select(1, 1).contiguous();
    Tensor z = density.precision().posteriorMeans(seen.whitened(), pairs.select(1, 0), components);
    Tensor counts = matters.sum(1);
    Tensor starts = counts.cumsum(0).sub_(counts);
    return new Decoder(model).sums(components, z, weights.masked_select(matters), starts);
  }

  private Tensor mean(Tensor rows, Evidence evidence, Tensor weights) {
    Tensor result = torch.zeros_like(rows);
    for (ComponentRows chosen : matter(weights)) {
      try (NativeScope scope = new NativeScope()) {
        Tensor decoded = decode(chosen.component(), evidence.latent(chosen).mean());
        result.index_add_(0, chosen.rows(), decoded.mul_(weightOf(chosen, weights)));
      }
    }
    return result;
  }

  /**
   * The variance of each hidden value under the whole mixture, pixel noise included: that within
   * the components and that between their means (law of total variance). Of observed values it is
   * 0.
   *
   * @param rows {@code [n, d]}; hidden values are not read, nothing is written
   * @return {@code [n, d]}, in squared units of the data
   */
  public Tensor variance(Tensor rows) {
    return NativeScope.compute(
        () -> {
          Evidence evidence = evidence(rows);
          Tensor weights = evidence.responsibilities();
          Tensor mean = mean(rows, evidence, weights);
          Tensor result = torch.zeros_like(rows);
          for (ComponentRows chosen : matter(weights)) {
            try (NativeScope scope = new NativeScope()) {
              int k = chosen.component();
              Evidence.Latent latent = evidence.latent(chosen);
              Tensor spread =
                  decode(k, latent.mean())
                      .sub_(mean.index_select(0, chosen.rows()))
                      .square_()
                      .add_(latent.variance(model.loadings().select(0, k)))
                      .add_(model.noiseVariance().select(0, k));
              result.index_add_(0, chosen.rows(), spread.mul_(weightOf(chosen, weights)));
            }
          }
          return evidence.restore(result, 0);
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
          Evidence evidence = evidence(rows);
          Tensor weights = evidence.responsibilities();
          Tensor uniform =
              random.uniform(model.device(), rows.size(0), 1).to(weights.scalar_type());
          Tensor labels =
              weights.cumsum(1).lt(uniform).sum(1).clamp_max(new Scalar(model.components() - 1));
          Tensor noise =
              random.normal(model.device(), rows.size(0), model.factors()).to(rows.scalar_type());
          return complete(
              rows,
              evidence,
              labels,
              chosen -> evidence.latent(chosen).draw(noise.index_select(0, chosen.rows())));
        });
  }

  private Evidence evidence(Tensor rows) {
    Tensor own = rows;
    if (shared != null) {
      Tensor known = keepObserved ? rows.index_select(1, shared.observed()) : rows;
      if (!known.isnan().any().item().toBool()) {
        return new Evidence.SharedMask(shared.density(), shared.observed(), known);
      }
      own = torch.full_like(rows, new Scalar(Double.NaN));
      own.index_copy_(1, shared.observed(), known);
    }
    return new Evidence.RowMasks(ObservedDensity.of(density()), own);
  }

  /** The density of the whole model; many masks never need it. */
  private synchronized Density density() {
    if (density == null) {
      density = Density.of(posterior);
    }
    return density;
  }

  /** The components that have a say in each row, as far as the numbers' type can tell. */
  private static Iterable<ComponentRows> matter(Tensor weights) {
    return ComponentRows.where(weights.gt(negligible(weights)));
  }

  private static Scalar negligible(Tensor weights) {
    boolean exact = Tensors.type(weights) == ScalarType.Double;
    return new Scalar(exact ? 1e-14 : 1e-6);
  }

  private static Tensor weightOf(ComponentRows chosen, Tensor weights) {
    return weights.select(1, chosen.component()).index_select(0, chosen.rows()).unsqueeze(1);
  }

  private Tensor decode(int component, Tensor z) {
    return z.mm(model.loadings().select(0, component)).add_(model.means().select(0, component));
  }

  @Override
  public synchronized void close() {
    if (shared != null) {
      shared.density().close();
      if (shared.marginal() != posterior) {
        shared.marginal().close();
      }
      shared.observed().close();
    }
    if (density != null) {
      density.close();
    }
    posterior.close();
  }
}
