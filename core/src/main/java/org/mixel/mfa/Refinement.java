package org.mixel.mfa;

import java.util.function.Supplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;

/**
 * The second look at entries of a log-joint that matter, where the products of {@link Density}
 * about the mixture's mean lose too much: with {@code z = E[z | x, k]} the squared Mahalanobis
 * distance is {@code sum_j (x - mu - A z)_j^2 / psi_j + |z|^2}, in which nothing cancels. It is
 * least at this {@code z}, so that of the products is good enough, unless float64 is expected or
 * means lie very far apart.
 *
 * <p>All pairs of row and component are evaluated together, without a loop over components.
 */
final class Refinement implements AutoCloseable {
  /** Components this many nats below the best contribute less than 1e-10 to a row's density. */
  private static final double MARGIN = 25;

  /** The largest margin that errors of the products may ask for. */
  private static final double MOST_MARGIN = 250;

  /** Nats lost between means from which on the products give no {@code z}: its error is squared. */
  private static final double MOST_LOST = 1e3;

  /** Unit of float32 rounding. */
  private static final double ROUNDING = 0x1p-24;

  private final MixtureOfFactorAnalyzers model;
  private final WoodburyPrecision precision;
  private final Tensor constant;

  /** Distance of the farthest component's mean from the mixture's. */
  private final double reach;

  private final double greatestPrecision;

  /** Whether {@code z} is taken from the row about the component's own mean, too. */
  private final boolean exact;

  /**
   * @param model must stay open as long as this
   * @param precision of the model; must stay open as long as this
   * @param reach distance of the farthest component's mean from the mixture's
   */
  Refinement(MixtureOfFactorAnalyzers model, WoodburyPrecision precision, double reach) {
    this.model = model;
    this.precision = precision;
    this.reach = reach;
    try (NativeScope scope = new NativeScope()) {
      greatestPrecision = precision.inverseNoise().max().item().toDouble();
      exact =
          model.type() == ScalarType.Double
              || !(ROUNDING * greatestPrecision * reach * reach <= MOST_LOST);
      constant =
          NativeScope.own(
              precision
                  .logDeterminant()
                  .add(new Scalar(model.logNormalizer()))
                  .mul_(new Scalar(-0.5))
                  .add_(model.logWeights().to(ScalarType.Double)));
    }
  }

  /**
   * How far from the mixture's mean a row may lie for the products to lose no more than a
   * tolerance; negative if they always do, or the model is a float64 reference.
   *
   * @param tolerance nats
   */
  double harmlessReach(double tolerance) {
    return model.type() == ScalarType.Double
        ? -1
        : Math.sqrt(tolerance / ROUNDING / greatestPrecision) - reach;
  }

  /**
   * Evaluates again what matters in rows that need it: the entries within {@link #MARGIN} nats of
   * the largest, or farther below by as much as the products may be wrong.
   *
   * @param evaluated the products' answer, whose log-joint is changed
   * @param components int64 {@code [C]}, those evaluated; null for all
   * @param squares squared norms of the rows about the mixture's mean, {@code [n, 1]}
   * @param rows gives the rows, {@code [n, d]} in the model's type; asked only if some need it
   * @param tolerance nats that the products may lose
   */
  void apply(
      Density.Evaluated evaluated,
      @Nullable Tensor components,
      Tensor squares,
      Supplier<Tensor> rows,
      double tolerance) {
    try (NativeScope scope = new NativeScope()) {
      double harmless = harmlessReach(tolerance);
      Tensor doubtful = squares.gt(new Scalar(harmless < 0 ? -1 : harmless * harmless));
      if (!doubtful.any().item().toBool()) {
        return;
      }
      Tensor joint = evaluated.logJoint();
      Tensor threshold = joint.amax(new long[] {1}, true).sub_(margin(squares));
      Tensor pairs = joint.ge(threshold).logical_and_(doubtful).nonzero();
      Tensor x = rows.get();
      Tensor entries = joint.view(-1);
      long width = exact ? (model.factors() + 1L) * model.dims() : model.dims();
      NativeScope.inParts(
          pairs.size(0),
          model.device().is_cpu() ? RowReader.rowsFor(width) : Devices.rowsPerStep(width),
          (from, count) -> {
            Tensor row = pairs.narrow(0, from, count).select(1, 0).contiguous();
            Tensor column = pairs.narrow(0, from, count).select(1, 1).contiguous();
            Tensor component = components == null ? column : components.index_select(0, column);
            Tensor y = x.index_select(0, row).sub_(model.means().index_select(0, component));
            Tensor whitened = exact ? whitened(y, component) : evaluated.whitenedOf(row, column);
            Tensor value = logJoint(y, component, whitened);
            Tensor place = row.mul(new Scalar(joint.size(1))).add_(column);
            entries.index_copy_(0, place, value.to(joint.scalar_type()));
          });
    }
  }

  /** How far below the best an entry may lie and still matter, {@code [n, 1]} in nats. */
  private Tensor margin(Tensor squares) {
    double rounding = model.type() == ScalarType.Double ? 0 : ROUNDING;
    // Both of two entries may be wrong.
    return squares
        .sqrt()
        .add_(new Scalar(reach))
        .square_()
        .mul_(new Scalar(2 * rounding * greatestPrecision))
        .add_(new Scalar(MARGIN))
        .clamp_max_(new Scalar(MOST_MARGIN));
  }

  private Tensor whitened(Tensor y, Tensor components) {
    Tensor each = precision.whitenedLoadings().index_select(0, components);
    return each.bmm(y.unsqueeze(2)).squeeze(2);
  }

  /**
   * Natural logs of {@code pi_k p(x | k)} of pairs.
   *
   * @param y {@code x - mu_k}, {@code [p, d]}; used as scratch
   * @param components int64 {@code [p]}
   * @param whitened {@code V_k (x - mu_k)}, {@code [p, l]}
   * @return {@code [p]} in nats, float64
   */
  private Tensor logJoint(Tensor y, Tensor components, Tensor whitened) {
    Tensor z =
        precision
            .inverseFactor()
            .index_select(0, components)
            .mul_(whitened.to(ScalarType.Double).unsqueeze(2))
            .sum(1);
    y.sub_(new Decoder(model).factors(components, z.to(model.type())));
    Tensor left =
        y.mul_(y)
            .mul_(precision.inverseNoise().index_select(0, components))
            .sum(new long[] {1}, false, new ScalarTypeOptional(model.type()));
    Tensor distance = z.square_().sum(1).add_(left);
    return torch.add(constant.index_select(0, components), distance, new Scalar(-0.5));
  }

  @Override
  public void close() {
    constant.close();
  }
}
