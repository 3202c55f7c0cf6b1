package org.mixel.mfa.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.DivergedException;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.optimizer.Adam;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * An epoch of stochastic gradient ascent, the paper's way of training: Adam on the exact
 * log-likelihood of mini-batches of shuffled rows, over the logits of the weights, the means, the
 * loadings and the noise's standard deviations, with gradients by libtorch. Deviations are kept
 * between 0.001, or that of a higher noise floor, and 1, or that of a first model with more; the
 * prior on the noise is EM's alone.
 */
final class GradientPass implements Pass {
  /** Logits, means, loadings and deviations of the noise. */
  private static final int PARAMETERS = 4;

  /** The range of a deviation, for pixels in [0, 1] and standardised columns. */
  private static final double LEAST_DEVIATION = 1e-3;

  private static final double MOST_DEVIATION = 1;

  /** The epochs so far, in a checkpoint of deviations. */
  private static final String EPOCHS = "epochs";

  private final Samples samples;
  private final ComputeDevice device;
  private final Algorithm.StochasticGradient algorithm;
  private final TrainingOptions options;
  private final Adam adam;
  private long epoch;

  private GradientPass(
      Samples samples,
      ComputeDevice device,
      Algorithm.StochasticGradient algorithm,
      TrainingOptions options,
      Adam adam,
      long epoch) {
    this.samples = samples;
    this.device = device;
    this.algorithm = algorithm;
    this.options = options;
    this.adam = adam;
    this.epoch = epoch;
  }

  /** The first epoch of a training. */
  static GradientPass start(
      Samples samples,
      ComputeDevice device,
      Algorithm.StochasticGradient algorithm,
      TrainingOptions options) {
    return new GradientPass(
        samples,
        device,
        algorithm,
        options,
        Adam.of(Adam.Options.of(algorithm.learningRate()), PARAMETERS),
        0);
  }

  /**
   * Goes on from a {@link #state}.
   *
   * @throws InputException if the state does not fit the model, or is of steps over the logarithm
   *     of the noise
   */
  static GradientPass resume(
      Samples samples,
      ComputeDevice device,
      MixtureOfFactorAnalyzers model,
      Algorithm.StochasticGradient algorithm,
      TrainingOptions options,
      SafeTensors state) {
    if (!state.tensors().containsKey(EPOCHS)) {
      throw new InputException(
          "the checkpoint is of an earlier version, in which sgd learned the logarithm of the noise;"
              + " begin anew");
    }
    Tensor noise =
        options.maximization().noise() == NoiseModel.ISOTROPIC
            ? model.noiseVariance().narrow(1, 0, 1)
            : model.noiseVariance();
    Adam adam =
        Adam.resume(
            Adam.Options.of(algorithm.learningRate()),
            List.of(model.logWeights(), model.means(), model.loadings(), noise),
            state);
    return new GradientPass(
        samples, device, algorithm, options, adam, Tensors.longs(state.get(EPOCHS, 1))[0]);
  }

  @Override
  public SufficientStatistics expect(MixtureOfFactorAnalyzers model, Progress.Stage stage) {
    return ExactExpectation.of(samples, device, model, stage);
  }

  @Override
  public Outcome improve(
      MixtureOfFactorAnalyzers model, Maximization maximization, Progress.Stage stage) {
    epoch++;
    boolean isotropic = maximization.noise() == NoiseModel.ISOTROPIC;
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(options.seed()).split(1000 + epoch)) {
      Tensor noise = model.noiseVariance();
      Tensor[] parameters = {
        model.logWeights().clone(),
        model.means().clone(),
        model.loadings().clone(),
        (isotropic ? noise.mean(new long[] {1}, true, null) : noise).sqrt()
      };
      double sum = climb(parameters, maximization.noiseFloor(), random, stage);
      Tensor variance = parameters[3].square();
      for (Tensor parameter :
          List.of(parameters[0], parameters[1], parameters[2], parameters[3], variance)) {
        if (!Double.isFinite(parameter.sum().item().toDouble())) {
          throw diverged(new ArithmeticException("not finite"));
        }
      }
      MixtureOfFactorAnalyzers next =
          MixtureOfFactorAnalyzers.of(
              parameters[0],
              parameters[1],
              parameters[2],
              variance.expand_as(noise).contiguous(),
              model.shape().orElse(null),
              Map.of());
      return new Outcome(next, sum / samples.rows(), 0);
    }
  }

  /**
   * One epoch of steps; returns the rows' log-likelihoods, each under the parameters before its
   * step, summed.
   */
  private double climb(
      Tensor[] parameters, double noiseFloor, RandomStream random, Progress.Stage stage) {
    Samples shuffled = samples.select(random.choose(samples.rows(), samples.rows()));
    Scalar least = new Scalar(Math.max(Math.sqrt(noiseFloor), LEAST_DEVIATION));
    Scalar most =
        new Scalar(
            Math.max(
                Math.max(Math.sqrt(noiseFloor), MOST_DEVIATION),
                parameters[3].max().item().toDouble()));
    double[] sum = {0};
    try (RowReader rows = RowReader.of(shuffled, device)) {
      rows.forEach(
          algorithm.batch(),
          stage,
          batch -> {
            sum[0] -= step(batch, parameters) * batch.count();
            parameters[3].clamp_min_(least).clamp_max_(most);
          });
    }
    return sum[0];
  }

  /** One step of Adam; returns the mean of {@code -log p(x)} that it started from. */
  private double step(RowReader.Batch batch, Tensor[] parameters) {
    Tensor[] leaves = new Tensor[parameters.length];
    for (int i = 0; i < leaves.length; i++) {
      leaves[i] = parameters[i].detach().requires_grad_(true);
    }
    // About a constant origin, so that little cancels.
    Tensor shift = parameters[1].mean(0).neg();
    Tensor loss;
    try {
      loss = negativeLogLikelihood(batch.less(shift, 0, batch.count()), shift, leaves);
    } catch (RuntimeException e) {
      // Parameters that are not finite have no Cholesky factor.
      throw diverged(e);
    }
    double value = loss.item().toDouble();
    if (!Float.isFinite((float) value)) {
      throw diverged(new ArithmeticException("not finite"));
    }
    loss.backward();
    Tensor[] gradients = new Tensor[leaves.length];
    for (int i = 0; i < leaves.length; i++) {
      gradients[i] = leaves[i].grad();
    }
    adam.step(parameters, gradients);
    return value;
  }

  private DivergedException diverged(RuntimeException cause) {
    return new DivergedException(
        String.format(
            Locale.ROOT,
            "sgd diverged in iteration %d: the likelihood is not finite; lower `learningRate`,"
                + " which is %s",
            epoch,
            algorithm.learningRate()),
        cause);
  }

  /**
   * The mean over rows of {@code -log p(x)}, differentiable in the parameters (the package's
   * equations for the density).
   *
   * @param y rows plus a shift, {@code [n, d]}
   * @param shift {@code [d]}
   * @param parameters logits {@code [K]}, means {@code [K, d]}, loadings {@code [K, l, d]},
   *     deviations of the noise {@code [K, d]} or {@code [K, 1]}
   * @return a float64 scalar
   */
  static Tensor negativeLogLikelihood(Tensor y, Tensor shift, Tensor[] parameters) {
    Tensor means = parameters[1];
    Tensor loadings = parameters[2];
    long components = loadings.size(0);
    long factors = loadings.size(1);
    long dims = loadings.size(2);
    Tensor deviations = parameters[3].expand(components, dims);
    Tensor precision = deviations.square().reciprocal();
    Tensor scaled = loadings.div(deviations.unsqueeze(1));
    // What is l x l, or a number for each component, is computed in float64.
    Tensor identity = torch.eye(factors).to(y.device(), ScalarType.Double);
    Tensor products = torch.bmm(scaled, scaled.transpose(1, 2)).to(ScalarType.Double);
    Tensor factor = torch.linalg_cholesky(products.add(identity));
    Tensor inverse =
        torch.linalg_solve_triangular(factor, identity.expand(components, factors, factors), false);
    Tensor whitened = torch.bmm(inverse.to(y.scalar_type()), scaled.div(deviations.unsqueeze(1)));
    Tensor logNoise = deviations.to(ScalarType.Double).log().sum(1);
    Tensor logDeterminant = factor.diagonal(0, 1, 2).log().sum(1).add(logNoise).mul(new Scalar(2));
    Tensor mu = means.add(shift);
    Tensor offset = torch.bmm(whitened, mu.unsqueeze(2)).view(1, components, factors);
    Tensor projected =
        y.mm(whitened.reshape(components * factors, dims).t()).view(y.size(0), components, factors);
    Tensor explained = projected.sub(offset).square().sum(2);
    Tensor scaledMean = mu.mul(precision);
    Tensor distance =
        y.square()
            .mm(precision.t())
            .sub(y.mm(scaledMean.t()), new Scalar(2))
            .add(mu.mul(scaledMean).sum(1))
            .sub(explained);
    Tensor joint =
        distance
            .to(ScalarType.Double)
            .add(logDeterminant)
            .add(new Scalar(dims * Math.log(2 * Math.PI)))
            .mul(new Scalar(-0.5))
            .add(parameters[0].to(ScalarType.Double).log_softmax(0, null));
    return torch.logsumexp(joint, 1).mean().neg();
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>(adam.state());
    state.put(EPOCHS, Tensors.of(new long[] {epoch}, 1));
    return state;
  }

  @Override
  public void close() {
    adam.close();
  }
}
