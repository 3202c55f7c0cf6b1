package org.mixel.mfa;

import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.Devices;
import org.mixel.tensor.Tensors;

/**
 * All components' posteriors of {@code z} given some values of one row: the package's equations
 * with {@code 1/psi} set to 0 where a value is hidden. Sums are taken in float64, over the observed
 * values, or over all of them less the hidden ones if these are fewer. The tensors belong to the
 * scope in which they were made.
 *
 * @param logJoint natural logs of {@code pi_k p(x_o | k)}, {@code [K]}
 * @param mean {@code E[z | x_o, k]}, {@code [K, l]}
 * @param root {@code R} with {@code Cov[z | x_o, k] = R' R}, {@code [K, l, l]}
 */
record RowPosterior(Tensor logJoint, Tensor mean, Tensor root) {
  /**
   * A row of which some values are known.
   *
   * @param values {@code [d]}, 0 where hidden
   * @param mask {@code [d]}, 1 where observed, 0 where hidden
   * @param observed how many are
   * @param fewer int64 indices of the hidden values, or of the observed ones
   * @param hidden whether those are the hidden ones
   */
  private record Given(Tensor values, Tensor mask, int observed, Tensor fewer, boolean hidden) {
    static Given of(MixtureOfFactorAnalyzers model, double[] row, boolean[] known) {
      double[] values = new double[row.length];
      double[] mask = new double[row.length];
      int count = 0;
      for (int j = 0; j < row.length; j++) {
        values[j] = known[j] ? row[j] : 0;
        mask[j] = known[j] ? 1 : 0;
        count += known[j] ? 1 : 0;
      }
      // Vectors may have such scales that a difference of sums loses too much.
      boolean hidden = 2 * count > row.length && model.type() != ScalarType.Double;
      int[] fewer = IntStream.range(0, row.length).filter(j -> known[j] != hidden).toArray();
      return new Given(
          Tensors.of(values, row.length).to(model.device(), ScalarType.Double),
          Tensors.of(mask, row.length).to(model.device(), ScalarType.Double),
          count,
          Tensors.indices(fewer).to(model.device(), ScalarType.Long),
          hidden);
    }

    Tensor sum(Tensor whole, Tensor overFewer) {
      return hidden ? whole.sub(overFewer) : overFewer;
    }
  }

  /**
   * @param row {@code d} values; hidden ones are not read
   * @param known which of them are observed; these are finite
   */
  static RowPosterior of(WholeRows whole, double[] row, boolean[] known) {
    return of(whole, row, known, false);
  }

  /**
   * The same.
   *
   * @param refined whether densities are taken from what the posterior means leave, which an error
   *     in these hardly changes: products of float32 loadings may miss by a nat
   */
  static RowPosterior of(WholeRows whole, double[] row, boolean[] known, boolean refined) {
    MixtureOfFactorAnalyzers model = whole.model();
    int components = model.components();
    int factors = model.factors();
    Given given = Given.of(model, row, known);
    RowPosterior all =
        new RowPosterior(
            Devices.zeros(model.device(), ScalarType.Double, components),
            Devices.zeros(model.device(), ScalarType.Double, components, factors),
            Devices.zeros(model.device(), ScalarType.Double, components, factors, factors));
    WholeRows.inGroups(model, (from, count) -> all.fill(whole, given, refined, from, count));
    return all;
  }

  private void fill(WholeRows whole, Given given, boolean refined, long from, long count) {
    MixtureOfFactorAnalyzers model = whole.model();
    Tensor loadings = model.loadings().narrow(0, from, count);
    Tensor noise = model.noiseVariance().narrow(0, from, count).to(ScalarType.Double);
    Tensor means = model.means().narrow(0, from, count).to(ScalarType.Double);
    Tensor centred = given.values().sub(means);
    Tensor weighed = given.mask().div(noise).mul_(centred);
    Tensor linear = loadings.bmm(weighed.to(model.type()).unsqueeze(2)).to(ScalarType.Double);

    Tensor someNoise = noise.index_select(1, given.fewer());
    Tensor someLoadings = loadings.index_select(2, given.fewer()).to(ScalarType.Double);
    Tensor gram =
        given.sum(whole.gram().narrow(0, from, count), WholeRows.gram(someLoadings, someNoise));
    Tensor logNoise = given.sum(whole.logNoise().narrow(0, from, count), someNoise.log().sum(1));

    Tensor identity = torch.eye(model.factors()).to(model.device(), ScalarType.Double);
    Tensor factor = torch.linalg_cholesky(gram.add(identity));
    Tensor inverse = torch.linalg_solve_triangular(factor, identity.expand_as(factor), false);
    Tensor whitened = inverse.bmm(linear);
    root.narrow(0, from, count).copy_(inverse);
    mean.narrow(0, from, count).copy_(inverse.transpose(1, 2).bmm(whitened).squeeze(2));
    Tensor distance =
        refined
            ? distance(loadings, given.mask().div(noise), centred, mean.narrow(0, from, count))
            : centred.mul(weighed).sum(1).sub_(whitened.square().sum(1).squeeze(1));
    Tensor logDeterminant =
        factor.diagonal(0, 1, 2).log().sum(1).mul_(new Scalar(2)).add_(logNoise);
    logJoint
        .narrow(0, from, count)
        .copy_(
            distance
                .add_(logDeterminant)
                .add_(new Scalar(given.observed() * Math.log(2 * Math.PI)))
                .mul_(new Scalar(-0.5))
                .add_(model.logWeights().narrow(0, from, count).to(ScalarType.Double)));
  }

  /**
   * The least of {@code |x - mu - A z|^2} in units of the noise, plus {@code |z|^2}: that at its
   * mean.
   */
  private static Tensor distance(Tensor loadings, Tensor precision, Tensor centred, Tensor z) {
    Tensor decoded = z.to(loadings.scalar_type()).unsqueeze(1).bmm(loadings).squeeze(1);
    Tensor left = centred.sub(decoded.to(ScalarType.Double));
    return left.square_().mul_(precision).sum(1).add_(z.square().sum(1));
  }
}
