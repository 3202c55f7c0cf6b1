package org.mixel.mfa;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Mask;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * The parameters of a mixture of {@code K} factor analyzers over {@code d} values with {@code l}
 * factors each.
 *
 * <p>Immutable: nobody writes to the tensors after construction. Owns native memory until {@link
 * #close()}. Safe to read from several threads.
 */
public final class MixtureOfFactorAnalyzers implements AutoCloseable {
  /** The metadata's key of the least noise variance under which posteriors are taken. */
  public static final String POSTERIOR_NOISE = "posterior_noise";

  private final Tensor logWeights;
  private final Tensor means;
  private final Tensor loadings;
  private final Tensor noiseVariance;
  private final @Nullable ImageShape shape;
  private final Map<String, String> metadata;

  private MixtureOfFactorAnalyzers(
      Tensor logWeights,
      Tensor means,
      Tensor loadings,
      Tensor noiseVariance,
      @Nullable ImageShape shape,
      Map<String, String> metadata) {
    this.logWeights = NativeScope.own(logWeights);
    this.means = NativeScope.own(means);
    this.loadings = NativeScope.own(loadings);
    this.noiseVariance = NativeScope.own(noiseVariance);
    this.shape = shape;
    this.metadata = Map.copyOf(metadata);
    posteriorNoise(metadata);
  }

  /**
   * A model of these parameters, which are kept, not copied: leave them as they are from now on.
   * All have the same type (float32 as pixels need, or float64 as vectors do) and device.
   *
   * @param logWeights {@code [K]}, normalised by this call
   * @param means {@code [K, d]}
   * @param loadings {@code [K, l, d]}, row {@code f} of component {@code k} is column {@code f} of
   *     the paper's {@code A_k}
   * @param noiseVariance {@code [K, d]}, positive
   * @param shape the shape of a row, or null when rows are not images
   * @param metadata free text to store with the model
   * @throws InputException if shapes disagree, or values are not finite, or a variance is not
   *     positive
   */
  public static MixtureOfFactorAnalyzers of(
      Tensor logWeights,
      Tensor means,
      Tensor loadings,
      Tensor noiseVariance,
      @Nullable ImageShape shape,
      Map<String, String> metadata) {
    try (NativeScope scope = new NativeScope()) {
      require(logWeights.dim() == 1 && logWeights.size(0) > 0, "log_weights must be a vector");
      long components = logWeights.size(0);
      require(
          means.dim() == 2 && means.size(0) == components && means.size(1) > 0,
          "means must be components x dims");
      long dims = means.size(1);
      require(
          loadings.dim() == 3
              && loadings.size(0) == components
              && loadings.size(1) > 0
              && loadings.size(2) == dims,
          "loadings must be components x factors x dims");
      require(
          noiseVariance.dim() == 2
              && noiseVariance.size(0) == components
              && noiseVariance.size(1) == dims,
          "noise_variance must be components x dims");
      require(shape == null || shape.dims() == dims, "the image shape does not fit the dims");
      require(
          finite(means) && finite(loadings) && finite(noiseVariance),
          "means, loadings and noise variances must be finite");
      require(noiseVariance.min().item().toDouble() > 0, "noise variances must be positive");
      Tensor normalised = logWeights.log_softmax(0, new ScalarTypeOptional());
      require(!normalised.isnan().any().item().toBool(), "log_weights must not be NaN");
      return new MixtureOfFactorAnalyzers(
          normalised,
          means.contiguous(),
          loadings.contiguous(),
          noiseVariance.contiguous(),
          shape,
          metadata);
    }
  }

  /**
   * Reads a {@link MixtureFile}, to compute on the CPU.
   *
   * @return the caller closes it
   * @throws InputException if the file is damaged or holds no usable mixture
   */
  public static MixtureOfFactorAnalyzers load(Path file) {
    return load(file, ComputeDevice.CPU);
  }

  /**
   * Reads a {@link MixtureFile}.
   *
   * @return the caller closes it
   * @throws InputException if the file is damaged or holds no usable mixture
   */
  public static MixtureOfFactorAnalyzers load(Path file, ComputeDevice device) {
    return MixtureFile.read(file, device, null);
  }

  /** Writes a {@link MixtureFile}, whole or not at all. */
  public void save(Path file) {
    MixtureFile.write(this, file);
  }

  /**
   * Draws rows, without the noise of pixels or values; {@link Sampler} adds it.
   *
   * @param rows how many
   * @param seed fixes the draws
   * @return rows in memory or, when they are many, in a temporary file; values may leave [0, 1]
   */
  public Samples sample(int rows, long seed) {
    try (Sampler sampler = Sampler.of(this, false, seed)) {
      return sampler.take("samples", rows, Progress.SILENT);
    }
  }

  /**
   * Natural logs of the density of every row ({@link Scoring#logLikelihood}).
   *
   * @param samples rows of {@code d} values; NaN where missing
   * @return a new array, one value per row, in nats
   * @throws InputException if the rows have another number of values than the model
   */
  public double[] logLikelihood(Samples samples) {
    return Scoring.logLikelihood(this, samples, Progress.SILENT);
  }

  /**
   * The most probable component of every row.
   *
   * @param samples rows of {@code d} values; NaN where missing
   * @return a new array, one index per row
   * @throws InputException if the rows have another number of values than the model
   */
  public int[] mostProbable(Samples samples) {
    return Scoring.mostProbable(this, samples, Progress.SILENT);
  }

  /**
   * Completes the hidden values of rows in the paper's way; {@link Inpainting} has others.
   *
   * @param samples rows of {@code d} values
   * @param mask the values to complete, beside those that are NaN
   * @return the completed rows, in memory
   * @throws InputException if the rows have another number of values than the model, or the mask
   *     hides everything
   * @throws IllegalArgumentException if the mask is of other rows
   */
  public Samples inpaint(Samples samples, Mask mask) {
    return mask.shared()
        ? complete(samples, mask.observed(0))
        : complete(samples.masked(mask), null);
  }

  /**
   * Completes the values of rows that are missing (NaN), in the paper's way.
   *
   * @param samples rows of {@code d} values
   * @return the completed rows, in memory
   * @throws InputException if the rows have another number of values than the model
   */
  public Samples inpaint(Samples samples) {
    return complete(samples, null);
  }

  /**
   * The projection of every row on the subspace of its most probable component.
   *
   * @param samples rows of {@code d} values
   * @return the reconstructed rows, in memory
   * @throws InputException if the rows have another number of values than the model
   */
  public Samples reconstruct(Samples samples) {
    boolean[] all = new boolean[dims()];
    Arrays.fill(all, true);
    return complete(samples, all);
  }

  private Samples complete(Samples samples, boolean @Nullable [] observed) {
    return Inpainting.complete(
        this, samples, observed, Inpainting.Options.defaults(), Progress.SILENT);
  }

  private static boolean finite(Tensor tensor) {
    // The least and the largest are NaN if any value is.
    return Double.isFinite(tensor.min().item().toDouble())
        && Double.isFinite(tensor.max().item().toDouble());
  }

  /** Number of components, {@code K}. */
  public int components() {
    return (int) loadings.size(0);
  }

  /** Factors per component, {@code l}. */
  public int factors() {
    return (int) loadings.size(1);
  }

  /** Values per row, {@code d}. */
  public int dims() {
    return (int) loadings.size(2);
  }

  /** Natural logs of the mixing weights, {@code [K]}; they sum to 1 after {@code exp}. */
  public Tensor logWeights() {
    return logWeights;
  }

  /** Means, {@code [K, d]}. */
  public Tensor means() {
    return means;
  }

  /** Loadings, {@code [K, l, d]}. */
  public Tensor loadings() {
    return loadings;
  }

  /** Noise variances, {@code [K, d]}. */
  public Tensor noiseVariance() {
    return noiseVariance;
  }

  /**
   * The standard deviation of the noise of one value: the root of the mean variance over values
   * and, by their weights, components.
   */
  public double noiseDeviation() {
    try (NativeScope scope = new NativeScope()) {
      Tensor weights = logWeights.to(ScalarType.Double).exp();
      Tensor variances = noiseVariance.to(ScalarType.Double).mean(1);
      return Math.sqrt(weights.dot(variances).item().toDouble());
    }
  }

  /** The mixing weights as plain numbers; they sum to 1. */
  public double[] weights() {
    try (NativeScope scope = new NativeScope()) {
      return Tensors.doubles(logWeights.to(ScalarType.Double).exp());
    }
  }

  /** Copies of all means, as rows: images of the model's shape, or vectors. */
  public Samples meanRows() {
    return shape == null
        ? StoredSamples.ofDoubles("means", dims(), Tensors.doubles(means))
        : StoredSamples.ofFloats("means", dims(), shape, Tensors.floats(means));
  }

  /**
   * A copy of one component.
   *
   * @throws InputException if there is no such component
   */
  public Component component(int index) {
    require(
        index >= 0 && index < components(),
        "component must be from 0 to %d, got %d".formatted(components() - 1, index));
    try (NativeScope scope = new NativeScope()) {
      float[][] factors = new float[factors()][];
      for (int f = 0; f < factors.length; f++) {
        factors[f] = Tensors.floats(loadings.select(0, index).select(0, f));
      }
      return new Component(
          index,
          weights()[index],
          Tensors.floats(means.select(0, index)),
          factors,
          Tensors.floats(noiseVariance.select(0, index)));
    }
  }

  /** The shape of a row when rows are images. */
  public Optional<ImageShape> shape() {
    return Optional.ofNullable(shape);
  }

  /** The metadata stored with the model: the trainer's options, the seed, the data's hash. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Where the parameters live. */
  public Device device() {
    return means.device();
  }

  /** The type of all tensors: float32 for images, float64 for vectors. */
  public ScalarType type() {
    return Tensors.type(means);
  }

  /** The same model with these logs of weights, which are normalised already. */
  MixtureOfFactorAnalyzers withLogWeights(Tensor normalised) {
    return new MixtureOfFactorAnalyzers(
        normalised, means, loadings, noiseVariance, shape, metadata);
  }

  /** The same model with other loadings and noise; may share them, but is closed by itself. */
  public MixtureOfFactorAnalyzers with(Tensor otherLoadings, Tensor otherNoise) {
    try (MixtureOfFactorAnalyzers checked =
        of(logWeights, means, otherLoadings, otherNoise, shape, metadata)) {
      return checked.withLogWeights(logWeights);
    }
  }

  /**
   * The model that posteriors are taken under: the responsibilities of components and {@code z}
   * given what is seen of a row. Where training found components under a noise larger than the
   * density's, this is the same model with that noise, by which unseen values are completed with
   * smaller error.
   *
   * @return may share the parameters, but is closed by itself
   */
  public MixtureOfFactorAnalyzers forPosteriors() {
    double least = posteriorNoise();
    try (NativeScope scope = new NativeScope()) {
      Tensor noise = least == 0 ? noiseVariance : noiseVariance.clamp_min(new Scalar(least));
      return new MixtureOfFactorAnalyzers(logWeights, means, loadings, noise, shape, metadata);
    }
  }

  /** The least noise variance that posteriors are taken under; 0 for that of the density. */
  public double posteriorNoise() {
    return posteriorNoise(metadata);
  }

  private static double posteriorNoise(Map<String, String> metadata) {
    String text = metadata.get(POSTERIOR_NOISE);
    double value;
    try {
      value = text == null ? 0 : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    require(
        value >= 0 && value < Double.POSITIVE_INFINITY,
        "%s must be a number of at least 0, got %s".formatted(POSTERIOR_NOISE, text));
    return value;
  }

  /** The same model with other metadata; shares the parameters, but is closed by itself. */
  public MixtureOfFactorAnalyzers withMetadata(Map<String, String> texts) {
    return new MixtureOfFactorAnalyzers(logWeights, means, loadings, noiseVariance, shape, texts);
  }

  /** The same model in float32 or float64; may share the parameters, but is closed by itself. */
  public MixtureOfFactorAnalyzers to(ScalarType type) {
    try (NativeScope scope = new NativeScope()) {
      return new MixtureOfFactorAnalyzers(
          logWeights.to(type),
          means.to(type),
          loadings.to(type),
          noiseVariance.to(type),
          shape,
          metadata);
    }
  }

  /**
   * The distribution of some of the values: a mixture of the same components over fewer dims, since
   * a marginal of a Gaussian keeps the rows of its parameters.
   *
   * @param dims int64 indices of the observed values, {@code [o]}
   */
  public MixtureOfFactorAnalyzers marginal(Tensor dims) {
    try (NativeScope scope = new NativeScope()) {
      return new MixtureOfFactorAnalyzers(
          logWeights,
          means.index_select(1, dims),
          loadings.index_select(2, dims),
          noiseVariance.index_select(1, dims),
          null,
          Map.of());
    }
  }

  /** The mean of the whole mixture, {@code [d]}; owned by the current scope. */
  Tensor center() {
    return NativeScope.compute(() -> torch.mv(means.t(), logWeights.exp()));
  }

  /** Natural log of {@code 2 pi}, times d. */
  double logNormalizer() {
    return dims() * Math.log(2 * Math.PI);
  }

  @Override
  public void close() {
    logWeights.close();
    means.close();
    loadings.close();
    noiseVariance.close();
  }
}
