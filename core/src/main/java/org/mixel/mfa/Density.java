package org.mixel.mfa;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptionalList;
import org.bytedeco.pytorch.TensorOptionalVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;

/**
 * A mixture prepared for evaluation over batches of rows.
 *
 * <p>{@link #logJoint} is two matrix products: rows against {@code [V; -2 mu/psi]} (width {@code K
 * (l + 1)}) and squared rows against {@code 1/psi} (width {@code K}), both about the mixture's mean
 * so that little cancels. The float32 error that remains grows with the distance to a component, so
 * {@link #responsibilities}, {@link #mostProbable} and {@link Scoring} evaluate the few components
 * that matter again about their own means ({@link Refinement}).
 *
 * <p>Owns native memory until {@link #close()}; safe to use from several threads.
 */
public final class Density implements AutoCloseable {
  /** The float32 error of a likelihood, in nats, above which a row is evaluated again. */
  private static final double TOLERANCE = 5e-3;

  /** The same of the responsibilities of an E-step. */
  private static final double EXPECTATION_TOLERANCE = 5e-2;

  private final MixtureOfFactorAnalyzers model;
  private final WoodburyPrecision precision;

  /** Minus the mixture's mean. */
  private final Tensor shift;

  private final Tensor linear;
  private final Tensor linearOffset;
  private final Tensor constant;

  private final Refinement refinement;

  /** Distance of the farthest point of the unit cube from the mixture's mean. */
  private final double cube;

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
      double reach = Math.sqrt(mu.square().sum(1).max().item().toDouble());
      refinement = new Refinement(model, precision, reach);
      Tensor farthest = torch.maximum(shift.abs(), shift.add(new Scalar(1)).abs_());
      cube = farthest.norm().item().toDouble();
      Tensor quadraticOffset = mu.to(ScalarType.Double).mul(scaled.to(ScalarType.Double)).sum(1);
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
   * A number of rows to hand to {@link #refinedLogJoint} at a time: as many as still have some for
   * every component, within 64 MiB.
   */
  static int blockRows(MixtureOfFactorAnalyzers model) {
    long width = (long) model.dims() + model.components();
    return (int) Math.max(256, Math.min(1 << 14, (16L << 20) / width));
  }

  /**
   * Natural logs of {@code pi_k p(x | k)}.
   *
   * @param rows {@code [n, d]}, unchanged
   * @return {@code [n, K]} in nats; in float32 the error is about 1e-7 of the largest term summed
   */
  public Tensor logJoint(Tensor rows) {
    return inBatches(rows, batch -> evaluate(batch.to(model.type()).add(shift)).logJoint());
  }

  private Tensor inBatches(Tensor rows, UnaryOperator<Tensor> ofBatch) {
    int step = batchRows();
    if (rows.size(0) <= step) {
      return NativeScope.compute(() -> ofBatch.apply(rows));
    }
    return NativeScope.compute(
        () -> {
          Tensor joint =
              torch.empty(new long[] {rows.size(0), model.components()}, linear.options(), null);
          NativeScope.inParts(
              rows.size(0),
              step,
              (from, count) ->
                  joint.narrow(0, from, count).copy_(ofBatch.apply(rows.narrow(0, from, count))));
          return joint;
        });
  }

  /**
   * {@link #logJoint} and what it comes from, for rows that are shifted already.
   *
   * @param shifted rows plus {@link #shift}, {@code [n, d]} in the model's type, of a number near
   *     {@link #batchRows()} or less; squared in place
   * @return both tensors belong to the current scope
   */
  private Evaluated evaluate(Tensor shifted) {
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
   * @param shifted rows plus {@link #shift}, {@code [n, d]} in the model's type; used as scratch
   * @param components int64 {@code [C]}
   * @return both tensors belong to the current scope
   */
  private Evaluated evaluate(Tensor shifted, Tensor components) {
    return evaluate(
        shifted,
        linear.index_select(1, components),
        linearOffset.index_select(1, components),
        precision.inverseNoise().index_select(0, components),
        constant.index_select(0, components));
  }

  /**
   * Consecutive rows under all components, for an E-step: what float32 gets wrong by more than
   * {@link #EXPECTATION_TOLERANCE} nats is evaluated again.
   *
   * @param start first row, counted within the batch
   * @param size rows, of a number near {@link #batchRows()} or less
   * @return both tensors belong to the current scope
   */
  public Evaluated expect(RowReader.Batch batch, long start, long size) {
    Tensor x = batch.less(shift, start, size);
    Evaluated all = evaluate(x);
    expect(all, null, batch, x, () -> batch.less(torch.zeros_like(shift), start, size));
    return all;
  }

  /**
   * Chosen rows under chosen components, for an E-step, as {@link #expect(RowReader.Batch, long,
   * long)}.
   *
   * @param index int64 rows, counted within the batch
   * @param components int64 {@code [C]}
   * @return both tensors belong to the current scope
   */
  public Evaluated expect(RowReader.Batch batch, Tensor index, Tensor components) {
    Tensor x = batch.less(shift, index);
    Evaluated chosen = evaluate(x, components);
    expect(chosen, components, batch, x, () -> batch.less(torch.zeros_like(shift), index));
    return chosen;
  }

  /**
   * @param x squared rows about the mixture's mean
   * @param rows the rows themselves
   */
  private void expect(
      Evaluated evaluated,
      @Nullable Tensor components,
      RowReader.Batch batch,
      Tensor x,
      Supplier<Tensor> rows) {
    boolean harmless =
        batch.liesInUnitCube() && refinement.harmlessReach(EXPECTATION_TOLERANCE) >= cube;
    if (harmless || model.type() == ScalarType.Double) {
      return;
    }
    refinement.apply(evaluated, components, norms(x), rows, EXPECTATION_TOLERANCE);
  }

  private Tensor norms(Tensor squares) {
    return squares.sum(new long[] {1}, true, new ScalarTypeOptional(model.type()));
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
    return NativeScope.compute(() -> refinedLogJoint(rows).argmax(new LongOptional(1), false));
  }

  /**
   * {@link #logJoint}, exact to {@link #TOLERANCE} or float32 rounding of the result where that is
   * more, in the entries that matter.
   *
   * @return {@code [n, K]} in nats
   */
  Tensor refinedLogJoint(Tensor rows) {
    return inBatches(rows, batch -> evaluateRefined(batch).logJoint());
  }

  /**
   * {@link #refinedLogJoint} together with what it is made of.
   *
   * @param rows {@code [n, d]}, unchanged, of a number near {@link #batchRows()} or less
   * @return both tensors belong to the current scope
   */
  Evaluated evaluateRefined(Tensor rows) {
    Tensor typed = rows.to(model.type());
    Tensor x = typed.add(shift);
    Evaluated all = evaluate(x);
    refinement.apply(all, null, norms(x), () -> typed, TOLERANCE);
    return all;
  }

  @Override
  public void close() {
    refinement.close();
    precision.close();
    shift.close();
    linear.close();
    linearOffset.close();
    constant.close();
  }
}
