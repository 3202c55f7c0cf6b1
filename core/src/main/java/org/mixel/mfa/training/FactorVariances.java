package org.mixel.mfa.training;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;

/**
 * The variances of a component's rows along its factors, and of each value, by which a model with
 * large noise becomes one whose noise is what the factors leave.
 *
 * <p>EM under noise {@code psi} gives loadings the variance along them less that noise. With {@code
 * W = A' diag(1/psi) A = V diag(w) V'}, the rows of {@code U = w^-1/2 V' A' diag(psi)^-1/2} are
 * orthonormal directions, in units of the noise. The statistics of the package give the second
 * moments of rows along them: {@code P = w^-1/2 V' L M L V w^-1/2} with {@code L = I + W} and
 * {@code M = sum r E[z] E[z]' / S0 = Szz / S0 - L^-1}. Loadings whose component has these moments
 * together with another noise {@code psi*} are {@code A* = diag(psi)^1/2 U' (P - N)^1/2}, {@code N
 * = U diag(psi* / psi) U'}; and {@code psi*} is what they leave of each value's variance. Both
 * follow from each other in a few rounds. Nothing but {@code l x l} matrices and products of {@code
 * K l d} values is needed.
 */
final class FactorVariances {
  private static final int ROUNDS = 3;

  /** A smaller {@code w} is a factor that was not used. */
  private static final double UNUSED = 1e-6;

  private static final long GROUP_VALUES = 1 << 19;

  private FactorVariances() {}

  /**
   * The model of the statistics with loadings of the rows' own variances and the noise that these
   * leave; the caller closes it.
   *
   * @param statistics under a model with large noise
   * @param maximization noise model, floor and prior of the new noise
   */
  static MixtureOfFactorAnalyzers refit(
      SufficientStatistics statistics, Maximization maximization) {
    try (NativeScope scope = new NativeScope()) {
      MixtureOfFactorAnalyzers model = statistics.model();
      long factors = model.factors();
      Tensor loadings = model.loadings();
      Tensor noise = model.noiseVariance();
      Tensor mass = statistics.s0();
      Tensor w = products(loadings, noise.reciprocal());
      T_TensorTensor_T eigen = torch.linalg_eigh(w);
      Tensor used = eigen.get0().gt(new Scalar(UNUSED)).to(ScalarType.Double);
      Tensor root = eigen.get0().clamp_min(new Scalar(UNUSED)).rsqrt_().mul_(used);
      Tensor whitening = eigen.get1().transpose(1, 2).mul(root.unsqueeze(2));
      Tensor moments = moments(statistics, w, whitening);
      Tensor least = torch.zeros_like(moments);
      Tensor variances = noise;
      Tensor refitted = loadings;
      for (int round = 0; round < ROUNDS; round++) {
        try (NativeScope step = new NativeScope()) {
          Tensor change = squareRoot(moments.sub(least)).bmm(whitening);
          refitted = step.keep(change.to(loadings.scalar_type()).bmm(loadings));
          variances = step.keep(left(statistics, refitted));
          Maximization.predict(variances, mass, factors);
          maximization.regularize(variances, mass);
          Tensor ratio = variances.div(noise).div_(noise);
          least =
              step.keep(whitening.bmm(products(loadings, ratio)).bmm(whitening.transpose(1, 2)));
        }
      }
      Tensor lost = mass.lt(new Scalar(Maximization.LOST));
      return model.with(
          torch.where(lost.view(-1, 1, 1), loadings, refitted),
          torch.where(lost.unsqueeze(1), noise, variances));
    }
  }

  /** {@code P}, {@code [K, l, l]}, float64. */
  private static Tensor moments(SufficientStatistics statistics, Tensor w, Tensor whitening) {
    long factors = w.size(1);
    Tensor l = w.add(torch.eye(factors).to(w.device(), ScalarType.Double));
    Tensor mass = statistics.s0().clamp_min(new Scalar(1e-12)).view(-1, 1, 1);
    Tensor szz = statistics.szz().narrow(1, 0, factors).narrow(2, 0, factors).div(mass);
    Tensor half = whitening.bmm(l);
    return half.bmm(szz.sub_(torch.linalg_inv(l))).bmm(half.transpose(1, 2));
  }

  /** {@code A' diag(scale) A} of each component, {@code [K, l, l]}, float64. */
  private static Tensor products(Tensor loadings, Tensor scale) {
    long components = loadings.size(0);
    long factors = loadings.size(1);
    Tensor result =
        Devices.zeros(loadings.device(), ScalarType.Double, components, factors, factors);
    NativeScope.inParts(
        components,
        group(loadings),
        (from, count) -> {
          Tensor a = loadings.narrow(0, from, count).to(ScalarType.Double);
          Tensor scales = scale.narrow(0, from, count).to(ScalarType.Double).unsqueeze(1);
          result.narrow(0, from, count).copy_(a.mul(scales).bmm(a.transpose(1, 2)));
        });
    return result;
  }

  private static int group(Tensor loadings) {
    return Devices.itemsPerStep(loadings, GROUP_VALUES, loadings.size(1) * loadings.size(2));
  }

  /** The symmetric root of matrices, whose negative eigenvalues count as 0. */
  private static Tensor squareRoot(Tensor symmetric) {
    T_TensorTensor_T eigen = torch.linalg_eigh(symmetric);
    Tensor root = eigen.get0().clamp_min(new Scalar(0)).sqrt_().unsqueeze(1);
    return eigen.get1().mul(root).bmm(eigen.get1().transpose(1, 2));
  }

  /** What loadings leave of the summed squares of each value, {@code [K, d]}. */
  private static Tensor left(SufficientStatistics statistics, Tensor loadings) {
    Tensor result = statistics.sxx().clone();
    ScalarType type = result.scalar_type();
    Tensor mass = statistics.s0().to(type).unsqueeze(1);
    NativeScope.inParts(
        loadings.size(0),
        group(loadings),
        (from, count) ->
            result
                .narrow(0, from, count)
                .addcmul_(
                    loadings.narrow(0, from, count).to(type).square().sum(1),
                    mass.narrow(0, from, count),
                    new Scalar(-1)));
    return result.clamp_min_(new Scalar(0)).to(loadings.scalar_type());
  }
}
