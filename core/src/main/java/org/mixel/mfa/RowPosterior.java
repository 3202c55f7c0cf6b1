package org.mixel.mfa;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;
import org.mixel.tensor.Threads;

/**
 * All components' posteriors of {@code z} given some values of one row, in float64 on the model as
 * it is: the package's equations with {@code 1/psi} set to 0 where a value is hidden. The tensors
 * belong to the scope in which they were made.
 *
 * @param logJoint natural logs of {@code pi_k p(x_o | k)}, {@code [K]}
 * @param mean {@code E[z | x_o, k]}, {@code [K, l]}
 * @param root {@code R} with {@code Cov[z | x_o, k] = R' R}, {@code [K, l, l]}
 */
record RowPosterior(Tensor logJoint, Tensor mean, Tensor root) {
  /** Values of loadings that are worked on at a time, so that what is made stays in the cache. */
  private static final long GROUP_VALUES = 1 << 17;

  /**
   * @param row {@code d} values; hidden ones are not read
   * @param known which of them are observed; these are finite
   */
  static RowPosterior of(MixtureOfFactorAnalyzers model, float[] row, boolean[] known) {
    int components = model.components();
    int group = group(model);
    double[] values = new double[row.length];
    double[] mask = new double[row.length];
    long count = 0;
    for (int j = 0; j < row.length; j++) {
      values[j] = known[j] ? row[j] : 0;
      mask[j] = known[j] ? 1 : 0;
      count += known[j] ? 1 : 0;
    }
    Tensor x = Tensors.of(values, row.length).to(model.device(), ScalarType.Double);
    Tensor observed = Tensors.of(mask, row.length).to(model.device(), ScalarType.Double);
    RowPosterior all =
        new RowPosterior(
            Devices.zeros(model.device(), ScalarType.Double, components),
            Devices.zeros(model.device(), ScalarType.Double, components, model.factors()),
            Devices.zeros(
                model.device(), ScalarType.Double, components, model.factors(), model.factors()));
    double normalizer = count * Math.log(2 * Math.PI);
    Threads.divide(
        model.device(),
        (components + group - 1) / group,
        (number, workers) -> {
          for (int from = number * group; from < components; from += workers * group) {
            try (NativeScope step = new NativeScope()) {
              int some = Math.min(group, components - from);
              all.fill(model, from, some, x, observed, normalizer);
            }
          }
        });
    return all;
  }

  /** Components that are worked on together. */
  static int group(MixtureOfFactorAnalyzers model) {
    long values = Devices.valuesPerStep(model.means(), GROUP_VALUES);
    return (int) Math.max(1, values / ((long) model.factors() * model.dims()));
  }

  private void fill(
      MixtureOfFactorAnalyzers model,
      int from,
      int count,
      Tensor x,
      Tensor observed,
      double normalizer) {
    Tensor noise = model.noiseVariance().narrow(0, from, count).to(ScalarType.Double);
    Tensor loadings = model.loadings().narrow(0, from, count).to(ScalarType.Double);
    Tensor precision = observed.div(noise);
    Tensor centred = x.sub(model.means().narrow(0, from, count));
    Tensor scaled = loadings.mul(precision.unsqueeze(1));
    Tensor identity = torch.eye(model.factors()).to(model.device(), ScalarType.Double);
    Tensor factor =
        torch.linalg_cholesky(torch.bmm(scaled, loadings.transpose(1, 2)).add_(identity));
    Tensor inverse = torch.linalg_solve_triangular(factor, identity.expand_as(factor), false);
    Tensor whitened = inverse.bmm(scaled.bmm(centred.unsqueeze(2)));
    Tensor distance =
        centred.square().mul_(precision).sum(1).sub_(whitened.square().sum(1).squeeze(1));
    Tensor logDeterminant =
        factor
            .diagonal(0, 1, 2)
            .log()
            .sum(1)
            .mul_(new Scalar(2))
            .add_(torch.mv(noise.log(), observed));
    root.narrow(0, from, count).copy_(inverse);
    mean.narrow(0, from, count).copy_(inverse.transpose(1, 2).bmm(whitened).squeeze(2));
    logJoint
        .narrow(0, from, count)
        .copy_(
            distance
                .add_(logDeterminant)
                .add_(new Scalar(normalizer))
                .mul_(new Scalar(-0.5))
                .add_(model.logWeights().narrow(0, from, count).to(ScalarType.Double)));
  }
}
