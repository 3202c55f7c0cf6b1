package org.mixel.mfa.training;

import static org.mixel.InputException.require;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;
import org.mixel.tensor.Threads;

/**
 * The M-step: the parameters that explain given {@link SufficientStatistics} best, with a prior on
 * the noise.
 *
 * <p>The prior is worth {@code priorRows} rows per component whose noise is that of all components
 * together: {@code psi_kj = (R_kj + priorRows * R_j / n) / (S0_k + priorRows)}, where {@code R_kj}
 * is what the factors leave of value {@code j} in component {@code k}, {@code R_j} its sum over
 * components and {@code n} the number of rows (the mode under an inverse-gamma prior about the
 * pooled variance). A value that is constant among a component's few rows, such as the border of a
 * digit, then gets no variance near zero, which would make every other image absurdly unlikely.
 *
 * @param noise diagonal or isotropic
 * @param noiseFloor least variance of a value, in squared units of the training: of pixels in [0,
 *     1], or of a vector's columns relative to their variance
 * @param priorRows weight of the prior in rows, 0 for maximum likelihood
 * @param shrinkageRows rows without correlations that each component is taken to have besides its
 *     own ({@link Shrinkage}); 0 to take correlations as they are
 */
public record Maximization(
    NoiseModel noise, double noiseFloor, double priorRows, double shrinkageRows) {
  private static final long GROUP_VALUES = 1 << 19;
  private static final double LEAST_VARIANCE = 1e-30;
  private static final double LARGEST = 1e15;

  /** Components with less mass than this have lost their rows. */
  static final double LOST = 1;

  /**
   * @throws InputException if a number is out of its range
   */
  public Maximization {
    requireFloor("noise floor", noiseFloor);
    requirePrior(priorRows);
  }

  /** Refuses variances that float32 cannot compute with. */
  static void requireFloor(String name, double variance) {
    require(
        variance >= LEAST_VARIANCE && variance <= LARGEST,
        "%s must be from %s to %s, got %s".formatted(name, LEAST_VARIANCE, LARGEST, variance));
  }

  /** Refuses weights of the prior that float32 cannot compute with. */
  static void requirePrior(double rows) {
    require(
        rows >= 0 && rows <= LARGEST,
        "noise prior must be from 0 to %s rows, got %s".formatted(LARGEST, rows));
  }

  /** The same without shrinkage. */
  public Maximization(NoiseModel noise, double noiseFloor, double priorRows) {
    this(noise, noiseFloor, priorRows, 0);
  }

  /** The same with another floor. */
  Maximization withNoiseFloor(double floor) {
    return new Maximization(noise, floor, priorRows, shrinkageRows);
  }

  /** The same with other shrinkage. */
  Maximization withShrinkage(double rows) {
    return new Maximization(noise, noiseFloor, priorRows, rows);
  }

  /**
   * The highest log-density that a mixture above the noise floor can have anywhere: that of {@code
   * d} values at the mean of a component without factors.
   *
   * @param dims {@code d}
   * @return nats, in the units of the floor
   */
  double highestLogDensity(int dims) {
    return Math.max(0, -0.5 * dims * Math.log(2 * Math.PI * noiseFloor));
  }

  /** A new model; the statistics are unchanged. */
  public MixtureOfFactorAnalyzers maximize(SufficientStatistics statistics) {
    return step(statistics).model();
  }

  /**
   * The result of an M-step.
   *
   * @param model the caller closes it
   * @param priorGain by how much the prior on the noise, about the pooled variance of this M-step,
   *     is higher under the new model than under the old one, in nats per row. The likelihood and
   *     the prior together never fall from one M-step to the next, the likelihood alone may. The
   *     floor takes nothing from that, for it only limits the variances. Shrinkage does: it climbs
   *     no objective, and 0 is given here.
   */
  record Step(MixtureOfFactorAnalyzers model, double priorGain) {}

  /** The M-step; the statistics are unchanged. */
  Step step(SufficientStatistics statistics) {
    MixtureOfFactorAnalyzers old = statistics.model();
    try (NativeScope scope = new NativeScope()) {
      Tensor means = torch.empty_like(old.means());
      Tensor loadings = torch.empty_like(old.loadings());
      Tensor variances = torch.empty_like(old.noiseVariance());
      Threads.divideGroups(
          old.device(),
          old.components(),
          group(old, old.factors() + 1),
          (from, count) ->
              maximize(
                  statistics,
                  from,
                  means.narrow(0, from, count),
                  loadings.narrow(0, from, count),
                  variances.narrow(0, from, count)));
      Tensor mass = statistics.s0().clone();
      Tensor pooled = regularize(variances, mass);
      double gain = 0;
      if (shrinkageRows == 0 && priorRows > 0) {
        gain = priorGain(old, variances, pooled) / mass.sum().item().toDouble();
      }
      if (shrinkageRows > 0) {
        Shrinkage.apply(loadings, variances, mass, shrinkageRows);
      }
      revive(mass, old, means, loadings, variances);
      MixtureOfFactorAnalyzers model =
          MixtureOfFactorAnalyzers.of(
              mass.log().to(means.scalar_type()),
              means,
              loadings,
              variances,
              old.shape().orElse(null),
              Map.of());
      return new Step(model, gain);
    }
  }

  /** How many components to take at a time, of so many rows of {@code d} values each. */
  private static int group(MixtureOfFactorAnalyzers model, int rows) {
    return Devices.itemsPerStep(model.means(), GROUP_VALUES, (long) rows * model.dims());
  }

  /**
   * The difference of {@code -priorRows / 2 sum_kj (ln psi_kj + v_j / psi_kj)} between two noises.
   *
   * @param pooled {@code v_j}, {@code [d]}
   */
  private double priorGain(MixtureOfFactorAnalyzers old, Tensor after, Tensor pooled) {
    int components = old.components();
    int group = group(old, 1);
    double sum = 0;
    for (long from = 0; from < components; from += group) {
      try (NativeScope scope = new NativeScope()) {
        Tensor before = old.noiseVariance().narrow(0, from, Math.min(group, components - from));
        Tensor now = after.narrow(0, from, Math.min(group, components - from));
        Tensor inverse = now.reciprocal().sub_(before.reciprocal()).mul_(pooled);
        sum +=
            now.div(before)
                .log_()
                .add_(inverse)
                .sum(new ScalarTypeOptional(ScalarType.Double))
                .item()
                .toDouble();
      }
    }
    return -0.5 * priorRows * sum;
  }

  /**
   * The closed form for {@code means.size(0)} components from the given one, in float64; residuals
   * are sums over rows.
   */
  private void maximize(
      SufficientStatistics statistics, long from, Tensor means, Tensor loadings, Tensor residuals) {
    try (NativeScope scope = new NativeScope()) {
      long count = means.size(0);
      long factors = loadings.size(1);
      Tensor mass = statistics.s0().narrow(0, from, count).unsqueeze(1);
      Tensor szz = statistics.szz().narrow(0, from, count);
      Tensor sxz = statistics.sxz().narrow(0, from, count).to(ScalarType.Double);
      Tensor sxx = statistics.sxx().narrow(0, from, count).to(ScalarType.Double);
      // A component without mass has zero moments; the identity keeps its solve harmless.
      Tensor ridge = torch.eye(factors + 1).to(szz.device(), ScalarType.Double);
      Tensor floor = mass.clamp_min(new Scalar(1e-12)).mul(new Scalar(1e-10)).unsqueeze(2);
      Tensor solution = torch.linalg_inv(szz.add(ridge.mul(floor))).bmm(sxz);
      residuals.copy_(sxx.sub(solution.mul(sxz).sum(1)).clamp_min_(new Scalar(0)));
      loadings.copy_(solution.narrow(1, 0, factors));
      means.copy_(solution.select(1, factors));
      means.add_(statistics.model().means().narrow(0, from, count));
    }
  }

  /**
   * The M-step of the noise alone: with {@code y = x - mu_k}, the factors leave {@code R_kj =
   * Sxx_kj - sum_a A_kaj (2 Sxz_kaj - (Szz_k A_k)_aj)} of value {@code j}, corrected for few rows
   * ({@link #predict}).
   *
   * @return the statistics' model with other noise; the caller closes it
   */
  MixtureOfFactorAnalyzers noiseAlone(SufficientStatistics statistics) {
    try (NativeScope scope = new NativeScope()) {
      MixtureOfFactorAnalyzers model = statistics.model();
      long factors = model.factors();
      Tensor variances = torch.empty_like(model.noiseVariance());
      NativeScope.inParts(
          model.components(),
          group(model, model.factors() + 1),
          (from, count) -> {
            Tensor a = model.loadings().narrow(0, from, count).to(ScalarType.Double);
            Tensor szz = statistics.szz().narrow(0, from, count);
            Tensor sxz = statistics.sxz().narrow(0, from, count).narrow(1, 0, factors);
            Tensor explained = szz.narrow(1, 0, factors).narrow(2, 0, factors).bmm(a).neg_();
            explained.add_(sxz.to(ScalarType.Double), new Scalar(2)).mul_(a);
            Tensor sxx = statistics.sxx().narrow(0, from, count).to(ScalarType.Double);
            variances
                .narrow(0, from, count)
                .copy_(sxx.sub(explained.sum(1)).clamp_min_(new Scalar(0)));
          });
      predict(variances, statistics.s0(), factors);
      regularize(variances, statistics.s0());
      Tensor lost = statistics.s0().lt(new Scalar(LOST)).unsqueeze(1);
      return model.with(model.loadings(), torch.where(lost, model.noiseVariance(), variances));
    }
  }

  /**
   * Makes summed squares of what is left of few rows those to expect of as many new rows. A mean
   * and {@code l} factors fitted to {@code n} rows leave them {@code (n - l - 1) / n} of the noise,
   * and new rows {@code (n + l + 1) / n} of it, so the sums grow by {@code (n + l + 1) / (n - l -
   * 1)} (the final prediction error of Akaike, <i>Statistical predictor identification</i>, 1970).
   *
   * @param residuals {@code [K, d]}, changed
   * @param mass rows of each component, {@code [K]}, float64
   */
  static void predict(Tensor residuals, Tensor mass, long factors) {
    try (NativeScope scope = new NativeScope()) {
      Scalar fitted = new Scalar(factors + 1.0);
      Tensor growth = mass.add(fitted).div_(mass.sub(fitted).clamp_min_(new Scalar(1)));
      residuals.mul_(growth.to(residuals.scalar_type()).unsqueeze(1));
    }
  }

  /**
   * Turns sums of squared residuals into noise variances.
   *
   * @param residuals {@code [K, d]}, overwritten with the variances
   * @param mass rows of each component, {@code [K]}, float64
   * @return the variances of all components together, {@code [d]}, owned by the current scope
   */
  Tensor regularize(Tensor residuals, Tensor mass) {
    Tensor pooled = residuals.sum(0).div_(mass.sum().to(residuals.scalar_type()));
    try (NativeScope scope = new NativeScope()) {
      Tensor rows = mass.to(residuals.scalar_type()).add(new Scalar(priorRows)).unsqueeze(1);
      residuals.add_(pooled.mul(new Scalar(priorRows)));
      residuals.div_(rows.clamp_min_(new Scalar(1e-12)));
      if (noise == NoiseModel.ISOTROPIC) {
        residuals.copy_(
            residuals
                .mean(new long[] {1}, true, new ScalarTypeOptional(ScalarType.Double))
                .expand_as(residuals));
      }
      residuals.clamp_min_(new Scalar(noiseFloor));
    }
    return pooled;
  }

  /**
   * Gives each component that lost its rows half of the heaviest one's: the same loadings and
   * noise, the mean moved along the first factor, so that the next E-step divides the rows.
   */
  private static void revive(
      Tensor mass, MixtureOfFactorAnalyzers old, Tensor means, Tensor loadings, Tensor variances) {
    double[] s0 = Tensors.doubles(mass);
    int lost = 0;
    for (int k = 0; k < s0.length; k++) {
      if (s0[k] >= LOST) {
        continue;
      }
      int heaviest = 0;
      for (int j = 1; j < s0.length; j++) {
        heaviest = s0[j] > s0[heaviest] ? j : heaviest;
      }
      try (NativeScope scope = new NativeScope()) {
        Tensor step = loadings.select(0, heaviest).select(0, 0).mul(new Scalar(0.5));
        means.select(0, k).copy_(means.select(0, heaviest)).add_(step);
        means.select(0, heaviest).sub_(step);
        loadings.select(0, k).copy_(loadings.select(0, heaviest));
        variances.select(0, k).copy_(variances.select(0, heaviest));
      }
      s0[heaviest] /= 2;
      s0[k] = s0[heaviest];
      lost++;
    }
    if (lost > 0) {
      System.getLogger(Maximization.class.getName())
          .log(
              System.Logger.Level.INFO,
              "{0} of {1} components lost their rows; each takes half of the heaviest one''s",
              lost,
              old.components());
      mass.copy_(Tensors.of(s0, s0.length));
    }
  }
}
