package org.mixel.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSampler;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.io.DataSource;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbResult;
import org.mixel.neural.Dcgan;
import org.mixel.neural.NetworkModel;
import org.mixel.neural.NetworkOptions;
import org.mixel.neural.NetworkTrainer;
import org.mixel.neural.TrainedNetwork;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.MatrixProducts;

/** Uses each part of the program once, on data whose answer is known. Takes some ten seconds. */
public final class SelfTest {
  private static final int ROWS = 6_000;
  private static final int DIMS = 8;
  private static final int CLUSTERS = 3;

  /** Between the centres of the made clusters in each dimension, in standard deviations. */
  private static final int APART = 10;

  private static final ImageShape IMAGE = new ImageShape(1, 16, 16);

  private static final List<Check> CHECKS =
      List.of(
          new Check("matrix products", SelfTest::products),
          new Check("files", SelfTest::files),
          new Check("mixture", SelfTest::mixture),
          new Check("NDB", SelfTest::ndb),
          new Check("network", SelfTest::network));

  private SelfTest() {}

  /**
   * One part of the program.
   *
   * @param name of the part
   * @param work returns what it found, or throws
   */
  private record Check(String name, Work work) {}

  @FunctionalInterface
  private interface Work {
    String in(Path folder) throws IOException;
  }

  /**
   * The outcome of a check.
   *
   * @param name the part of the program
   * @param passed whether it works
   * @param finding what was found, or what went wrong
   * @param seconds that it took
   */
  public record Outcome(String name, boolean passed, String finding, double seconds) {}

  /** Runs all checks; those that fail are told as such. */
  public static List<Outcome> run(Progress progress) {
    try {
      Path folder = Files.createTempDirectory("mixel-doctor");
      try {
        List<Outcome> outcomes = new ArrayList<>();
        try (Progress.Stage stage = progress.begin("self-test", CHECKS.size())) {
          for (Check check : CHECKS) {
            stage.note(check.name());
            outcomes.add(outcome(check, folder));
            stage.advance(1);
          }
        }
        return outcomes;
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for temporary files: " + e.getMessage(), e);
    }
  }

  private static Outcome outcome(Check check, Path folder) {
    long start = System.nanoTime();
    boolean passed = true;
    String finding;
    try {
      finding = check.work().in(folder);
    } catch (IOException | RuntimeException | LinkageError e) {
      passed = false;
      finding = String.valueOf(e.getMessage());
    }
    return new Outcome(check.name(), passed, finding, (System.nanoTime() - start) / 1e9);
  }

  private static String products(Path folder) {
    int size = 1024;
    double seconds = MatrixProducts.seconds(ComputeDevice.CPU, 8 * size, size, size);
    return "%.0f billion float32 operations a second"
        .formatted(16.0 * size * size * size / seconds / 1e9);
  }

  private static String files(Path folder) throws IOException {
    byte[] pixels = new byte[10 * IMAGE.dims()];
    new Random(1).nextBytes(pixels);
    Samples images = StoredSamples.ofBytes("images", IMAGE, pixels);
    for (String name : List.of("images.npy", "images")) {
      SampleWriter.write(folder.resolve(name), images);
      Samples read = DataSource.open(folder.resolve(name).toString());
      ByteBuffer bytes = ByteBuffer.allocate(pixels.length);
      read.read(0, read.rows(), bytes);
      expect(Arrays.equals(pixels, bytes.array()), name + " was not read as it was written");
    }
    return "arrays and PNG images are read as they were written";
  }

  private static String mixture(Path folder) {
    Samples rows = clusters(1);
    TrainingOptions options = TrainingOptions.forVectors(CLUSTERS, 1);
    try (TrainingResult result = Trainer.of(options).fit(rows)) {
      Path file = folder.resolve("clusters.mfa");
      result.model().save(file);
      try (MixtureOfFactorAnalyzers read = MixtureOfFactorAnalyzers.load(file)) {
        double found = Arrays.stream(read.logLikelihood(rows)).average().orElseThrow();
        // The clusters do not touch: the negative entropy of one, less the choice among them.
        double known = -DIMS / 2.0 * Math.log(2 * Math.PI * Math.E) - Math.log(CLUSTERS);
        expect(
            Math.abs(found - known) < 0.1,
            "log-likelihood %.3f nats, where %.3f is right".formatted(found, known));
        return "%.3f nats per row; the rows' own distribution gives %.3f".formatted(found, known);
      }
    }
  }

  private static String ndb(Path folder) {
    NdbResult same = Ndb.test(clusters(1), clusters(2));
    NdbResult moved = Ndb.test(clusters(1), oneCluster());
    expect(
        same.ndbOverK() <= 0.2 && moved.ndbOverK() >= 0.8,
        "NDB/K is %.2f for equal sets and %.2f for a lost mode"
            .formatted(same.ndbOverK(), moved.ndbOverK()));
    return "NDB/K %.2f for equal sets, %.2f when modes are lost"
        .formatted(same.ndbOverK(), moved.ndbOverK());
  }

  private static String network(Path folder) {
    byte[] pixels = new byte[64 * IMAGE.dims()];
    new Random(2).nextBytes(pixels);
    Samples images = StoredSamples.ofBytes("images", IMAGE, pixels);
    Dcgan recipe = new Dcgan();
    NetworkOptions options = NetworkOptions.defaults(recipe).withSteps(3).withBatch(16);
    Path file = folder.resolve("dcgan.net");
    try (TrainedNetwork network = NetworkTrainer.of(recipe, options).sized(8, 8).train(images)) {
      network.save(file);
      try (RowSampler drawn = network.sampler(0);
          NetworkModel read = NetworkModel.load(file);
          RowSampler again = read.sampler(0)) {
        float[] rows = drawn.nextRows(4);
        expect(
            Arrays.equals(rows, again.nextRows(4)), "a network draws other rows once it is read");
        for (float value : rows) {
          expect(Float.isFinite(value), "a network draws rows that are not finite");
        }
      }
    }
    return "a DCGAN learns, and draws the same once it is read again";
  }

  /** Clusters of unit normals in a row. */
  private static Samples clusters(long seed) {
    return rows(seed, CLUSTERS);
  }

  private static Samples oneCluster() {
    return rows(3, 1);
  }

  private static Samples rows(long seed, int clusters) {
    Random random = new Random(seed);
    double[] values = new double[ROWS * DIMS];
    for (int i = 0; i < ROWS; i++) {
      int cluster = random.nextInt(clusters);
      for (int j = 0; j < DIMS; j++) {
        values[i * DIMS + j] = random.nextGaussian() + APART * cluster;
      }
    }
    return StoredSamples.ofDoubles("clusters", DIMS, values);
  }

  private static void expect(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
