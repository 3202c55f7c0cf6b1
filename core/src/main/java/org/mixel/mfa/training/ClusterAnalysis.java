package org.mixel.mfa.training;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * One factor analysis per cluster (the paper's appendix A.2).
 *
 * <p>A cluster's factors are its leading principal directions with the scale of probabilistic PCA,
 * {@code sqrt(lambda - sigma^2)} (Tipping and Bishop 1999), found by subspace iteration at a cost
 * linear in the number of values; its noise is the variance that they leave. EM changes directions
 * quickly but scales slowly, so the first scale matters.
 */
final class ClusterAnalysis {
  private static final int SUBSPACE_ITERATIONS = 6;
  private static final int OVERSAMPLING = 6;
  private static final long MAX_VALUES = 32L << 20;

  private ClusterAnalysis() {}

  /**
   * A model whose components are the clusters.
   *
   * @param members the rows of every cluster
   * @param centers {@code K * d} values; where the means of clusters without rows lie
   */
  static MixtureOfFactorAnalyzers of(
      Samples samples,
      ComputeDevice device,
      int[][] members,
      float[] centers,
      TrainingOptions options,
      Progress progress) {
    int components = options.components();
    int factors = options.factors();
    int dims = samples.dims();
    try (NativeScope scope = new NativeScope();
        RowReader rows = RowReader.of(samples, device, Standardization.type(samples));
        RandomStream seeded = RandomStream.of(options.seed());
        RandomStream random = seeded.split(1);
        Progress.Stage stage = progress.begin("factor analysis of clusters", components)) {
      Tensor means = Tensors.of(centers, components, dims).to(rows.device(), rows.type());
      Tensor loadings = torch.zeros(new long[] {components, factors, dims}, means.options());
      Tensor noise = torch.zeros_like(means);
      double[] weights = new double[components];
      for (int k = 0; k < components; k++) {
        weights[k] = members[k].length;
        analyze(
            rows,
            sampleOf(members[k], dims),
            means.select(0, k),
            random
                .normal(rows.device(), dims, Math.min(dims, factors + OVERSAMPLING))
                .to(rows.type()),
            loadings.select(0, k),
            noise.select(0, k));
        stage.advance(1);
      }
      Tensor mass = Tensors.of(weights, components).to(means.device(), ScalarType.Double);
      noise.mul_(mass.unsqueeze(1).to(rows.type()));
      options.maximization().regularize(noise, mass);
      return MixtureOfFactorAnalyzers.of(
          mass.clamp_min(new Scalar(0.5)).log().to(rows.type()),
          means,
          loadings,
          noise,
          samples.shape().orElse(null),
          Map.of());
    }
  }

  /** At most as many rows as keep the work in memory, spread evenly. */
  static int[] sampleOf(int[] rows, int dims) {
    int most = (int) Math.max(256, MAX_VALUES / dims);
    if (rows.length <= most) {
      return rows;
    }
    int[] sample = new int[most];
    for (int i = 0; i < most; i++) {
      sample[i] = rows[(int) ((long) i * rows.length / most)];
    }
    return sample;
  }

  /** Writes one cluster's mean and noise {@code [d]} and loadings {@code [l, d]}. */
  private static void analyze(
      RowReader reader, int[] rows, Tensor mean, Tensor start, Tensor loadings, Tensor noise) {
    try (NativeScope scope = new NativeScope()) {
      int factors = (int) loadings.size(0);
      int dims = (int) loadings.size(1);
      if (rows.length == 0) {
        return;
      }
      Tensor y = reader.rows(rows).sub_(mean);
      Tensor shift = y.mean(0);
      y.sub_(shift);
      mean.add_(shift);
      Tensor basis = start;
      for (int i = 0; i < SUBSPACE_ITERATIONS; i++) {
        basis = torch.linalg_qr(y.t().mm(y.mm(basis))).get0();
      }
      Tensor projected = y.mm(basis);
      var eigen = torch.linalg_eigh(projected.t().mm(projected).div_(new Scalar(rows.length)));
      Tensor lambda = eigen.get0().flip(0).narrow(0, 0, factors);
      Tensor directions = basis.mm(eigen.get1().flip(1).narrow(1, 0, factors)).t();
      Tensor variance = y.mul_(y).mean(0);
      double left = variance.sum().sub(lambda.sum()).item().toDouble();
      double sigma2 = Math.max(left, 0) / Math.max(1, dims - factors);
      // A direction without variance keeps a small scale: from zero, EM could never leave.
      Tensor scale = lambda.sub(new Scalar(sigma2)).clamp_min_(new Scalar(1e-2 * sigma2 + 1e-8));
      Tensor scaled = directions.mul(scale.sqrt_().unsqueeze(1));
      loadings.narrow(0, 0, factors).copy_(scaled);
      noise.copy_(variance.sub_(scaled.mul_(scaled).sum(0)));
    }
  }
}
