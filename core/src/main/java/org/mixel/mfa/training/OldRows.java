package org.mixel.mfa.training;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.Progress;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.WoodburyPrecision;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;

/**
 * The knowledge that a model keeps of the rows that it was trained on, which are gone. Each of its
 * components stands for rows of its own Gaussian, which stay with that component: in an M-step of a
 * model that learns from new rows, they count as rows with known components.
 *
 * <p>With {@code delta} the old mean less the new one, {@code C = A A' + diag(psi) + delta delta'}
 * of the old component and {@code E[z given y] = B y} of the new one, the expected sums over {@code
 * n} such rows are {@code n} times {@code E[z z'] = L^-1 + B C B'}, {@code E[z] = B delta}, {@code
 * E[z y'] = B C}, {@code E[y] = delta} and {@code E[y_j^2] = C_jj}. EM with these sums climbs the
 * log-likelihood of the new rows plus the expected log-density of the old ones.
 *
 * @param model of the old rows, in the units of the training
 * @param count how many rows it stands for, positive
 */
record OldRows(MixtureOfFactorAnalyzers model, double count) {
  private static final long GROUP_VALUES = 1 << 19;

  /**
   * Passes that add these rows to those of another pass.
   *
   * @param fresh closed by the new one, and with it the model of the old rows
   */
  Pass with(Pass fresh) {
    return new Pass() {
      @Override
      public SufficientStatistics expect(MixtureOfFactorAnalyzers present, Progress.Stage stage) {
        SufficientStatistics statistics = fresh.expect(present, stage);
        try {
          statistics.count(count, addTo(statistics));
          return statistics;
        } catch (RuntimeException | Error e) {
          statistics.close();
          throw e;
        }
      }

      @Override
      public Map<String, Tensor> state() {
        return fresh.state();
      }

      @Override
      public void close() {
        fresh.close();
        model.close();
      }
    };
  }

  /**
   * Adds the sums that are expected of these rows under the model of the statistics, but does not
   * count them.
   *
   * @return their summed expected log-density with their components, in nats
   */
  double addTo(SufficientStatistics statistics) {
    MixtureOfFactorAnalyzers present = statistics.model();
    long width = (present.factors() + 1L) * present.dims();
    int group = Devices.itemsPerStep(present.means(), GROUP_VALUES, width);
    double[] density = new double[1];
    try (NativeScope scope = new NativeScope();
        WoodburyPrecision precision = WoodburyPrecision.of(present)) {
      Tensor mass = model.logWeights().to(ScalarType.Double).exp().mul_(new Scalar(count));
      NativeScope.inParts(
          present.components(),
          group,
          (from, size) ->
              density[0] += add(statistics, precision, mass.narrow(0, from, size), from, size));
    }
    return density[0];
  }

  /**
   * @param mass rows of each component, {@code [C]}
   * @return what {@link #addTo} does, of {@code size} components
   */
  private double add(
      SufficientStatistics statistics,
      WoodburyPrecision precision,
      Tensor mass,
      long from,
      long size) {
    MixtureOfFactorAnalyzers present = statistics.model();
    long factors = present.factors();
    Tensor inverse = precision.inverseFactor().narrow(0, from, size);
    Tensor posterior = inverse.transpose(1, 2).bmm(part(precision.whitenedLoadings(), from, size));
    Tensor loadings = part(model.loadings(), from, size);
    Tensor noise = part(model.noiseVariance(), from, size);
    Tensor delta = part(model.means(), from, size).sub(part(present.means(), from, size));

    Tensor products =
        torch
            .bmm(posterior.bmm(loadings.transpose(1, 2)), loadings)
            .addcmul_(posterior, noise.unsqueeze(1));
    Tensor means = posterior.bmm(delta.unsqueeze(2));
    products.addcmul_(means, delta.unsqueeze(1));
    Tensor explained = products.bmm(posterior.transpose(1, 2));
    Tensor covariance = inverse.transpose(1, 2).bmm(inverse);
    Tensor squares = loadings.square().sum(1).add_(noise).addcmul_(delta, delta);

    Tensor each = mass.view(size, 1, 1);
    Tensor szz = statistics.szz().narrow(0, from, size);
    Tensor sxz = statistics.sxz().narrow(0, from, size);
    statistics.s0().narrow(0, from, size).add_(mass);
    szz.narrow(1, 0, factors).narrow(2, 0, factors).add_(covariance.add(explained).mul_(each));
    szz.narrow(1, 0, factors).narrow(2, factors, 1).add_(means.mul(each));
    szz.narrow(1, factors, 1).narrow(2, 0, factors).add_(means.transpose(1, 2).mul(each));
    szz.narrow(1, factors, 1).narrow(2, factors, 1).add_(each);
    sxz.narrow(1, 0, factors).add_(products.mul_(each));
    sxz.select(1, factors).add_(delta.mul(mass.unsqueeze(1)));
    statistics.sxx().narrow(0, from, size).add_(squares.mul(mass.unsqueeze(1)));

    Tensor distance =
        squares
            .mul_(part(precision.inverseNoise(), from, size))
            .sum(1)
            .sub_(torch.linalg_inv(covariance).mul_(explained).sum(1, 2));
    Tensor logDensity =
        distance
            .add_(precision.logDeterminant().narrow(0, from, size))
            .add_(new Scalar(present.dims() * Math.log(2 * Math.PI)))
            .mul_(new Scalar(-0.5))
            .add_(part(present.logWeights(), from, size));
    return logDensity.mul_(mass).sum(new ScalarTypeOptional(ScalarType.Double)).item().toDouble();
  }

  private static Tensor part(Tensor tensor, long from, long size) {
    return tensor.narrow(0, from, size).to(ScalarType.Double);
  }
}
