package org.mixel.mfa;

import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * A random mixture with its dense covariances {@code A A' + diag(psi)} in float64: the slow and
 * obvious computation that the fast one is held against.
 */
final class DenseMixture {
  final int components;
  final int factors;
  final int dims;
  final double[] weights;
  final double[][] means;
  final double[][][] loadings;
  final double[][] noise;

  DenseMixture(int components, int factors, int dims, long seed) {
    Random random = new Random(seed);
    this.components = components;
    this.factors = factors;
    this.dims = dims;
    weights = random.doubles(components, 0.2, 1).toArray();
    double sum = java.util.Arrays.stream(weights).sum();
    means = new double[components][];
    loadings = new double[components][factors][];
    noise = new double[components][];
    for (int k = 0; k < components; k++) {
      weights[k] /= sum;
      means[k] = random.doubles(dims, 0, 1).toArray();
      noise[k] = random.doubles(dims).map(u -> 1e-4 * Math.pow(500, u)).toArray();
      for (int f = 0; f < factors; f++) {
        loadings[k][f] = random.doubles(dims, -0.1, 0.1).toArray();
      }
    }
  }

  /** The parameters of a model, in float64. */
  DenseMixture(MixtureOfFactorAnalyzers model) {
    components = model.components();
    factors = model.factors();
    dims = model.dims();
    weights = model.weights();
    means = rows(Tensors.doubles(model.means()), dims);
    noise = rows(Tensors.doubles(model.noiseVariance()), dims);
    double[][] flat = rows(Tensors.doubles(model.loadings()), dims);
    loadings = new double[components][][];
    for (int k = 0; k < components; k++) {
      loadings[k] = java.util.Arrays.copyOfRange(flat, k * factors, (k + 1) * factors);
    }
  }

  private static double[][] rows(double[] flat, int dims) {
    double[][] rows = new double[flat.length / dims][];
    java.util.Arrays.setAll(
        rows, i -> java.util.Arrays.copyOfRange(flat, i * dims, (i + 1) * dims));
    return rows;
  }

  /** The same parameters as a model in float64. */
  MixtureOfFactorAnalyzers model() {
    try (NativeScope scope = new NativeScope()) {
      double[] flatMeans = flatten(means);
      double[] flatNoise = flatten(noise);
      double[] flatLoadings = new double[components * factors * dims];
      for (int k = 0; k < components; k++) {
        System.arraycopy(flatten(loadings[k]), 0, flatLoadings, k * factors * dims, factors * dims);
      }
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(weights, components).log(),
          Tensors.of(flatMeans, components, dims),
          Tensors.of(flatLoadings, components, factors, dims),
          Tensors.of(flatNoise, components, dims),
          null,
          Map.of());
    }
  }

  /** The same parameters rounded to float32. */
  MixtureOfFactorAnalyzers single() {
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers exact = model()) {
      return MixtureOfFactorAnalyzers.of(
          exact.logWeights().to(ScalarType.Float),
          exact.means().to(ScalarType.Float),
          exact.loadings().to(ScalarType.Float),
          exact.noiseVariance().to(ScalarType.Float),
          null,
          Map.of());
    }
  }

  /** A row drawn from the mixture, noise included. */
  double[] draw(Random random) {
    double u = random.nextDouble();
    int k = 0;
    while (k < components - 1 && u > weights[k]) {
      u -= weights[k++];
    }
    double[] x = means[k].clone();
    for (int f = 0; f < factors; f++) {
      double z = random.nextGaussian();
      for (int j = 0; j < dims; j++) {
        x[j] += loadings[k][f][j] * z;
      }
    }
    for (int j = 0; j < dims; j++) {
      x[j] += Math.sqrt(noise[k][j]) * random.nextGaussian();
    }
    return x;
  }

  /** {@code log pi_k + log N(x_o; mu_k, Sigma_k)} over the observed values, by Cholesky. */
  double logJoint(int k, double[] x, int[] observed) {
    double[][] cholesky = cholesky(k, observed);
    double[] y = forwardSolve(cholesky, centred(k, x, observed));
    double logDet = 0;
    double squares = 0;
    for (int i = 0; i < observed.length; i++) {
      logDet += 2 * Math.log(cholesky[i][i]);
      squares += y[i] * y[i];
    }
    return Math.log(weights[k])
        - 0.5 * (observed.length * Math.log(2 * Math.PI) + logDet + squares);
  }

  /** {@code mu_j + Sigma_jo Sigma_oo^-1 (x_o - mu_o)} for one hidden value. */
  double conditionalMean(int k, double[] x, int[] observed, int j) {
    double[][] cholesky = cholesky(k, observed);
    double[] cross = new double[observed.length];
    for (int i = 0; i < observed.length; i++) {
      cross[i] = covariance(k, j, observed[i]);
    }
    double[] a = forwardSolve(cholesky, cross);
    double[] b = forwardSolve(cholesky, centred(k, x, observed));
    double mean = means[k][j];
    for (int i = 0; i < observed.length; i++) {
      mean += a[i] * b[i];
    }
    return mean;
  }

  /** {@code Sigma_jj - Sigma_jo Sigma_oo^-1 Sigma_oj} for one hidden value. */
  double conditionalVariance(int k, int[] observed, int j) {
    double[] cross =
        java.util.Arrays.stream(observed).mapToDouble(o -> covariance(k, j, o)).toArray();
    double variance = covariance(k, j, j);
    for (double a : forwardSolve(cholesky(k, observed), cross)) {
      variance -= a * a;
    }
    return variance;
  }

  /** The log-density of the observed values. */
  double logLikelihood(double[] x, int[] observed) {
    return logSumExp(logJoints(x, observed));
  }

  private double[] logJoints(double[] x, int[] observed) {
    double[] joints = new double[components];
    java.util.Arrays.setAll(joints, k -> logJoint(k, x, observed));
    return joints;
  }

  /** The mean of one hidden value under the whole mixture. */
  double mean(double[] x, int[] observed, int j) {
    double[] joints = logJoints(x, observed);
    double total = logSumExp(joints);
    double mean = 0;
    for (int k = 0; k < components; k++) {
      mean += Math.exp(joints[k] - total) * conditionalMean(k, x, observed, j);
    }
    return mean;
  }

  /** The variance of one hidden value under the whole mixture. */
  double variance(double[] x, int[] observed, int j) {
    double[] joints = logJoints(x, observed);
    double total = logSumExp(joints);
    double mean = mean(x, observed, j);
    double variance = 0;
    for (int k = 0; k < components; k++) {
      double off = conditionalMean(k, x, observed, j) - mean;
      variance += Math.exp(joints[k] - total) * (conditionalVariance(k, observed, j) + off * off);
    }
    return variance;
  }

  static double logSumExp(double[] values) {
    double max = java.util.Arrays.stream(values).max().orElseThrow();
    return max + Math.log(java.util.Arrays.stream(values).map(v -> Math.exp(v - max)).sum());
  }

  static double[] flatten(double[][] rows) {
    return java.util.Arrays.stream(rows).flatMapToDouble(java.util.Arrays::stream).toArray();
  }

  private double covariance(int k, int i, int j) {
    double sum = i == j ? noise[k][i] : 0;
    for (int f = 0; f < factors; f++) {
      sum += loadings[k][f][i] * loadings[k][f][j];
    }
    return sum;
  }

  private double[] centred(int k, double[] x, int[] observed) {
    return java.util.Arrays.stream(observed).mapToDouble(j -> x[j] - means[k][j]).toArray();
  }

  private double[][] cholesky(int k, int[] observed) {
    int n = observed.length;
    double[][] lower = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = covariance(k, observed[i], observed[j]);
        for (int m = 0; m < j; m++) {
          sum -= lower[i][m] * lower[j][m];
        }
        lower[i][j] = i == j ? Math.sqrt(sum) : sum / lower[j][j];
      }
    }
    return lower;
  }

  private static double[] forwardSolve(double[][] lower, double[] right) {
    double[] y = right.clone();
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < i; j++) {
        y[i] -= lower[i][j] * y[j];
      }
      y[i] /= lower[i][i];
    }
    return y;
  }
}
