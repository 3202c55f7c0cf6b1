package org.mixel.neural;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.data.DataHash;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.metric.FeatureNetwork;
import org.mixel.neural.network.FeatureLayers;
import org.mixel.neural.network.Losses;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.SafeTensors;

/**
 * The deep feature consistent VAE (Hou, Shen, Sun and Qiu 2017, section 4.1): the networks of
 * {@link Vae}, comparing features of images instead of pixels.
 *
 * @param features to compare images by
 * @param featureWeight of their error beside the divergence of the posterior, positive
 */
public record VaeDfc(Features features, double featureWeight) implements Recipe {
  /** By validation: with more, posteriors leave the prior that samples are drawn from. */
  private static final double WEIGHT = 0.1;

  private static final double EARLIER_WEIGHT = 1;
  private static final String FEATURE_WEIGHT = "feature_weight";

  /** Rows by which the scales of features are measured. */
  private static final int MEASURED = 256;

  /** Classes of a network that is never asked for any. */
  private static final int NO_CLASSES = 1;

  private static final String LABELS = "labels";
  private static final String STATE = "features.";
  private static final long STREAM = -3;

  /** The features that images are compared by. */
  public sealed interface Features {
    /**
     * A network of the user's, as {@link org.mixel.metric.FeatureNetwork} reads it.
     *
     * @param file in TorchScript
     */
    record Network(Path file) implements Features {
      @Override
      public String toString() {
        return file.toString();
      }
    }

    /**
     * A classifier that is trained on the classes of the data first.
     *
     * @param labels the class of every row, from 0
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Labels(int[] labels) implements Features {
      @Override
      public String toString() {
        return LABELS + " " + DataHash.brief(labels);
      }
    }

    /** The layers of that classifier with the weights that they begin with. */
    record Random() implements Features {
      @Override
      public String toString() {
        return "random";
      }
    }
  }

  /**
   * @throws InputException if the weight is not positive and finite
   */
  public VaeDfc {
    // Checks the number.
    new Losses.Features(rows -> List.of(), List.of(), featureWeight);
  }

  /** The usual weight. */
  public VaeDfc(Features features) {
    this(features, WEIGHT);
  }

  /** Features of random weights, which need neither a file nor labels. */
  public VaeDfc() {
    this(new Features.Random());
  }

  /** The same comparing other features. */
  public VaeDfc withFeatures(Features other) {
    return new VaeDfc(other, featureWeight);
  }

  /**
   * The same with another weight.
   *
   * @throws InputException if it is not positive and finite
   */
  public VaeDfc withFeatureWeight(double other) {
    return new VaeDfc(features, other);
  }

  @Override
  public String kind() {
    return "vae-dfc";
  }

  @Override
  public Defaults defaults() {
    return new Vae().defaults();
  }

  @Override
  public int smallestSide() {
    return Vae.SMALLEST_SIDE;
  }

  @Override
  public boolean needsImages() {
    return true;
  }

  @Override
  public Scaling.Pixels pixels() {
    return Scaling.Pixels.AS_THEY_ARE;
  }

  /** Those of labels do not tell which, as in the files of the first versions. */
  @Override
  public Map<String, String> settings() {
    String compared = features instanceof Features.Labels ? LABELS : features.toString();
    Map<String, String> settings = new TreeMap<>(Map.of("features", compared));
    if (featureWeight != EARLIER_WEIGHT) {
      settings.put(FEATURE_WEIGHT, Double.toString(featureWeight));
    }
    return settings;
  }

  /** Models of the first versions name no weight, and have 1. */
  @Override
  public VaeDfc withSettings(Map<String, String> texts) {
    String text = texts.get(FEATURE_WEIGHT);
    try {
      return withFeatureWeight(text == null ? EARLIER_WEIGHT : Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new InputException(FEATURE_WEIGHT + " must be a number, got " + text, e);
    }
  }

  @Override
  public Generator generator(Architecture architecture, Parameters.Source source) {
    return new Vae(Likelihood.BERNOULLI).generator(architecture, source);
  }

  @Override
  public Learner learner(Learner.Setup setup) {
    Function<Tensor, List<Tensor>> layers = layers(setup);
    List<Double> scales = scales(layers, setup);
    return Vae.learner(setup, new Losses.Features(layers, scales, featureWeight));
  }

  /**
   * From pixels to layers of features. Their network never changes; a checkpoint stores it unless
   * it is the user's.
   *
   * @throws InputException if the features cannot be had, or are not of such images
   */
  private Function<Tensor, List<Tensor>> layers(Learner.Setup setup) {
    ImageShape shape = setup.rows().shape().orElseThrow();
    Learner.State state = setup.state();
    SafeTensors stored = setup.stored().below(STATE);
    if (features instanceof Features.Network network) {
      FeatureNetwork loaded = state.own(FeatureNetwork.load(network.file(), setup.device()));
      return rows -> List.of(loaded.forward(rows, shape));
    }
    if (features instanceof Features.Labels labels && stored.tensors().isEmpty()) {
      LabelClassifier trained =
          state.own(
              LabelClassifier.train(
                  setup.rows(),
                  labels.labels(),
                  setup.options().seed(),
                  setup.device(),
                  setup.progress()));
      state.keep(STATE, trained::named);
      return trained.layers()::features;
    }
    try (NativeScope scope = new NativeScope();
        RandomStream all = RandomStream.of(setup.options().seed());
        RandomStream random = all.split(STREAM)) {
      int classes =
          features instanceof Features.Labels
              ? Math.toIntExact(stored.get("head.1.bias", -1).size(0))
              : NO_CLASSES;
      Parameters parameters =
          state.own(
              Parameters.from(
                  stored.tensors().isEmpty()
                      ? Parameters.Source.fresh(random, setup.device(), ScalarType.Float)
                      : Parameters.Source.stored(stored, setup.device())));
      state.keep(STATE, parameters::named);
      return new FeatureLayers(parameters, shape, LabelClassifier.WIDTH, classes)::features;
    }
  }

  /** The root of the mean square of every layer on images of the data. */
  private static List<Double> scales(Function<Tensor, List<Tensor>> layers, Learner.Setup setup) {
    Samples images = setup.rows();
    List<Double> scales = new ArrayList<>();
    try (NativeScope scope = new NativeScope();
        NoGradGuard constant = new NoGradGuard();
        RowReader reader = RowReader.of(images, setup.device())) {
      Tensor rows = reader.rows(0, Math.min(MEASURED, images.rows()));
      for (Tensor layer : layers.apply(rows)) {
        double scale = Math.sqrt(layer.square().mean().item().toDouble());
        if (!(scale > 0) || !Double.isFinite(scale)) {
          throw new InputException(
              images.name()
                  + ": a layer of features is zero or not finite on its images; use other"
                  + " `features`");
        }
        scales.add(scale);
      }
    }
    return scales;
  }
}
