package org.mixel.neural;

import java.nio.file.Path;
import java.util.Map;
import org.mixel.neural.network.Custody;
import org.mixel.neural.network.ParameterSource;

/**
 * The deep feature consistent VAE (Hou, Shen, Sun and Qiu 2017, section 4.1): the networks of
 * {@link Vae}, comparing features of images instead of pixels.
 *
 * @param features to compare images by
 */
public record VaeDfc(Features features) implements Recipe {
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
        return "labels";
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

  /** Features of random weights, which need neither a file nor labels. */
  public VaeDfc() {
    this(new Features.Random());
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
  public boolean needsImages() {
    return true;
  }

  @Override
  public Scaling.Pixels pixels() {
    return Scaling.Pixels.AS_THEY_ARE;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("features", features.toString());
  }

  @Override
  public Generator generator(Architecture architecture, ParameterSource source) {
    return new Vae().generator(architecture, source);
  }

  @Override
  public Learner learner(Learner.Setup setup) {
    try (Custody custody = new Custody()) {
      PerceptualFeatures perceptual = custody.add(PerceptualFeatures.of(features, setup));
      return custody.handOver(VariationalLearner.of(setup, perceptual));
    }
  }
}
