package org.mixel.mfa;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptionalList;
import org.bytedeco.pytorch.TensorOptionalVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;

/**
 * A mixture prepared for evaluation over batches of rows.
 *
 * <p>{@link #logJoint} is two matrix products: rows against {@code [V; -2 mu/psi]} (width {@code K
 * (l + 1)}) and squared rows against {@code 1/psi} (width {@code K}), both about the mixture's mean
 * so that little cancels. The float32 error that remains grows with the distance to a component, so
 * {@link #logLikelihood} evaluates the few components that matter again about their own means,
 * where nothing cancels: with {@code z = E[z | x, k]} the squared Mahalanobis distance is {@code
 * sum_j (x - mu - A z)_j^2 / psi_j + |z|^2}.
 *
 * <p>Owns native memory until {@link #close()}; safe to use from several threads.
 */
public final class Density implements AutoCloseable {
  /** Components this many nats below the best contribute less than 1e-10 to a row's density. */
  private static final double MARGIN = 25;

  /** The float32 error, in nats, above which a row is evaluated again. */
  private static final double TOLERANCE = 5e-3;

  /** Unit of float32 rounding. */
  private static final double ROUNDING = 0x1p-24;

  private final MixtureOfFactorAnalyzers model;
  private final WoodburyPrecision precision;
  private final Tensor shift;
  private final Tensor linear;
  private final Tensor linearOffset;
  private final Tensor constant;

  /** Distance of the farthest component's mean from the mixture's. */
  private final double reach;

  private final double greatestPrecision;

  private Density(MixtureOfFactorAnalyzers model) {
    this.model = model;
    precision = WoodburyPrecision.of(model);
    int components = model.components();
    int factors = model.factors();
    int dims = model.dims();
    ScalarType type = model.type();
    try (NativeScope scope = new NativeScope()) {
      shift = NativeScope.own(model.center().neg());
      Tensor mu = model.means().add(shift);
      Tensor scaled = mu.mul(precision.inverseNoise());
      // Factor-major, so that the sum of squares over factors runs along contiguous components.
      Tensor weights = torch.empty(new long[] {factors + 1L, components, dims}, mu.options(), null);
      weights.narrow(0, 0, factors).copy_(precision.whitenedLoadings().transpose(0, 1));
      weights.select(0, factors).copy_(scaled).mul_(new Scalar(-2));
      Tensor offset = torch.zeros(new long[] {factors + 1L, components}, mu.options());
      offset
          .narrow(0, 0, factors)
          .copy_(torch.bmm(precision.whitenedLoadings(), mu.unsqueeze(2)).squeeze(2).t())
          .neg_();
      linear = NativeScope.own(weights);
      linearOffset = NativeScope.own(offset);
      reach = Math.sqrt(mu.square().sum(1).max().item().toDouble());
      greatestPrecision = precision.inverseNoise().max().item().toDouble();
      Tensor quadraticOffset = mu.to(ScalarType.Double).mul_(scaled.to(ScalarType.Double)).sum(1);
      constant =
          NativeScope.own(
              quadraticOffset
                  .add_(precision.logDeterminant())
                  .add_(new Scalar(model.logNormalizer()))
                  .mul_(new Scalar(-0.5))
                  .add_(model.logWeights().to(ScalarType.Double))
                  .to(type));
    }
  }

  /** Prepares a model, which must stay open as long as this. */
  public static Density of(MixtureOfFactorAnalyzers model) {
    return new Density(model);
  }

  /** The model that this evaluates. */
  public MixtureOfFactorAnalyzers model() {
    return model;
  }

  /** The components' inverse covariances. */
  public WoodburyPrecision precision() {
    return precision;
  }

  /** A batch size at which what {@link #logJoint} makes on the way stays near the cache. */
  public int batchRows() {
    return RowReader.rowsFor(Math.max(model.dims(), (long) model.components() * model.factors()));
  }

  /**
   * A number of rows to hand to {@link #logLikelihood} at a time: as many as still have some for
   * every component, within 64 MiB.
   */
  static int blockRows(MixtureOfFactorAnalyzers model) {
    long width = (long) model.dims() + model.components();
    return (int) Math.max(256, Math.min(1 << 14, (16L << 20) / width));
  }

  /**
   * A good number of complete rows to hand to {@link #logLikelihood} at a time: few, so that they
   * stay near the cache, unless many of them will have to be evaluated again by component.
   */
  int scoringRows() {
    return harmlessReach() > 1.5 * reach ? batchRows() : blockRows(model);
  }

  /**
   * How far from the mixture's mean a row may lie for float32 to lose no more than {@link
   * #TOLERANCE}; negative if it always does, or the model is a float64 reference.
   */
  private double harmlessReach() {
    return model.type() == ScalarType.Double
        ? -1
        : Math.sqrt(TOLERANCE / ROUNDING / greatestPrecision) - reach;
  }

  /**
   * Natural logs of {@code pi_k p(x | k)}.
   *
   * @param rows {@code [n, d]}, unchanged
   * @return {@code [n, K]} in nats; in float32 the error is about 1e-7 of the largest term summed
   */
  public Tensor logJoint(Tensor rows) {
    int step = batchRows();
    if (rows.size(0) <= step) {
      return logJointOfBatch(rows);
    }
    return NativeScope.compute(
        () -> {
          Tensor joint =
              torch.empty(new long[] {rows.size(0), model.components()}, linear.options(), null);
          NativeScope.inParts(
              rows.size(0),
              step,
              (from, count) ->
                  joint.narrow(0, from, count).copy_(logJointOfBatch(rows.narrow(0, from, count))));
          return joint;
        });
  }

  private Tensor logJointOfBatch(Tensor rows) {
    return NativeScope.compute(() -> evaluate(rows.to(model.type()).add(shift)).logJoint());
  }

  /** Minus the mixture's mean; added to rows for the methods that take shifted ones. */
  public Tensor shift() {
    return shift;
  }

  /**
   * {@link #logJoint} and what it comes from, for rows that are shifted already.
   *
   * @param shifted rows plus {@link #shift()}, {@code [n, d]} in the model's type, of a number near
   *     {@link #batchRows()} or less; squared in place
   * @return both tensors belong to the current scope
   */
  public Evaluated evaluate(Tensor shifted) {
    return evaluate(shifted, linear, linearOffset, precision.inverseNoise(), constant);
  }

  /**
   * Some rows under some components.
   *
   * @param logJoint natural logs of {@code pi_k p(x | k)}, {@code [n, C]}
   * @param whitened {@code V_k (x - mu_k)}, factor after factor, {@code [n, l, C]}
   */
  public record Evaluated(Tensor logJoint, Tensor whitened) {
    /**
     * {@code V_k (x - mu_k)} of chosen pairs.
     *
     * @param rows int64 {@code [pairs]}
     * @param components int64 {@code [pairs]}, counted among those evaluated
     * @return {@code [pairs, l]}, owned by the current scope
     */
    public Tensor whitenedOf(Tensor rows, Tensor components) {
      return NativeScope.compute(
          () ->
              whitened
                  .transpose(1, 2)
                  .index(
                      new TensorOptionalList(
                          new TensorOptionalVector(
                              new TensorOptional(rows), new TensorOptional(components)))));
    }
  }

  /**
   * {@link #evaluate(Tensor)} of chosen components only.
   *
   * @param shifted rows plus {@link #shift()}, {@code [n, d]} in the model's type; used as scratch
   * @param components int64 {@code [C]}
   * @return both tensors belong to the current scope
   */
  public Evaluated evaluate(Tensor shifted, Tensor components) {
    return evaluate(
        shifted,
        linear.index_select(1, components),
        linearOffset.index_select(1, components),
        precision.inverseNoise().index_select(0, components),
        constant.index_select(0, components));
  }

  private Evaluated evaluate(
      Tensor x, Tensor weights, Tensor offset, Tensor quadratic, Tensor constants) {
    long components = quadratic.size(0);
    long factors = weights.size(0) - 1;
    Tensor products =
        x.mm(weights.view((factors + 1) * components, x.size(1)).t())
            .add_(offset.view((factors + 1) * components));
    Tensor joint = products.narrow(1, factors * components, components);
    joint.addmm_(x.mul_(x), quadratic.t());
    for (long f = 0; f < factors; f++) {
      Tensor whitened = products.narrow(1, f * components, components);
      joint.addcmul_(whitened, whitened, new Scalar(-1));
    }
    Tensor whitened =
        products.narrow(1, 0, factors * components).view(x.size(0), factors, components);
    return new Evaluated(torch.add(constants, joint, new Scalar(-0.5)), whitened);
  }

  /**
   * Natural logs of the mixture's density.
   *
   * @param rows {@code [n, d]}, unchanged
   * @return {@code [n]} in nats
   */
  public Tensor logLikelihood(Tensor rows) {
    return NativeScope.compute(() -> torch.logsumexp(refinedLogJoint(rows), 1));
  }

  /**
   * Posterior probabilities of the components; each row sums to 1.
   *
   * @param rows {@code [n, d]}, unchanged
   * @return {@code [n, K]}
   */
  public Tensor responsibilities(Tensor rows) {
    return NativeScope.compute(() -> torch.softmax(refinedLogJoint(rows), 1));
  }

  /**
   * The most probable component of each row.
   *
   * @param rows {@code [n, d]}, unchanged
   * @return int64 {@code [n]}
   */
  public Tensor mostProbable(Tensor rows) {
    return NativeScope.compute(() -> logJoint(rows).argmax(new LongOptional(1), false));
  }

  /**
   * {@link #logJoint}, exact to {@link #TOLERANCE} or float32 rounding of the result where that is
   * more: in rows that need it, the entries within {@link #MARGIN} nats of the largest are
   * evaluated about the component's own mean.
   *
   * @return {@code [n, K]} in nats
   */
  Tensor refinedLogJoint(Tensor rows) {
    return NativeScope.compute(
        () -> {
          Tensor joint =
              torch.empty(new long[] {rows.size(0), model.components()}, linear.options(), null);
          Tensor squares = torch.empty(new long[] {rows.size(0), 1}, linear.options(), null);
          NativeScope.inParts(
              rows.size(0),
              batchRows(),
              (from, count) -> {
                Tensor x = rows.narrow(0, from, count).to(model.type()).add(shift);
                joint.narrow(0, from, count).copy_(evaluate(x).logJoint());
                squares
                    .narrow(0, from, count)
                    .copy_(x.sum(new long[] {1}, true, new ScalarTypeOptional(model.type())));
              });
          refine(joint, rows, squares);
          return joint;
        });
  }

  /**
   * {@link #refinedLogJoint} together with what it is made of.
   *
   * @param rows {@code [n, d]}, unchanged, of a number near {@link #batchRows()} or less
   * @return both tensors belong to the current scope
   */
  Evaluated evaluateRefined(Tensor rows) {
    Tensor x = rows.to(model.type()).add(shift);
    Evaluated all = evaluate(x);
    refine(all.logJoint(), rows, x.sum(new long[] {1}, true, new ScalarTypeOptional(model.type())));
    return all;
  }

  /**
   * @param squares squared norms of the rows about the mixture's mean, {@code [n, 1]}
   */
  private void refine(Tensor joint, Tensor rows, Tensor squares) {
    double harmless = harmlessReach();
    Tensor doubtful = squares.gt(new Scalar(harmless < 0 ? -1 : harmless * harmless));
    if (!doubtful.any().item().toBool()) {
      return;
    }
    Tensor threshold = joint.amax(new long[] {1}, true).sub_(new Scalar(MARGIN));
    for (ComponentRows chosen : ComponentRows.where(joint.ge(threshold).logical_and_(doubtful))) {
      try (NativeScope step = new NativeScope()) {
        Tensor x = rows.index_select(0, chosen.rows()).to(model.type());
        joint
            .select(1, chosen.component())
            .index_copy_(0, chosen.rows(), logJoint(chosen.component(), x));
      }
    }
  }

  /**
   * Natural logs of {@code pi_k p(x | k)} under one component, without cancellation.
   *
   * @param component index of the component
   * @param rows {@code [n, d]}, changed: used as scratch
   * @return {@code [n]} in nats
   */
  private Tensor logJoint(int component, Tensor rows) {
    return NativeScope.compute(
        () -> {
          Tensor x = rows.sub_(model.means().select(0, component));
          Tensor z = precision.posteriorMean(component, x);
          x.addmm_(z, model.loadings().select(0, component), new Scalar(1), new Scalar(-1));
          Tensor distance =
              x.mul_(x)
                  .mul_(precision.inverseNoise().select(0, component))
                  .sum(new long[] {1}, false, new ScalarTypeOptional(ScalarType.Double))
                  .add_(z.to(ScalarType.Double).square().sum(1));
          double rest =
              precision.logDeterminant().select(0, component).item().toDouble()
                  + model.logNormalizer();
          double weight = model.logWeights().select(0, component).item().toDouble();
          return distance
              .add_(new Scalar(rest))
              .mul_(new Scalar(-0.5))
              .add_(new Scalar(weight))
              .to(model.type());
        });
  }

  @Override
  public void close() {
    precision.close();
    shift.close();
    linear.close();
    linearOffset.close();
    constant.close();
  }
}
