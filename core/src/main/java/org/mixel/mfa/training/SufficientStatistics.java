package org.mixel.mfa.training;

import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.ObservedPosterior;
import org.mixel.mfa.WoodburyPrecision;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * The sums over rows that an M-step needs, per component (the package's equations), gathered about
 * the means of the model whose posteriors were used.
 *
 * <p>Statistics gathered with the same model add up. Not safe for use by several threads: give each
 * its own and {@link #merge}. Owns native memory until {@link #close()}.
 */
public final class SufficientStatistics implements AutoCloseable {
  /** Smaller responsibilities are dropped. */
  static final double NEGLIGIBLE = 1e-6;

  /**
   * How much larger than the noise the variances of factors may be for sums in float32. What
   * factors leave of a value is the difference of sums, whose error is about 1e-6 of the larger
   * ones.
   */
  private static final double MOST_CONTRAST = 1e4;

  private final MixtureOfFactorAnalyzers model;
  private final Tensor s0;
  private final Tensor szz;
  private final Tensor sxz;
  private final Tensor sxx;
  private double rows;
  private double logLikelihood;

  private SufficientStatistics(MixtureOfFactorAnalyzers model) {
    this.model = model;
    long components = model.components();
    long width = model.factors() + 1L;
    try (NativeScope scope = new NativeScope()) {
      s0 = NativeScope.own(Devices.zeros(model.device(), ScalarType.Double, components));
      szz =
          NativeScope.own(
              Devices.zeros(model.device(), ScalarType.Double, components, width, width));
      ScalarType type = type(model);
      sxz = NativeScope.own(Devices.zeros(model.device(), type, components, width, model.dims()));
      sxx = NativeScope.own(Devices.zeros(model.device(), type, components, model.dims()));
    }
  }

  /** The type of sums over rows: float64 where float32 would lose the noise. */
  private static ScalarType type(MixtureOfFactorAnalyzers model) {
    try (NativeScope scope = new NativeScope()) {
      double most =
          Math.max(
              model.loadings().max().item().toDouble(), -model.loadings().min().item().toDouble());
      double noise = model.noiseVariance().min().item().toDouble();
      return model.factors() * most * most > MOST_CONTRAST * noise
          ? ScalarType.Double
          : model.type();
    }
  }

  /** No rows yet. */
  static SufficientStatistics empty(MixtureOfFactorAnalyzers model) {
    return new SufficientStatistics(model);
  }

  /**
   * The statistics that a pass over rows gathers.
   *
   * @param model whose posteriors they hold
   * @param pass adds the rows; when it fails, nothing is left behind
   * @return the caller closes them
   */
  public static SufficientStatistics gather(
      MixtureOfFactorAnalyzers model, Consumer<SufficientStatistics> pass) {
    SufficientStatistics statistics = new SufficientStatistics(model);
    try {
      pass.accept(statistics);
      return statistics;
    } catch (RuntimeException | Error e) {
      statistics.close();
      throw e;
    }
  }

  /**
   * Adds rows to one component.
   *
   * @param component index of the component
   * @param precision of the model that these statistics are about
   * @param centred the rows less the component's mean, {@code [n, d]} in the model's type; used as
   *     scratch
   * @param weights the rows' responsibilities, {@code [n]} in the model's type
   * @param whitened {@code V_k (x - mu_k)}, {@code [n, l]}
   */
  void add(
      int component, WoodburyPrecision precision, Tensor centred, Tensor weights, Tensor whitened) {
    try (NativeScope scope = new NativeScope()) {
      ScalarType type = sxz.scalar_type();
      long factors = model.factors();
      Tensor inverse = precision.inverseFactor().select(0, component);
      Tensor y = centred.to(type);
      Tensor r = weights.to(type);
      Tensor z = torch.ones(new long[] {y.size(0), factors + 1}, y.options());
      z.narrow(1, 0, factors).copy_(whitened.to(type).mm(inverse.to(type)));
      Tensor weighted = z.mul(r.unsqueeze(1));
      Tensor mass = weights.sum(new ScalarTypeOptional(ScalarType.Double));
      s0.select(0, component).add_(mass);
      Tensor moments = szz.select(0, component);
      moments.add_(weighted.t().to(ScalarType.Double).mm(z.to(ScalarType.Double)));
      moments.narrow(0, 0, factors).narrow(1, 0, factors).add_(inverse.t().mm(inverse).mul_(mass));
      sxz.select(0, component).addmm_(weighted.t(), y);
      sxx.select(0, component).addmv_(y.mul_(y).t(), r);
    }
  }

  /**
   * Adds rows to several components at once.
   *
   * @param components int64 {@code [C]}, all different
   * @param precision of the model that these statistics are about
   * @param y the rows less the mean of the first of the components, {@code [n, d]} in the model's
   *     type; used as scratch
   * @param weights the rows' responsibilities, {@code [n, C]}
   * @param whitened {@code V_k (x - mu_k)}, {@code [n, l, C]}
   * @param inTurn runs what changes these statistics when it is this call's turn
   */
  void add(
      Tensor components,
      WoodburyPrecision precision,
      Tensor y,
      Tensor weights,
      Tensor whitened,
      Consumer<Runnable> inTurn) {
    try (NativeScope scope = new NativeScope()) {
      ScalarType type = sxz.scalar_type();
      long count = components.size(0);
      long factors = model.factors();
      Tensor inverse = precision.inverseFactor().index_select(0, components);
      Tensor x = y.to(type);
      Tensor r = weights.to(type);
      Tensor z = torch.ones(new long[] {count, x.size(0), factors + 1}, x.options());
      z.narrow(2, 0, factors)
          .copy_(torch.bmm(whitened.to(type).permute(2, 0, 1), inverse.to(type)));
      Tensor weighted = z.mul(r.t().unsqueeze(2));
      Tensor mass = r.sum(new long[] {0}, false, new ScalarTypeOptional(ScalarType.Double));
      Tensor moments =
          torch.bmm(weighted.transpose(1, 2).to(ScalarType.Double), z.to(ScalarType.Double));
      moments
          .narrow(1, 0, factors)
          .narrow(2, 0, factors)
          .add_(torch.bmm(inverse.transpose(1, 2), inverse).mul_(mass.view(count, 1, 1)));
      // Products are taken about the first mean, near to all, and moved to each one's own.
      Tensor means = model.means().index_select(0, components).to(type);
      Tensor shift = means.sub(means.select(0, 0));
      Tensor products =
          weighted
              .transpose(1, 2)
              .reshape(count * (factors + 1), x.size(0))
              .mm(x)
              .view(count, factors + 1, x.size(1));
      Tensor squares = r.t().mm(x.mul_(x));
      squares.addcmul_(shift, products.select(1, factors), new Scalar(-2));
      squares.addcmul_(shift.square(), mass.to(type).unsqueeze(1));
      Tensor sums = moments.select(2, factors).to(type);
      products.addcmul_(sums.unsqueeze(2), shift.unsqueeze(1), new Scalar(-1));
      inTurn.accept(
          () -> {
            s0.index_add_(0, components, mass);
            szz.index_add_(0, components, moments);
            sxz.index_add_(0, components, products);
            sxx.index_add_(0, components, squares);
          });
    }
  }

  /**
   * Adds rows with missing values to one component. Of a missing value {@code y_j = w_j z~ + eps},
   * with {@code w_j} the row of {@code [A | 0]}, the expectations {@code w_j E[z~ z~']} and {@code
   * w_j E[z~ z~'] w_j' + psi_j} enter.
   *
   * @param component index of the component
   * @param posterior of the rows under the component
   * @param x the rows, {@code [n, d]} in the model's type, NaN where missing; unchanged
   * @param weights the rows' responsibilities, {@code [n]} in the model's type
   */
  void add(int component, ObservedPosterior posterior, Tensor x, Tensor weights) {
    try (NativeScope scope = new NativeScope()) {
      long rowsAdded = x.size(0);
      long factors = model.factors();
      ScalarType type = sxz.scalar_type();
      Tensor r = weights.to(type);
      Tensor mass = weights.to(ScalarType.Double);
      Tensor z = torch.ones(new long[] {rowsAdded, factors + 1}, mass.options());
      z.narrow(1, 0, factors).copy_(posterior.mean());
      Tensor moments = z.unsqueeze(2).mul(z.unsqueeze(1));
      moments.narrow(1, 0, factors).narrow(2, 0, factors).add_(posterior.covariance());
      moments.mul_(mass.view(-1, 1, 1));
      s0.select(0, component).add_(mass.sum());
      szz.select(0, component).add_(moments.sum(0));

      Tensor missing = x.isnan();
      Tensor centred =
          x.sub(model.means().select(0, component)).masked_fill_(missing, new Scalar(0)).to(type);
      Tensor products = sxz.select(0, component);
      products.addmm_(z.mul_(mass.unsqueeze(1)).to(type).t(), centred);
      Tensor squares = sxx.select(0, component);
      squares.addmv_(centred.square_().t(), r);

      Tensor absent = missing.to(type);
      Tensor loadings = model.loadings().select(0, component).to(type);
      Tensor expected =
          moments
              .narrow(2, 0, factors)
              .reshape(rowsAdded, (factors + 1) * factors)
              .to(type)
              .t()
              .mm(absent)
              .view(factors + 1, factors, model.dims())
              .mul_(loadings)
              .sum(1);
      products.add_(expected);
      squares.add_(expected.narrow(0, 0, factors).mul_(loadings).sum(0));
      squares.addcmul_(model.noiseVariance().select(0, component).to(type), absent.t().mv(r));
    }
  }

  /**
   * Counts rows whose likelihood is known, each row once.
   *
   * @param count rows, by their weights
   * @param sum their summed log-likelihood in nats
   */
  public void count(double count, double sum) {
    rows += count;
    logLikelihood += sum;
  }

  /**
   * Sums as {@link #tensors} gave them.
   *
   * @param model whose posteriors they hold
   * @throws org.mixel.InputException if they are missing or do not fit the model
   */
  static SufficientStatistics restore(MixtureOfFactorAnalyzers model, SafeTensors stored) {
    return gather(
        model,
        statistics ->
            statistics
                .tensors()
                .forEach((name, sums) -> sums.copy_(stored.get(name, sums.sizes().vec().get()))));
  }

  /** A copy of the sums of one component. */
  public ComponentSums sums(int component) {
    try (NativeScope scope = new NativeScope()) {
      return new ComponentSums(
          s0.select(0, component).item().toDouble(),
          Tensors.doubles(szz.select(0, component)),
          copy(sxz.select(0, component)),
          copy(sxx.select(0, component)));
    }
  }

  private static Object copy(Tensor sums) {
    return Tensors.type(sums) == ScalarType.Double ? Tensors.doubles(sums) : Tensors.floats(sums);
  }

  /**
   * Adds to the sums of one component.
   *
   * @param sums gathered under an equal model
   * @throws IllegalArgumentException if they do not fit the model
   */
  public void add(int component, ComponentSums sums) {
    try (NativeScope scope = new NativeScope()) {
      s0.select(0, component).add_(new Scalar(sums.mass()));
      add(szz.select(0, component), sums.moments());
      add(sxz.select(0, component), sums.products());
      add(sxx.select(0, component), sums.squares());
    }
  }

  private static void add(Tensor to, Object sums) {
    Tensor added =
        sums instanceof double[] doubles
            ? Tensors.of(doubles, doubles.length)
            : Tensors.of((float[]) sums, ((float[]) sums).length);
    if (added.numel() != to.numel()) {
      throw new IllegalArgumentException("sums of another model do not add up");
    }
    to.add_(added.view(to.sizes().vec().get()).to(to.device(), to.scalar_type()));
  }

  /** The sums by name; they stay this object's. */
  Map<String, Tensor> tensors() {
    return Map.of("s0", s0, "szz", szz, "sxz", sxz, "sxx", sxx);
  }

  /** These sums about the means of another model of the same size; the caller closes them. */
  SufficientStatistics about(MixtureOfFactorAnalyzers other) {
    return gather(
        other,
        moved -> {
          try (NativeScope scope = new NativeScope()) {
            long factors = model.factors();
            ScalarType type = moved.sxz.scalar_type();
            Tensor shift = other.means().sub(model.means()).to(type);
            moved.s0.copy_(s0);
            moved.szz.copy_(szz);
            moved.sxx.copy_(sxx);
            moved.sxx.addcmul_(shift, sxz.select(1, factors).to(type), new Scalar(-2));
            moved.sxx.addcmul_(shift.square(), s0.to(type).unsqueeze(1));
            moved.sxz.copy_(sxz);
            moved.sxz.addcmul_(
                szz.select(2, factors).to(type).unsqueeze(2), shift.unsqueeze(1), new Scalar(-1));
          }
          moved.count(rows, logLikelihood);
        });
  }

  /** Multiplies the sums, but not the count of rows, by a number. */
  void scale(double by) {
    try (NativeScope scope = new NativeScope()) {
      Scalar factor = new Scalar(by);
      s0.mul_(factor);
      szz.mul_(factor);
      sxz.mul_(factor);
      sxx.mul_(factor);
    }
  }

  /**
   * Adds the other's sums to this.
   *
   * @throws IllegalArgumentException if the other was gathered with another model
   */
  public void merge(SufficientStatistics other) {
    if (other.model != model) {
      throw new IllegalArgumentException("statistics of different models do not add up");
    }
    s0.add_(other.s0);
    szz.add_(other.szz);
    sxz.add_(other.sxz);
    sxx.add_(other.sxx);
    count(other.rows, other.logLikelihood);
  }

  /** The model whose posteriors these statistics hold. */
  public MixtureOfFactorAnalyzers model() {
    return model;
  }

  /** Number of rows seen, by their weights. */
  public double rows() {
    return rows;
  }

  /** Summed log-likelihood of the rows under {@link #model()}, in nats. */
  public double logLikelihood() {
    return logLikelihood;
  }

  /** Mean log-likelihood of the rows under {@link #model()}, in nats. */
  public double meanLogLikelihood() {
    return logLikelihood / rows;
  }

  /** Summed responsibilities, {@code [K]}, float64. */
  Tensor s0() {
    return s0;
  }

  /** Posterior second moments of {@code z~}, {@code [K, l+1, l+1]}, float64. */
  Tensor szz() {
    return szz;
  }

  /** Products of rows and {@code z~}, {@code [K, l+1, d]}, in the model's type or float64. */
  Tensor sxz() {
    return sxz;
  }

  /** Squared rows, {@code [K, d]}, in the type of {@link #sxz}. */
  Tensor sxx() {
    return sxx;
  }

  @Override
  public void close() {
    s0.close();
    szz.close();
    sxz.close();
    sxx.close();
  }
}
