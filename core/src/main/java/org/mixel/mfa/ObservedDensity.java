package org.mixel.mfa;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.mixel.tensor.NativeScope;

/**
 * The density of the observed values of rows in which others are missing, which are NaN; every row
 * has its own.
 *
 * <p>With the mask {@code m} of a row (1 where observed) and {@code V}, {@code G} of the complete
 * rows ({@link WoodburyPrecision}),
 *
 * <pre>
 *   M_nk = G_k^-1 G_k'^-1 + sum_j m_nj psi_kj v_kj v_kj'          b_nk = V_k m_n (x_n - mu_k)
 *   log det Sigma_oo = log det L_k + log det M_nk + sum_j m_nj log psi_kj
 *   distance         = sum_j m_nj (x - mu)_nj^2 / psi_kj - b_nk' M_nk^-1 b_nk
 *   E[z | x_o, k]    = G_k'^-1 M_nk^-1 b_nk,    Cov[z | x_o, k] = G_k'^-1 M_nk^-1 G_k^-1
 * </pre>
 *
 * where {@code v_kj} is a column of {@code V_k}: the equations of complete rows with sums over the
 * observed values, in a basis in which {@code M} is the identity when nothing is missing, so that
 * float32 products lose little. All {@code M} come from one product of masks with the {@code psi v
 * v'}. As in {@link Density}, the components that matter are then evaluated again about their own
 * means, here in float64, with {@code sum_j m_j (x - mu - A E[z])_j^2 / psi_j + |E[z]|^2} for the
 * distance.
 *
 * <p>Rows without missing values take the way of {@link Density}. Of a row that has no observed
 * value, the log-likelihood is 0 and the responsibilities are the weights. Safe to use from several
 * threads, as long as the density is open.
 */
public final class ObservedDensity {
  private static final double MARGIN = 25;
  private static final long BATCH_VALUES = 16 << 20;
  private static final long SLICE_VALUES = 4 << 20;
  private static final long GROUP_VALUES = 8 << 20;

  private final Density density;
  private final MixtureOfFactorAnalyzers model;

  private ObservedDensity(Density density) {
    this.density = density;
    model = density.model();
  }

  /** Answers with a prepared density, which must stay open as long as this. */
  public static ObservedDensity of(Density density) {
    return new ObservedDensity(density);
  }

  /** The model that this evaluates. */
  public MixtureOfFactorAnalyzers model() {
    return model;
  }

  /** A number of rows to ask for at a time: enough that most components have several. */
  public int batchRows() {
    return (int) Math.max(64, Math.min(1 << 14, BATCH_VALUES / model.dims()));
  }

  /** Rows that are worked on at a time, so that what is made on the way takes some 100 MB. */
  private int sliceRows() {
    return (int) Math.max(64, Math.min(2048, SLICE_VALUES / model.dims()));
  }

  /**
   * Natural logs of {@code pi_k p(x_o | k)}; exact to rounding where a component is within 25 nats
   * of the row's most likely one.
   *
   * @param rows {@code [n, d]}, NaN where missing, unchanged
   * @return {@code [n, K]} in nats
   */
  public Tensor logJoint(Tensor rows) {
    return NativeScope.compute(
        () -> {
          Tensor partial = rows.isnan().any(1);
          Tensor incomplete = partial.nonzero().select(1, 0);
          if (incomplete.size(0) == 0) {
            return density.refinedLogJoint(rows);
          }
          if (incomplete.size(0) == rows.size(0)) {
            return logJointOfIncomplete(rows);
          }
          Tensor complete = partial.logical_not().nonzero().select(1, 0);
          Tensor joint = empty(rows.size(0), model.components());
          joint.index_copy_(0, complete, density.refinedLogJoint(rows.index_select(0, complete)));
          joint.index_copy_(0, incomplete, logJointOfIncomplete(rows.index_select(0, incomplete)));
          return joint;
        });
  }

  /**
   * Natural logs of the mixture's density of the observed values; 0 where a row has none.
   *
   * @param rows {@code [n, d]}, NaN where missing, unchanged
   * @return {@code [n]} in nats
   */
  public Tensor logLikelihood(Tensor rows) {
    return NativeScope.compute(() -> logLikelihood(rows, logJoint(rows)));
  }

  /** The same of rows whose {@link #logJoint} is known. */
  Tensor logLikelihood(Tensor rows, Tensor joint) {
    return NativeScope.compute(
        () -> torch.logsumexp(joint, 1).masked_fill_(rows.isnan().all(1, false), new Scalar(0)));
  }

  /**
   * Posterior probabilities of the components given the observed values; each row sums to 1.
   *
   * @param rows {@code [n, d]}, NaN where missing, unchanged
   * @return {@code [n, K]}
   */
  public Tensor responsibilities(Tensor rows) {
    return NativeScope.compute(() -> torch.softmax(logJoint(rows), 1));
  }

  /**
   * The most probable component of each row given its observed values.
   *
   * @param rows {@code [n, d]}, NaN where missing, unchanged
   * @return int64 {@code [n]}
   */
  public Tensor mostProbable(Tensor rows) {
    return rows.isnan().any().item().toBool()
        ? NativeScope.compute(() -> logJoint(rows).argmax(new LongOptional(1), false))
        : density.mostProbable(rows);
  }

  private Tensor logJointOfIncomplete(Tensor rows) {
    Tensor joint = empty(rows.size(0), model.components());
    NativeScope.inParts(
        rows.size(0),
        sliceRows(),
        (from, count) -> approximate(rows.narrow(0, from, count), joint.narrow(0, from, count)));
    refine(rows, joint);
    return joint;
  }

  private Tensor empty(long... shape) {
    return torch.empty(shape, model.means().options(), null);
  }

  /** All components of a batch, in wide products about the mixture's mean. */
  private void approximate(Tensor rows, Tensor joint) {
    long components = model.components();
    long factors = model.factors();
    long width =
        model.dims() * (factors + 1) * (factors + 2) / 2 + rows.size(0) * factors * factors;
    long group = Math.max(1, GROUP_VALUES / width);
    Tensor hidden = rows.isnan();
    Tensor center = model.center();
    Tensor x = rows.to(model.type()).sub(center).masked_fill_(hidden, new Scalar(0)).t();
    Tensor squares = x.square();
    Tensor mask = hidden.logical_not_().to(model.type()).t();
    NativeScope.inParts(
        components,
        group,
        (from, count) ->
            joint
                .narrow(1, from, count)
                .copy_(
                    new MaskedProducts(density, center, from, count)
                        .logJoint(x, squares, mask)
                        .t()));
  }

  private void refine(Tensor rows, Tensor joint) {
    Tensor threshold = joint.amax(new long[] {1}, true).sub_(new Scalar(MARGIN));
    for (ComponentRows chosen : ComponentRows.where(joint.ge(threshold))) {
      try (NativeScope step = new NativeScope()) {
        Tensor x = rows.index_select(0, chosen.rows());
        Tensor exact = posterior(chosen.component(), x).logJoint().to(joint.scalar_type());
        joint.select(1, chosen.component()).index_copy_(0, chosen.rows(), exact);
      }
    }
  }

  /**
   * The posterior of {@code z} under one component, and the component's log-joint, in float64.
   *
   * @param component index of the component
   * @param rows {@code [n, d]}, NaN where missing, unchanged
   */
  public ObservedPosterior posterior(int component, Tensor rows) {
    try (NativeScope scope = new NativeScope()) {
      ObservedComponent prepared = new ObservedComponent(density, component);
      int step = sliceRows();
      List<ObservedPosterior> parts = new ArrayList<>();
      for (long from = 0; from < rows.size(0); from += step) {
        parts.add(prepared.posterior(rows.narrow(0, from, Math.min(step, rows.size(0) - from))));
      }
      return new ObservedPosterior(
          scope.keep(join(parts.stream().map(ObservedPosterior::logJoint))),
          scope.keep(join(parts.stream().map(ObservedPosterior::mean))),
          scope.keep(join(parts.stream().map(ObservedPosterior::root))));
    }
  }

  private static Tensor join(Stream<Tensor> parts) {
    return torch.cat(new TensorVector(parts.toArray(Tensor[]::new)));
  }
}
