package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.Initialization;
import org.mixel.mfa.training.Trainer;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Option;

/** The model that {@code fit} begins with: one made of the rows, a given one, or one to update. */
final class FirstModelChoice {
  @Option(
      names = "--init",
      paramLabel = "kmeans|random|subspaces|M.mfa",
      defaultValue = "kmeans",
      description =
          "First model: factor analysis of clusters (default), subspaces through random rows,"
              + " factor analysis of k-subspaces, or the model of a file.")
  private String init;

  @Option(
      names = "--update",
      paramLabel = "M.mfa",
      description =
          "Go on from this model and learn from DATA besides: the rows that it has learned from"
              + " count as the model remembers them.")
  private @Nullable Path update;

  @Option(
      names = "--forget",
      paramLabel = "F",
      description =
          "With --update: the part of the old rows that no longer counts, from 0 to 1 (default: 0).")
  private @Nullable Double forget;

  /**
   * A model to begin with.
   *
   * @param option that names it
   * @param oldRows how many rows it goes on standing for
   */
  record Given(MixtureOfFactorAnalyzers model, String option, double oldRows)
      implements AutoCloseable {
    @Override
    public void close() {
      model.close();
    }

    void addTo(Trainer trainer) {
      trainer.updating(model, oldRows);
    }
  }

  /** How the first model is made of rows. */
  Initialization ofRows() {
    if (ofFile()) {
      return Initialization.KMEANS;
    }
    try {
      return Initialization.of(init);
    } catch (InputException e) {
      throw new InputException(e.getMessage() + ", which is no model's file either", e);
    }
  }

  /** Whether a file is named instead. */
  private boolean ofFile() {
    boolean named =
        Arrays.stream(Initialization.values()).anyMatch(each -> each.toString().equals(init));
    return !named && (init.endsWith(".mfa") || Places.path(init).filter(Files::exists).isPresent());
  }

  /** Says what will be read. */
  void addTo(Places places) {
    places.reads(update).reads(ofFile() ? init : null);
  }

  /**
   * Reads the model to begin with; the caller closes it.
   *
   * @return null if the first model is made of the rows
   */
  @Nullable Given open(ComputeDevice device) {
    require(forget == null || update != null, "--forget needs --update M.mfa");
    require(
        forget == null || (forget >= 0 && forget <= 1),
        "--forget must be from 0 to 1, got " + forget);
    require(
        update == null || init.equals("kmeans"),
        "--update begins with its own model, so without --init");
    if (update == null && !ofFile()) {
      ofRows();
      return null;
    }
    String option = update == null ? "--init" : "--update";
    Path file = update == null ? Path.of(init) : update;
    MixtureOfFactorAnalyzers model = ModelFile.mixture(file, device);
    try {
      double kept = update == null ? 0 : 1 - (forget == null ? 0 : forget);
      double rows = kept == 0 ? 0 : kept * Trainer.learnedRows(model, file);
      return new Given(model, option + " " + file, rows);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }
}
