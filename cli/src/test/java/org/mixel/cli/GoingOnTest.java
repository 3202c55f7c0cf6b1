package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.cli.Runs.json;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.refused;
import static org.mixel.cli.Runs.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.Progress;
import org.mixel.cli.Runs.Outcome;
import org.mixel.data.DataOptions;
import org.mixel.data.ImageShape;
import org.mixel.data.StoredSamples;
import org.mixel.io.DataSource;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.training.ComponentSweep;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.tensor.ComputeDevice;

/** A checkpoint of an earlier training is resumed, or dropped only when the user says so. */
class GoingOnTest {
  @TempDir private Path folder;
  private String data;
  private String points;
  private Path model;

  @BeforeEach
  void writeRows() {
    Random random = new Random(1);
    float[] values = new float[800];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (Math.sin(i / 2 % 4) + 0.2 * random.nextGaussian());
    }
    Path file = folder.resolve("in.npy");
    SampleWriter.write(file, StoredSamples.ofFloats("in", 2, new ImageShape(1, 1, 2), values));
    data = file.toString();
    Path vectors = folder.resolve("points.npy");
    SampleWriter.write(vectors, StoredSamples.ofFloats("points", 2, null, values));
    points = vectors.toString();
    model = folder.resolve("m");
  }

  private Outcome fit(String... more) {
    String[] fit = {
      "fit", data, "-o", model.toString(), "--components", "4", "--factors", "1", "--tolerance", "0"
    };
    return mixel(with(fit, more));
  }

  /** Plain EM, whose model is all that there is to go on with. */
  private Outcome plain(String... more) {
    return fit(with(new String[] {"--no-refit"}, more));
  }

  private Outcome train(String... more) {
    String[] train = {
      "train", "wgan", points, "-o", model.toString(), "--width", "8", "--batch", "16", "--steps"
    };
    return mixel(with(train, more));
  }

  /** The line begins with the model that is not written over. */
  private void assertRefused(String because, Outcome outcome) {
    refused(because, outcome);
    assertThat(outcome.err()).startsWith("mixel: " + model);
  }

  private Path beside(String ending) {
    return folder.resolve("m" + ending);
  }

  @Test
  void aFinishedMixtureTrainsOnOrIsLeftAlone() throws IOException {
    JsonNode whole = json(plain("--iterations", "6", "--json"));
    byte[] wanted = Files.readAllBytes(model);
    json(plain("--iterations", "3", "--json"));
    byte[] three = Files.readAllBytes(model);
    assertRefused("has had 3 iterations", plain("--iterations", "3", "--resume"));
    assertRefused("another training: seed", plain("--iterations=6", "--seed=1", "--resume"));
    assertRefused("several stages", plain("--iterations=6", "--hierarchical=2", "--resume"));
    assertThat(model).hasBinaryContent(three);
    JsonNode gone = json(plain("--iterations", "6", "--resume", "--json"));
    assertThat(gone.get("train_log_likelihood")).isEqualTo(whole.get("train_log_likelihood"));
    assertThat(model).hasBinaryContent(wanted);
  }

  /** Refitted loadings are longer than those that EM ended with, which it soon forgets. */
  @Test
  void aRefittedMixtureTrainsOn() throws IOException {
    JsonNode whole = json(fit("--iterations", "6", "--json"));
    json(fit("--iterations", "3", "--json"));
    JsonNode gone = json(fit("--iterations", "6", "--resume", "--json"));
    JsonNode likelihoods = gone.get("train_log_likelihood");
    assertThat(likelihoods).hasSize(6);
    assertThat(likelihoods.get(5).asDouble())
        .isCloseTo(whole.get("train_log_likelihood").get(5).asDouble(), within(0.2));
    assertThat(gone.get("density").get("training_noise"))
        .isEqualTo(whole.get("density").get("training_noise"));
  }

  @Test
  void whereNothingIsYetResumeBeginsAndSaysSo() {
    Outcome outcome = fit("--iterations", "3", "--resume");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err()).contains("no checkpoint of " + model);
  }

  /** Ends the training when an iteration has begun so many times. */
  private record Crash(int iterations, int[] seen) implements Progress {
    @Override
    public Stage begin(String name, long steps) {
      return new Stage() {
        @Override
        public void advance(long by) {
          if (name.equals("EM") && by > 0 && seen[0]++ == iterations) {
            throw new IllegalStateException("crash");
          }
        }

        @Override
        public void note(String text) {}

        @Override
        public void close() {}
      };
    }
  }

  private void crash(TrainingOptions options, boolean staged) {
    var rows = DataSource.open(data, DataOptions.defaults(), Progress.SILENT);
    Progress crash = new Crash(2, new int[1]);
    try {
      if (staged) {
        ComponentSweep.of(options, java.util.List.of(3, 4), ComputeDevice.CPU)
            .checkpointedIn(beside(".checkpoints"), false)
            .fit(rows, rows, crash);
      } else {
        Trainer.of(options, ComputeDevice.CPU)
            .checkpointedIn(beside(".checkpoint"), false)
            .fit(rows, crash);
      }
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("crash");
    }
  }

  @Test
  void aCheckpointIsNotDroppedUnlessTheUserSaysSo() throws IOException {
    TrainingOptions options = TrainingOptions.defaults(4, 1).withTolerance(0);
    JsonNode whole = json(fit("--iterations", "5", "--json"));
    byte[] wanted = Files.readAllBytes(model);
    Files.delete(model);
    crash(options.withIterations(5), false);
    byte[] checkpoint = Files.readAllBytes(beside(".checkpoint"));
    String both = "an interrupted training of " + model + "; go on with it by --resume, or drop it";
    assertRefused(both, fit("--iterations", "5"));
    assertRefused(both, fit("--iterations", "5", "--hierarchical", "2"));
    assertRefused(
        "of a training in one stage", fit("--iterations", "5", "--hierarchical", "2", "--resume"));
    assertThat(mixel("fit", data, "-o", model.toString(), "--resume", "--restart").err())
        .contains("give one of them");
    assertThat(beside(".checkpoint")).hasBinaryContent(checkpoint);
    assertThat(model).doesNotExist();
    JsonNode resumed = json(fit("--iterations", "5", "--resume", "--json"));
    assertThat(resumed.get("train_log_likelihood")).isEqualTo(whole.get("train_log_likelihood"));
    assertThat(model).hasBinaryContent(wanted);
    assertThat(beside(".checkpoint")).doesNotExist();

    crash(options.withSeed(7), false);
    json(fit("--iterations", "5", "--restart", "--json"));
    assertThat(model).hasBinaryContent(wanted);
    assertThat(beside(".checkpoint")).doesNotExist();
  }

  @Test
  void stagesOfAnotherPlanAreNotDropped() throws IOException {
    crash(TrainingOptions.defaults(4, 1).withTolerance(0), true);
    String[] sweep = {
      "fit",
      data,
      "-o",
      model.toString(),
      "--components",
      "5,6",
      "--factors",
      "1",
      "--resume",
      "--validation",
      data
    };
    Outcome outcome = mixel(sweep);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains("of another training in several stages");
    assertThat(beside(".checkpoints")).isDirectoryContaining("glob:**components-3.mfa");
  }

  @Test
  void stagesAreKeptLikewise() throws IOException {
    TrainingOptions options = TrainingOptions.defaults(4, 1).withTolerance(0);
    crash(options, true);
    Path mine = Files.writeString(beside(".checkpoints").resolve("mine.txt"), "mine");
    assertRefused("m.checkpoints: an interrupted training", fit("--iterations", "5"));
    assertRefused("of a training in several stages", fit("--iterations", "5", "--resume"));
    json(fit("--iterations", "5", "--restart", "--json"));
    assertThat(beside(".checkpoints")).isDirectoryContaining(mine::equals);
    assertThat(Files.list(beside(".checkpoints"))).containsExactly(mine);
  }

  @Test
  void networksLikewise() throws IOException {
    json(train("4", "--checkpoint-every", "2", "--picture-every", "2", "--json"));
    assertThat(Files.list(beside(".pictures"))).hasSize(2);
    byte[] finished = Files.readAllBytes(model);
    assertRefused("its training is done", train("6", "--resume"));
    assertThat(model).hasBinaryContent(finished);
    Files.writeString(beside(".checkpoint"), "an older one");
    Path mine = Files.writeString(beside(".pictures").resolve("mine.png"), "mine");
    assertRefused("an interrupted training of " + model, train("3"));
    assertThat(model).hasBinaryContent(finished);
    json(train("3", "--picture-every", "3", "--restart", "--json"));
    assertThat(beside(".checkpoint")).doesNotExist();
    assertThat(Files.list(beside(".pictures")))
        .containsExactlyInAnyOrder(mine, beside(".pictures").resolve("step-00000003.png"));
  }
}
