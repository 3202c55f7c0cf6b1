package org.mixel.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.io.DataSource;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.training.Stopping;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.neural.Dcgan;
import org.mixel.neural.Wgan;
import org.mixel.study.stage.NetworkSetting;
import org.mixel.study.toy.ToyStudy;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;

/**
 * A training that is killed (SIGKILL) at random moments, over and over, never goes back behind its
 * checkpoint, loses no more steps of a network than lie between two checkpoints, and ends with the
 * files of an undisturbed one. A mixture loses no more than one iteration: {@code fit} has no log,
 * so a training that tells of each iteration is killed beside it.
 *
 * <p>By default {@code fit} is killed a few times; {@code -Dmixel.kills=100} kills that, the
 * training that tells, {@code train}, the toy study and a study of images so often in all.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the exit code of a killed process is Linux's")
class KillsTest {
  private static final int FEW = 3;
  private static final int KILLS = Integer.getInteger("mixel.kills", FEW);
  private static final int KILLED = 137;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Steps between two checkpoints of the networks. */
  private static final int TRAIN_INTERVAL = 5;

  /** That of the studies is the default. */
  private static final int STUDY_INTERVAL = 500;

  /** What stands for the position of a model that is whole. */
  private static final long DONE = Long.MAX_VALUE;

  private static final String CHECKPOINT = ".checkpoint";
  private static final String MIXTURE = "m.mfa";
  private static final int COMPONENTS = 8;
  private static final int FACTORS = 2;
  private static final int ITERATIONS = 150;

  @TempDir private Path folder;

  /**
   * Work that is killed.
   *
   * @param output the model that is written last; empty for a study, which can always be run again
   * @param interval steps between the checkpoints of a network, if there is one
   * @param arguments of the process
   */
  private record Work(String name, String output, int interval, List<String> arguments) {
    static Work of(String output, int interval, String arguments) {
      List<String> words = mixel(arguments + " -o " + output + " --resume --quiet");
      return new Work(words.get(1), output, interval, words);
    }

    /** A {@link #main} of this test. */
    static Work own(String name, String output, int interval, String argument) {
      return new Work(name, output, interval, List.of(KillsTest.class.getName(), argument));
    }

    static List<String> mixel(String arguments) {
      return List.of((Mixel.class.getName() + " " + arguments).split(" "));
    }
  }

  private static final List<Work> WORKS =
      List.of(
          Work.of(
              MIXTURE,
              1,
              "fit in.npy --components %d --factors %d --iterations %d --tolerance 0"
                  .formatted(COMPONENTS, FACTORS, ITERATIONS)),
          Work.own("a mixture's training", MIXTURE, 1, MIXTURE),
          Work.of(
              "g.net",
              TRAIN_INTERVAL,
              "train dcgan in.npy --steps 200 --batch 16 --width 8 --latent 4 --log-every 1"
                  + " --evaluate-every 40 --picture-every 50 --checkpoint-every "
                  + TRAIN_INTERVAL),
          Work.own("study toy", "", STUDY_INTERVAL, "toy"),
          new Work(
              "study mnist",
              "",
              STUDY_INTERVAL,
              Work.mixel(
                  "study mnist --data more.npy --stages training-images,mfa,vae --quiet -o out")));

  /** What happened so far. */
  private static final class Tally {
    int kills;
    int rounds;
    int early;

    /** Steps or iterations; below 0 where nothing tells. */
    long mostLost = -1;
  }

  @TestFactory
  Stream<DynamicTest> killedWorkEndsAsUndisturbedWork() throws Exception {
    writeImages("in.npy", 400);
    writeImages("more.npy", 2_000);
    int works = KILLS > FEW ? WORKS.size() : 1;
    return IntStream.range(0, works)
        .mapToObj(
            i -> {
              int kills = KILLS / works + (i < KILLS % works ? 1 : 0);
              Work work = WORKS.get(i);
              return DynamicTest.dynamicTest(
                  work.name() + ", " + kills + " kills", () -> killed(work, kills));
            });
  }

  private void writeImages(String name, int rows) {
    ImageShape shape = new ImageShape(1, 8, 8);
    byte[] pixels = new byte[rows * shape.dims()];
    new Random(1).nextBytes(pixels);
    SampleWriter.write(folder.resolve(name), StoredSamples.ofBytes(name, shape, pixels));
  }

  private void killed(Work work, int kills) throws Exception {
    Path undisturbed = fresh();
    long began = System.nanoTime();
    Process whole = start(work, undisturbed);
    assertThat(whole.waitFor()).as("%s", Files.readString(said(undisturbed))).isZero();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    Map<String, byte[]> wanted = FolderFiles.read(undisturbed);

    Random random = new Random(1);
    Tally tally = new Tally();
    while (tally.kills < kills) {
      Path round = fresh();
      tally.rounds++;
      Map<String, Long> before = Map.of();
      boolean finished = false;
      while (!finished) {
        Process process = start(work, round);
        boolean ended =
            tally.kills >= kills ? process.waitFor() >= 0 : ends(process, random, millis);
        finished = ended;
        if (ended) {
          assertThat(process.exitValue()).as("%s", Files.readString(said(round))).isZero();
          requireSame(FolderFiles.read(round), wanted);
        } else {
          process.destroyForcibly();
          int code = process.waitFor();
          assertThat(code).as("%s", Files.readString(said(round))).isIn(KILLED, 0);
          tally.kills += code == KILLED ? 1 : 0;
          before = checkLosses(work, round, before, tally);
          finished = isWhole(work, round);
          if (!work.output().isEmpty() && Files.exists(round.resolve(work.output()))) {
            assertThat(Files.readAllBytes(round.resolve(work.output())))
                .isEqualTo(wanted.get(work.output()));
          }
        }
      }
    }
    System.out.printf(
        "%s: %d kills in %d trainings of %.1f s, %d of them before the first checkpoint%s%n",
        work.name(),
        tally.kills,
        tally.rounds,
        millis / 1e3,
        tally.early,
        tally.mostLost < 0
            ? ""
            : "; at most %d of %d lost".formatted(tally.mostLost, work.interval()));
  }

  /** Whether a process ends before a random moment, late ones more often: Java starts first. */
  private static boolean ends(Process process, Random random, long millis) throws Exception {
    double moment = Math.sqrt(random.nextDouble()) * millis;
    return process.waitFor((long) moment, TimeUnit.MILLISECONDS);
  }

  /** A model without a checkpoint is whole, and needs nothing more. */
  private static boolean isWhole(Work work, Path round) {
    return !work.output().isEmpty()
        && Files.exists(round.resolve(work.output()))
        && !Files.exists(round.resolve(work.output() + CHECKPOINT));
  }

  /**
   * Requires that nothing went back, and that no more than the present interval is lost.
   *
   * @param before the positions when the process began
   * @return those of now
   */
  private Map<String, Long> checkLosses(
      Work work, Path round, Map<String, Long> before, Tally tally) throws IOException {
    Map<String, Long> now = positions(round);
    tally.early += now.isEmpty() ? 1 : 0;
    before.forEach(
        (model, position) ->
            assertThat(now.getOrDefault(model, 0L))
                .as("%s of %s, killed for the %d. time", model, work.name(), tally.kills)
                .isGreaterThanOrEqualTo(position));
    Map<String, byte[]> files = FolderFiles.read(round);
    Map<String, byte[]> logs = new TreeMap<>(files);
    logs.keySet().removeIf(name -> !name.endsWith(Timeless.LOG));
    if (!work.output().isEmpty()) {
      logs.putIfAbsent(work.output() + Timeless.LOG, Files.readAllBytes(said(round)));
    }
    logs.forEach(
        (name, log) -> {
          String model = name.substring(0, name.length() - Timeless.LOG.length());
          long lost = lastStep(log) - now.getOrDefault(model, 0L);
          assertThat(lost).as("steps of " + model).isLessThanOrEqualTo(work.interval());
          tally.mostLost = Math.max(tally.mostLost, lost);
        });
    return now;
  }

  /** Steps or iterations of each model in its checkpoint. */
  private static Map<String, Long> positions(Path round) throws IOException {
    Map<String, Long> positions = new TreeMap<>();
    for (String name : FolderFiles.read(round).keySet()) {
      if (name.endsWith(CHECKPOINT)) {
        positions.put(
            name.substring(0, name.length() - CHECKPOINT.length()), position(round.resolve(name)));
      }
    }
    // Later, because a model that is whole may have its checkpoint still.
    for (String name : FolderFiles.read(round).keySet()) {
      boolean done =
          name.endsWith(Timeless.SETTING)
              ? Files.readAllLines(round.resolve(name)).size() > 1
              : name.equals(MIXTURE) || name.equals("g.net");
      if (done) {
        positions.put(
            name.endsWith(Timeless.SETTING) ? name.replace(Timeless.SETTING, "") : name, DONE);
      }
    }
    return positions;
  }

  /** The position in the header of a safetensors file. */
  private static long position(Path checkpoint) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(checkpoint))) {
      byte[] header = new byte[(int) Long.reverseBytes(in.readLong())];
      in.readFully(header);
      JsonNode texts = JSON.readTree(header).path("__metadata__");
      return texts.has("checkpoint_step")
          ? texts.path("checkpoint_step").asLong()
          : texts.path("checkpoint_train").asText().split(",").length;
    }
  }

  /** The last step of a log; its last line may be cut off. */
  private static long lastStep(byte[] log) {
    return steps(log).max().orElse(0);
  }

  private static LongStream steps(byte[] log) {
    return new String(log, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.endsWith("}"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("^.\"step\":([0-9]+).*$", "$1")));
  }

  private static void requireSame(Map<String, byte[]> files, Map<String, byte[]> wanted) {
    assertThat(files.keySet()).isEqualTo(wanted.keySet());
    files.forEach(
        (name, bytes) ->
            assertThat(Timeless.same(name, bytes, requireNonNull(wanted.get(name))))
                .as("%s is as in an undisturbed run", name)
                .isTrue());
  }

  private Path fresh() throws IOException {
    Path round = folder.resolve("work");
    FolderFiles.delete(round);
    Files.createDirectory(round);
    for (String name : List.of("in.npy", "more.npy")) {
      Files.copy(folder.resolve(name), round.resolve(name));
    }
    return round;
  }

  /** What the last process in a folder said. */
  private Path said(Path round) {
    return folder.resolve(round.getFileName() + ".log");
  }

  private Process start(Work work, Path round) throws IOException {
    return QuickJava.plain()
        .process(round, work.arguments())
        .redirectErrorStream(true)
        .redirectOutput(said(round).toFile())
        .start();
  }

  /**
   * Trains a mixture, telling each iteration before it is saved, or does a toy study of seconds.
   */
  public static void main(String[] which) {
    try (Interruption interruption = Interruption.watch()) {
      if (which[0].equals(MIXTURE)) {
        trainMixture();
      } else {
        studyToy(interruption);
      }
    }
  }

  private static void trainMixture() {
    Path output = Path.of(MIXTURE);
    Path checkpoint = Path.of(MIXTURE + CHECKPOINT);
    TrainingOptions options =
        TrainingOptions.defaults(COMPONENTS, FACTORS)
            .withStopping(new Stopping(ITERATIONS, 0, ITERATIONS));
    Samples rows = DataSource.open("in.npy");
    try (TrainingResult result =
        Trainer.of(options, ComputeDevice.CPU)
            .checkpointedIn(checkpoint, true)
            .fit(rows, new ToldIterations())) {
      result.model().save(output);
      Checkpoint.delete(checkpoint);
    }
  }

  private static void studyToy(Interruption interruption) {
    ToyStudy.run(
        Path.of("out"),
        new ToyStudy.Options(
            400,
            400,
            10,
            8,
            List.of(
                new NetworkSetting(new Dcgan(), 1_700, 16, 1e-3, 8, 2),
                new NetworkSetting(new Wgan(), 700, 16, 5e-4, 8, 2)),
            0),
        "a test",
        ComputeDevice.CPU,
        interruption,
        Progress.SILENT);
  }

  /** Prints each iteration of EM, as a line of a log, when it is made and not saved yet. */
  private static final class ToldIterations implements Progress {
    @Override
    public Stage begin(String name, long steps) {
      return new Stage() {
        private long done;

        @Override
        public void advance(long by) {
          done += by;
        }

        @Override
        public void note(String text) {
          if (name.equals("EM")) {
            System.out.printf("{\"step\":%d}%n", done * ITERATIONS / steps);
          }
        }

        @Override
        public void close() {}
      };
    }
  }
}
