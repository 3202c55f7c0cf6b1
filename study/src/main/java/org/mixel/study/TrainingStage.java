package org.mixel.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mixel.Interruption;
import org.mixel.OutputLock;
import org.mixel.Progress;
import org.mixel.WholeFile;
import org.mixel.data.DataHash;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.neural.model.ModelKind;
import org.mixel.neural.training.Evaluation;
import org.mixel.neural.training.NetworkOptions;
import org.mixel.neural.training.NetworkTrainer;
import org.mixel.neural.training.Schedule;
import org.mixel.neural.training.TrainedNetwork;
import org.mixel.tensor.ComputeDevice;

/**
 * The models of a study, in a folder: each is trained once, with a checkpoint on the way, and taken
 * from its file when the study is run again with the same data and settings.
 */
final class TrainingStage {
  private final Path folder;
  private final Samples rows;
  private final ComputeDevice device;
  private final Interruption interruption;
  private final Progress progress;

  /**
   * A network as a study wants it.
   *
   * @param width null for the kind's own
   * @param latent null for the kind's own
   */
  record Setting(
      ModelKind kind, NetworkOptions options, @Nullable Integer width, @Nullable Integer latent) {
    /** The name of its file, and of its row in tables. */
    String name() {
      return kind.toString();
    }
  }

  /**
   * A model's file.
   *
   * @param seconds that its training took, without pictures and evaluations
   */
  record Finished(Path file, double seconds) {}

  TrainingStage(
      Path folder,
      Samples rows,
      ComputeDevice device,
      Interruption interruption,
      Progress progress) {
    this.folder = folder;
    this.rows = rows;
    this.device = device;
    this.interruption = interruption;
    this.progress = progress;
  }

  /** A mixture, by maximum likelihood. */
  Finished mixture(TrainingOptions options) {
    Path file = folder.resolve("mfa.mfa");
    return finished(
        file,
        options + " " + DataHash.sha256(rows),
        () -> {
          Trainer trainer =
              Trainer.of(options, device)
                  .checkpointedIn(folder.resolve("mfa.mfa.checkpoint"), true);
          var trained = trainer.fit(rows, progress);
          try (MixtureOfFactorAnalyzers model = trained.model()) {
            model.save(file);
          }
          trainer.deleteCheckpoint();
          return trained.seconds();
        });
  }

  /**
   * A network.
   *
   * @param mixture that it begins with, one of this stage, or null
   * @param evaluation on the way, or null
   * @param evaluations how many, if any
   * @throws StudyInterrupted if the program is to end before the model is finished
   */
  Finished network(
      Setting setting, @Nullable Path mixture, @Nullable Evaluation evaluation, int evaluations) {
    boolean adversarialMixture = setting.kind() == ModelKind.ADVERSARIAL_MFA;
    Path file = folder.resolve(setting.name() + (adversarialMixture ? ".mfa" : ".net"));
    int steps = setting.options().steps();
    String what =
        setting
            + " "
            + DataHash.sha256(rows)
            + (mixture == null ? "" : " of " + settingOf(mixture));
    return finished(
        file,
        what,
        () -> {
          Schedule plain = Schedule.defaults(steps);
          NetworkTrainer trainer =
              NetworkTrainer.of(setting.kind(), setting.options(), device)
                  .sized(setting.width(), setting.latent())
                  .beside(file, true)
                  .paintedBy(SamplePictures.of(folder.resolve(setting.name() + ".pictures"), rows))
                  .on(
                      new Schedule(
                          plain.log(),
                          plain.picture(),
                          evaluation == null ? 0 : Math.max(1, steps / evaluations),
                          plain.checkpoint()));
          if (evaluation != null) {
            trainer.evaluatedBy(evaluation);
          }
          if (mixture == null) {
            return train(trainer, file);
          }
          try (MixtureOfFactorAnalyzers start = MixtureOfFactorAnalyzers.load(mixture, device)) {
            return train(trainer.from(start), file);
          }
        });
  }

  private double train(NetworkTrainer trainer, Path file) {
    try (TrainedNetwork trained = trainer.train(rows, interruption, progress)) {
      if (!trained.progressed().finished()) {
        throw new StudyInterrupted();
      }
      trained.save(file);
      NetworkTrainer.deleteCheckpoint(file);
      return trained.progressed().seconds();
    }
  }

  /** Trains, and tells the seconds. */
  @FunctionalInterface
  private interface Training {
    double run();
  }

  private static Path besideModel(Path file) {
    return file.resolveSibling(file.getFileName() + ".setting");
  }

  /** What a model that is there is of. */
  private static String settingOf(Path model) {
    Path told = besideModel(model);
    try {
      return Files.readAllLines(told).get(0);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + told + ": " + e.getMessage(), e);
    }
  }

  /**
   * Beside every model lies what it is of, from the beginning of its training on: another setting
   * trains it anew, and does not go on from a checkpoint of the old one.
   */
  private static Finished finished(Path file, String what, Training training) {
    Path told = besideModel(file);
    try (OutputLock lock = OutputLock.of(file)) {
      List<String> lines = Files.isRegularFile(told) ? Files.readAllLines(told) : List.of();
      boolean same = !lines.isEmpty() && lines.get(0).equals(what);
      if (same && lines.size() > 1 && Files.isRegularFile(file)) {
        return new Finished(file, Double.parseDouble(lines.get(1)));
      }
      if (!same) {
        NetworkTrainer.deleteCheckpoint(file);
        WholeFile.write(told, part -> Files.writeString(part, what + "\n"));
      }
      double seconds = training.run();
      WholeFile.write(told, part -> Files.writeString(part, what + "\n" + seconds + "\n"));
      return new Finished(file, seconds);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + told + ": " + e.getMessage(), e);
    }
  }
}
