package org.mixel.neural;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.neural.network.Parameters;

/**
 * One kind of model and how it is trained: its networks, noise, loss, optimiser and the settings of
 * its authors. Each kind is one record; the {@code permits} below is the list of all. A record has
 * a constructor without arguments, which takes its authors' settings.
 *
 * <p>Immutable and safe for use by several threads.
 */
public sealed interface Recipe
    permits Dcgan, Wgan, WganGp, Began, Vae, VaeDfc, AdversarialMfa, Pix2Pix {
  /** Values of a hidden layer of the dense networks for rows without image shape. */
  int DENSE_WIDTH = 256;

  /**
   * The settings of a kind's authors.
   *
   * @param batch rows of a step
   * @param learningRate step size of the optimiser
   * @param width channels of the first level
   * @param latent values of a latent row; 0 where rows are drawn from a mixture
   * @param criticSteps critic steps for each generator step; 0 where there is no critic
   */
  record Defaults(int batch, double learningRate, int width, int latent, int criticSteps) {}

  /** Every kind, with its authors' settings. */
  static List<Recipe> all() {
    return Stream.of(Recipe.class.getPermittedSubclasses()).map(Recipe::withDefaults).toList();
  }

  private static Recipe withDefaults(Class<?> kind) {
    try {
      Constructor<?> constructor = kind.getConstructor();
      return (Recipe) constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(kind + " has no constructor without arguments", e);
    }
  }

  /**
   * The kind of this name, with its authors' settings.
   *
   * @param kind such as {@code wgan-gp}
   * @throws InputException if there is no such kind
   */
  static Recipe of(String kind) {
    return all().stream()
        .filter(recipe -> recipe.kind().equals(kind))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "no model is called '%s'; there are %s"
                        .formatted(
                            kind,
                            all().stream().map(Recipe::kind).collect(Collectors.joining(", ")))));
  }

  /** The name of the kind: in files, and on the command line. */
  String kind();

  /** The settings of its authors. */
  Defaults defaults();

  /**
   * The width that training begins with.
   *
   * @param images whether rows are images; others get dense networks
   */
  default int defaultWidth(boolean images) {
    return images ? defaults().width() : DENSE_WIDTH;
  }

  /** No side of an image is halved to fewer pixels; 0 where networks have a rule of their own. */
  default int smallestSide() {
    return 0;
  }

  /** Whether rows must be images. */
  default boolean needsImages() {
    return false;
  }

  /** Whether training begins with a mixture. */
  default boolean needsMixture() {
    return false;
  }

  /** Whether it turns images of the mixture into those of the data. */
  default boolean translates() {
    return false;
  }

  /**
   * Checks the mixture that training begins with.
   *
   * @throws InputException if the mixture does not fit this kind or the rows
   */
  default void requireFit(MixtureOfFactorAnalyzers mixture, Samples rows) {}

  /**
   * Where the generator's parameters come from when training begins with a mixture.
   *
   * @param fresh random ones
   * @param mixture those of the mixture, in the network's units
   */
  default Parameters.Source begin(Parameters.Source fresh, Parameters.Source mixture) {
    return fresh;
  }

  /** The range that pixels have inside the networks. */
  default Scaling.Pixels pixels() {
    return Scaling.Pixels.AROUND_ZERO;
  }

  /** This record's own settings as text, stored with the model by name. */
  default Map<String, String> settings() {
    return Map.of();
  }

  /**
   * This kind as training with batches of so many rows makes it.
   *
   * @param batch rows of a step
   */
  default Recipe trainedBy(int batch) {
    return this;
  }

  /**
   * This kind with the settings of a model, as far as samples depend on them.
   *
   * @param texts the metadata of its file
   * @throws InputException if a setting is none
   */
  default Recipe withSettings(Map<String, String> texts) {
    return this;
  }

  /**
   * The generator of a model.
   *
   * @param source of its parameters
   * @return to be closed by the caller
   * @throws InputException if the source lacks a parameter or holds it in another shape, or images
   *     of this shape have no such network
   */
  Generator generator(Architecture architecture, Parameters.Source source);

  /**
   * The learner that trains the generator. All that it makes belongs to the state of the setup.
   *
   * @throws InputException if the data or the stored state do not fit
   */
  Learner learner(Learner.Setup setup);

  /** Batches of the data that a whole training takes: the critic's, or one a step without one. */
  default long batches(NetworkOptions options) {
    return (long) options.steps() * Math.max(1, options.criticSteps());
  }

  /** Whether a critic takes part in training. */
  default boolean hasCritic() {
    return defaults().criticSteps() > 0;
  }
}
