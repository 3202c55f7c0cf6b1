package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mixel.Interruption;
import org.mixel.OutputLock;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.neural.Evaluation;
import org.mixel.neural.NetworkOptions;
import org.mixel.neural.NetworkTrainer;
import org.mixel.neural.Recipe;
import org.mixel.neural.Schedule;
import org.mixel.neural.TrainedNetwork;
import org.mixel.page.SamplePictures;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel train}: trains networks that draw rows. */
@Command(
    name = "train",
    header = "Train a network that draws images or points.",
    description = {
      "dcgan, wgan, wgan-gp, began: a generator against a critic; of rows that are not images, too.",
      "vae, vae-dfc: variational auto-encoders, which compare pixels or features.",
      "pix2pix: sharpens samples of a mixture. adversarial-mfa: a mixture as generator; the result"
          + " is a .mfa file.",
      "Beside M go its log (.metrics.jsonl and .metrics.csv), pictures of samples (.pictures) and,"
          + " until it is done, a checkpoint (.checkpoint).",
      ""
    },
    sortOptions = false)
final class TrainCommand extends Subcommand {
  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "dcgan, wgan, wgan-gp, began, vae, vae-dfc, pix2pix or adversarial-mfa.")
  private String model;

  @Parameters(
      index = "1",
      paramLabel = "DATA",
      description = "Training rows: a file, a folder or a set's name.")
  private String data;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "M",
      description = "Where the model goes.")
  private Path output;

  @Mixin private StartingMixture mixture = new StartingMixture();

  @Mixin private NetworkChoice network = new NetworkChoice();

  @Mixin private GoingOn goingOn = new GoingOn();

  @Option(
      names = "--log-every",
      paramLabel = "N",
      description = "Steps to a line of the log (default: 200 lines in all).")
  private @Nullable Integer logEvery;

  @Option(
      names = "--picture-every",
      paramLabel = "N",
      description = "Steps to a picture of samples; 0 is never (default: 20 pictures in all).")
  private @Nullable Integer pictureEvery;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description = "Steps to a checkpoint; 0 is never (default: 500).")
  private @Nullable Integer checkpointEvery;

  @Mixin private EvaluationChoice evaluation = new EvaluationChoice();
  @Mixin private DataReading reading = new DataReading();
  @Mixin private DeviceChoice device = new DeviceChoice();

  private record Trained(
      String model,
      String kind,
      String data,
      int rows,
      int dims,
      int width,
      int latent,
      int batch,
      double learningRate,
      long steps,
      boolean finished,
      double seconds,
      long seed,
      Map<String, Double> figures) {}

  @Override
  Answer run(Session session) {
    Recipe kind = Recipe.of(model);
    requirePlaces();
    network.requireLabelsUsed(evaluation.ofLabels());
    Path checkpoint = Checkpoint.beside(output);
    try (OutputLock lock = OutputLock.of(output)) {
      goingOn.requireChoice(output, Files.exists(checkpoint) ? List.of(checkpoint) : List.of());
      requireOpenEnd(checkpoint, session);
      return train(kind, session);
    }
  }

  private void requirePlaces() {
    Places places = new Places().reads(data);
    mixture.addTo(places);
    network.addTo(places);
    evaluation.addTo(places);
    places
        .writesTensors(output)
        .writes(Checkpoint.beside(output))
        .writesBeside(output, ".metrics.jsonl", ".metrics.csv")
        .writesInto(Places.beside(output, ".pictures"))
        .writesBeside(output, ".lock")
        .check();
  }

  /** A network alone does not train on: what its optimisers and critic knew is gone. */
  private void requireOpenEnd(Path checkpoint, Session session) {
    if (!goingOn.resume() || Files.exists(checkpoint)) {
      return;
    }
    require(
        !Files.exists(output),
        output
            + ": its training is done and left no checkpoint to go on from; --restart trains it anew");
    session.note("no checkpoint of " + output + " is there yet; training begins at the first step");
  }

  private Answer train(Recipe kind, Session session) {
    ComputeDevice where = device.device();
    Samples rows = reading.open(data, session);
    mixture.requireFit(kind);
    Recipe recipe = network.recipe(kind, data, rows, session);
    NetworkOptions options = network.options(recipe, session);
    NetworkTrainer trainer =
        NetworkTrainer.of(recipe, options, where)
            .sized(network.width(), network.latent())
            .on(schedule(options.steps()))
            .beside(output, goingOn.resume())
            .paintedBy(SamplePictures.of(Places.beside(output, ".pictures"), rows));
    // The program does not end before this is closed: what is said last must be said within.
    try (Interruption interruption = Interruption.watch();
        Evaluation evaluated =
            evaluation.of(rows, () -> network.labels(data, rows, session), where, session)) {
      if (evaluated != null) {
        // Before a log or a picture of an earlier training goes.
        trainer.evaluatedBy(evaluated.prepared(session.progress()));
      }
      try (MixtureOfFactorAnalyzers start = mixture.open(rows, where, session)) {
        return train(
            start == null ? trainer : trainer.from(start), rows, options, interruption, session);
      }
    }
  }

  private Schedule schedule(int steps) {
    Schedule defaults = Schedule.defaults(steps);
    return new Schedule(
        logEvery == null ? defaults.log() : logEvery,
        pictureEvery == null ? defaults.picture() : pictureEvery,
        evaluation.every(),
        checkpointEvery == null ? defaults.checkpoint() : checkpointEvery);
  }

  private Answer train(
      NetworkTrainer trainer,
      Samples rows,
      NetworkOptions options,
      Interruption interruption,
      Session session) {
    if (goingOn.restart()) {
      Checkpoint.delete(Checkpoint.beside(output));
    }
    try (TrainedNetwork trained = trainer.train(rows, interruption, session.progress())) {
      TrainedNetwork.Progressed progressed = trained.progressed();
      if (progressed.finished()) {
        trained.save(output);
        Checkpoint.delete(Checkpoint.beside(output));
      } else {
        session.note(
            "interrupted after step %,d of %,d; %s"
                .formatted(progressed.step(), options.steps(), goingOn.advice()));
      }
      Trained summary =
          new Trained(
              output.toString(),
              model,
              data,
              rows.rows(),
              rows.dims(),
              trained.architecture().width(),
              trained.architecture().latent(),
              options.batch(),
              options.learningRate(),
              progressed.step(),
              progressed.finished(),
              progressed.seconds(),
              session.seed(),
              progressed.figures());
      return Answer.of(summary, summary.finished() ? describe(summary) : "");
    }
  }

  private static String describe(Trained summary) {
    StringBuilder text =
        new StringBuilder(
            "%s: %s, %,d steps of %d rows in %.1f s"
                .formatted(
                    summary.model(),
                    summary.kind(),
                    summary.steps(),
                    summary.batch(),
                    summary.seconds()));
    summary
        .figures()
        .forEach(
            (name, value) -> text.append("%n  %s %.4g".formatted(name.replace('_', ' '), value)));
    return text.toString();
  }
}
