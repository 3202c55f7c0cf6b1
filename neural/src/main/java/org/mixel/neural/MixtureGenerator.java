package org.mixel.neural;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;

/**
 * A mixture of factor analyzers as a generator (Richardson and Weiss 2018, section 5.2): {@code x =
 * A_c z1 + mu_c + s_c z2}, where component {@code c} is drawn by its weight and {@code s} are the
 * deviations of the noise. Gradients reach {@code A}, {@code mu} and {@code s}. A choice has no
 * gradient: the weights stay, or are learned by how the critic rates the rows of each component
 * ({@link org.mixel.neural.network.Losses#ofChoices}).
 *
 * <p>Lives in the units of a network, to which a mixture of data is taken and brought back exactly.
 */
public final class MixtureGenerator implements Generator {
  /** Less noise than this, in the units of a network, has no finite density in float32. */
  private static final double LEAST_VARIANCE = 1e-6;

  private final Parameters parameters;
  private final boolean learnsWeights;
  private final Tensor logWeights;
  private final Tensor means;
  private final Tensor loadings;
  private final Tensor deviations;

  private MixtureGenerator(Parameters parameters, int dims, boolean learnsWeights) {
    this.parameters = parameters;
    this.learnsWeights = learnsWeights;
    logWeights =
        learnsWeights ? parameters.train("log_weights", -1) : parameters.keep("log_weights", -1);
    long components = logWeights.size(0);
    if (components == 0) {
      throw new InputException("the mixture has no components");
    }
    means = parameters.train("means", components, dims);
    loadings = parameters.train("loadings", components, -1, dims);
    deviations = parameters.train("noise_deviation", components, dims);
  }

  /**
   * @param source that holds a mixture's parameters
   * @param dims values of a row
   * @param learnsWeights whether training moves the weights of the components
   * @throws InputException if they are missing or do not fit each other or such rows
   */
  static MixtureGenerator of(Parameters.Source source, int dims, boolean learnsWeights) {
    return Parameters.from(source)
        .build(parameters -> new MixtureGenerator(parameters, dims, learnsWeights));
  }

  /**
   * The parameters of a mixture in a network's units, by the names that {@link #of} looks for.
   *
   * @return owned by the current scope
   */
  public static SafeTensors parametersOf(MixtureOfFactorAnalyzers mixture, Scaling scaling) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("log_weights", mixture.logWeights());
    tensors.put("means", scaling.toNetwork(mixture.means()));
    tensors.put("loadings", mixture.loadings().div(scaling.factor()));
    tensors.put("noise_deviation", mixture.noiseVariance().sqrt().div_(scaling.factor()));
    return new SafeTensors(tensors, Map.of());
  }

  /**
   * The mixture that draws these rows, in the units of the data.
   *
   * @throws InputException if training has left no finite parameters
   */
  public MixtureOfFactorAnalyzers mixture(
      Scaling scaling, @Nullable ImageShape shape, Map<String, String> metadata) {
    try (NativeScope scope = new NativeScope()) {
      Tensor variance = deviations.detach().square().clamp_min_(new Scalar(LEAST_VARIANCE));
      return MixtureOfFactorAnalyzers.of(
          logWeights.detach().clone(),
          scaling.toData(means.detach()),
          loadings.detach().mul(scaling.factor()),
          variance.mul_(scaling.factor().square()),
          shape,
          metadata);
    }
  }

  /** Writes a {@code .mfa} file, which is what the model is. */
  @Override
  public void save(
      Path file, Architecture architecture, Scaling scaling, Map<String, String> metadata) {
    try (MixtureOfFactorAnalyzers mixture = mixture(scaling, architecture.image(), metadata)) {
      mixture.save(file);
    }
  }

  /** Number of components, {@code K}. */
  public int components() {
    return (int) logWeights.size(0);
  }

  @Override
  public Tensor draw(RandomStream random, int count, boolean training) {
    return NativeScope.compute(() -> rows(random, components(random, count)));
  }

  @Override
  public Draw drawToTrain(RandomStream random, int count) {
    Tensor components = components(random, count);
    Tensor rows = rows(random, components);
    return new Draw(
        rows, learnsWeights ? torch.log_softmax(logWeights, 0).index_select(0, components) : null);
  }

  private Tensor rows(RandomStream random, Tensor components) {
    Tensor rows = decode(random, components);
    Tensor noise = random.normal(parameters.device(), components.size(0), means.size(1));
    return rows.addcmul(deviations.index_select(0, components), noise.to(type()));
  }

  /** Rows without the noise, as the paper's samples are. */
  Tensor drawNoiseless(RandomStream random, int count) {
    return NativeScope.compute(() -> decode(random, components(random, count)));
  }

  private Tensor decode(RandomStream random, Tensor components) {
    long count = components.size(0);
    Tensor z = random.normal(parameters.device(), count, 1, loadings.size(1)).to(type());
    Tensor moved = torch.bmm(z, loadings.index_select(0, components)).squeeze(1);
    return moved.add(means.index_select(0, components));
  }

  /** Components by their weights, int64 {@code [count]}. */
  private Tensor components(RandomStream random, int count) {
    Tensor cumulative = logWeights.detach().to(ScalarType.Double).exp().cumsum(0);
    Tensor u = random.uniform(parameters.device(), count).to(ScalarType.Double);
    Tensor drawn = torch.searchsorted(cumulative, u.mul(cumulative.select(0, -1)));
    return drawn.clamp_max(new Scalar(logWeights.size(0) - 1));
  }

  private ScalarType type() {
    return parameters.type();
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }
}
