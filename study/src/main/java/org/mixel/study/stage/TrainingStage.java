package org.mixel.study.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mixel.Interruption;
import org.mixel.OutputLock;
import org.mixel.Progress;
import org.mixel.WholeFile;
import org.mixel.data.DataHash;
import org.mixel.data.RowSampler;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.Checkpoints;
import org.mixel.mfa.training.HierarchicalTrainer;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.neural.AdversarialMfa;
import org.mixel.neural.Evaluation;
import org.mixel.neural.ModelSampler;
import org.mixel.neural.NetworkOptions;
import org.mixel.neural.NetworkTrainer;
import org.mixel.neural.Recipe;
import org.mixel.neural.Schedule;
import org.mixel.neural.TrainedNetwork;
import org.mixel.page.SamplePictures;
import org.mixel.tensor.ComputeDevice;

/**
 * The models of a study, in a folder: each is trained once, with checkpoints, and read from its
 * file when the study is run again with the same data and settings.
 */
public final class TrainingStage {
  /** The name of the mixture in tables. */
  public static final String MIXTURE = "mfa";

  private final Path folder;
  private final Samples rows;
  private final long seed;
  private final ComputeDevice device;
  private final Interruption interruption;
  private final Progress progress;

  /**
   * A model's file.
   *
   * @param name the model's name in tables
   * @param seconds that its training took, without pictures and evaluations
   */
  public record Finished(String name, Path file, double seconds) {}

  /** A model and samples of it. */
  public record Drawn(Finished model, Samples rows) {
    public String name() {
      return model.name();
    }
  }

  /**
   * @param folder receives the models
   * @param rows that all models are trained on
   * @param seed of every training and of the samples
   */
  public TrainingStage(
      Path folder,
      Samples rows,
      long seed,
      ComputeDevice device,
      Interruption interruption,
      Progress progress) {
    this.folder = folder;
    this.rows = rows;
    this.seed = seed;
    this.device = device;
    this.interruption = interruption;
    this.progress = progress;
  }

  /** A mixture, by maximum likelihood. */
  public Finished mixture(MixtureSetting setting) {
    MixtureSetting seeded = setting.withSeed(seed + setting.repetition());
    Path file = folder.resolve(setting.name() + ".mfa");
    return finished(
        setting.name(),
        file,
        seeded.trained() + " " + DataHash.sha256(rows),
        () -> {
          var trained = train(seeded, file);
          try (MixtureOfFactorAnalyzers model = trained.model()) {
            model.save(file);
          }
          return trained.seconds();
        });
  }

  private TrainingResult train(MixtureSetting setting, Path file) {
    Checkpoints checkpoints = Checkpoints.beside(file);
    return setting.roots() == 0
        ? Trainer.of(setting.options(), device)
            .checkpointedIn(checkpoints.single(), true)
            .fit(rows, progress)
        : HierarchicalTrainer.of(setting.options(), setting.roots(), device)
            .checkpointedIn(checkpoints.staged(), true)
            .fit(rows, progress);
  }

  /**
   * A network.
   *
   * @param mixture that it begins with, one of this stage, or null
   * @param evaluation during the training, or null
   * @param evaluations their number, if any
   * @param labelled the labels that the model or its log depends on, as text after a space; empty
   *     without any
   * @throws StudyInterrupted if the program is to end before the model is finished
   */
  public Finished network(
      NetworkSetting setting,
      @Nullable Path mixture,
      @Nullable Evaluation evaluation,
      int evaluations,
      String labelled) {
    NetworkOptions options = setting.options(seed);
    Recipe recipe = setting.recipe();
    boolean adversarialMixture = recipe instanceof AdversarialMfa;
    Path file = folder.resolve(setting.name() + (adversarialMixture ? ".mfa" : ".net"));
    int steps = setting.steps();
    String trained =
        "Setting[kind=%s, options=%s, recipe=%s, width=%s, latent=%s] "
                .formatted(
                    setting.name(),
                    options,
                    new TreeMap<>(recipe.settings()),
                    setting.width(),
                    setting.latent())
            + DataHash.sha256(rows)
            + (mixture == null ? "" : " of " + settingOf(mixture))
            + labelled;
    return finished(
        setting.name(),
        file,
        trained,
        () -> {
          Schedule plain = Schedule.defaults(steps);
          NetworkTrainer trainer =
              NetworkTrainer.of(recipe, options, device)
                  .sized(setting.width(), setting.latent())
                  .beside(file, true)
                  .paintedBy(SamplePictures.of(pictures(file, setting.name()), rows))
                  .on(
                      new Schedule(
                          plain.log(),
                          plain.picture(),
                          evaluation == null ? 0 : Math.max(1, steps / evaluations),
                          plain.checkpoint()));
          if (evaluation != null) {
            trainer.evaluatedBy(evaluation);
            evaluation.judge().ifPresent(trainer::keepingBest);
          }
          if (mixture == null) {
            return train(trainer, file);
          }
          try (MixtureOfFactorAnalyzers start = MixtureOfFactorAnalyzers.load(mixture, device)) {
            return train(trainer.from(start), file);
          }
        });
  }

  /** The folder with pictures of a network's training, beside its file. */
  public static Path pictures(Path file, String name) {
    return file.resolveSibling(name + ".pictures");
  }

  private double train(NetworkTrainer trainer, Path file) {
    try (TrainedNetwork trained = trainer.train(rows, interruption, progress)) {
      if (!trained.progressed().finished()) {
        throw new StudyInterrupted();
      }
      Path best = NetworkTrainer.best(file);
      if (Files.isRegularFile(best)) {
        // A copy: a training that goes on from the last checkpoint needs the best model again.
        WholeFile.write(file, part -> Files.copy(best, part));
      } else {
        trained.save(file);
      }
      return trained.progressed().seconds();
    }
  }

  /**
   * Draws samples of a finished model.
   *
   * @param noise whether samples of a mixture have its noise
   */
  public Drawn draw(Finished model, boolean noise, int samples) {
    try (RowSampler sampler = ModelSampler.open(model.file(), noise, seed, device)) {
      return new Drawn(model, sampler.take(model.name(), samples, progress));
    }
  }

  /** Trains a model and returns the seconds that it took. */
  @FunctionalInterface
  private interface Training {
    double run();
  }

  private static Path besideModel(Path file) {
    return file.resolveSibling(file.getFileName() + ".setting");
  }

  /** The setting of a finished model. */
  private static String settingOf(Path model) {
    Path record = besideModel(model);
    try {
      return Files.readAllLines(record).get(0);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + record + ": " + e.getMessage(), e);
    }
  }

  /**
   * The model of a setting, trained unless it is there. Its setting is recorded beside it from the
   * beginning of its training on: another setting trains the model anew, and does not resume from a
   * checkpoint of the old one.
   */
  private static Finished finished(String name, Path file, String setting, Training training) {
    Path record = besideModel(file);
    try (OutputLock lock = OutputLock.of(file)) {
      List<String> lines = Files.isRegularFile(record) ? Files.readAllLines(record) : List.of();
      boolean same = !lines.isEmpty() && lines.get(0).equals(setting);
      if (same && lines.size() > 1 && Files.isRegularFile(file)) {
        deleteCheckpoint(file);
        return new Finished(name, file, Double.parseDouble(lines.get(1)));
      }
      if (!same) {
        deleteCheckpoint(file);
        WholeFile.write(record, part -> Files.writeString(part, setting + "\n"));
      }
      double seconds = training.run();
      WholeFile.write(record, part -> Files.writeString(part, setting + "\n" + seconds + "\n"));
      // Not before: without the record, a study that was killed trains the model again.
      deleteCheckpoint(file);
      return new Finished(name, file, seconds);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + record + ": " + e.getMessage(), e);
    }
  }

  /** Deletes what a training of the model goes on from. */
  private static void deleteCheckpoint(Path file) throws IOException {
    Checkpoints.beside(file).delete();
    Files.deleteIfExists(NetworkTrainer.best(file));
  }
}
