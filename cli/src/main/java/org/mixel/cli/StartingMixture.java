package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.Initialization;
import org.mixel.mfa.training.Refit;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.neural.AdversarialMfa;
import org.mixel.neural.Recipe;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Option;

/** The mixture that {@code train} begins with: of a file, or made of the rows. */
final class StartingMixture {
  private static final int COMPONENTS = 200;
  private static final int FACTORS = 10;

  @Option(
      names = "--mixture",
      paramLabel = "M.mfa",
      description = "pix2pix, adversarial-mfa: the mixture to begin with.")
  private @Nullable Path mixture;

  @Option(
      names = "--init",
      paramLabel = "random|kmeans|M.mfa",
      description =
          "adversarial-mfa: the mixture to begin with: subspaces through random rows, factor analysis"
              + " of clusters, or that of a file, as --mixture.")
  private @Nullable String init;

  @Option(
      names = "--components",
      paramLabel = "K",
      description = "Of --init random or kmeans (default: 200).")
  private @Nullable Integer components;

  @Option(
      names = "--factors",
      paramLabel = "L",
      description = "Of --init random or kmeans (default: 10).")
  private @Nullable Integer factors;

  /** Says what will be read. */
  void addTo(Places places) {
    places.reads(mixture).reads(ofRows() ? null : init);
  }

  private boolean ofRows() {
    return init != null
        && (init.equals(Initialization.RANDOM.toString())
            || init.equals(Initialization.KMEANS.toString()));
  }

  /**
   * Refuses options that contradict each other.
   *
   * @throws org.mixel.InputException that names them
   */
  void requireFit(Recipe recipe) {
    require(
        init == null || recipe instanceof AdversarialMfa,
        "--init does not go with %s: it is an option of adversarial-mfa".formatted(recipe.kind()));
    require(init == null || mixture == null, "--init M.mfa is --mixture M.mfa; give one of them");
    require(
        ofRows() || (components == null && factors == null),
        "--components and --factors go with --init random or kmeans");
  }

  /**
   * The mixture; the same rows and seed give the same one.
   *
   * @return to be closed by the caller; null if none was asked for
   */
  @Nullable MixtureOfFactorAnalyzers open(Samples rows, ComputeDevice device, Session session) {
    if (init == null || !ofRows()) {
      Path file = init == null ? mixture : Path.of(init);
      return file == null ? null : ModelFile.mixture(file, device);
    }
    TrainingOptions options =
        TrainingOptions.forRows(
                rows,
                components == null ? COMPONENTS : components,
                factors == null ? FACTORS : factors)
            .withInitialization(Initialization.of(init))
            .withRefit(Refit.NONE)
            .withSeed(session.seed());
    return Trainer.of(options, device).firstModel(rows, session.progress());
  }
}
