package org.mixel.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.explorer.Exploration;
import org.mixel.explorer.Explorer;
import org.mixel.io.DataSource;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/**
 * How long it takes from the start of a process until the explorer has served the model and the
 * picture of its means, beside a process that reads the model alone. Each is this program once
 * more, run with {@link #main}.
 */
public final class ExplorerStart {
  private static final ImageShape DIGIT = new ImageShape(1, 28, 28);
  private static final int COMPONENTS = 256;
  private static final int FACTORS = 4;
  private static final int ROWS = 60_000;

  static final BenchCase CASE =
      new BenchCase(
          "explore-start",
          "from the start of Java until model and means are served, K=%d l=%d, %,d rows of %s; floor: until the model is read"
              .formatted(COMPONENTS, FACTORS, ROWS, DIGIT),
          (seed, progress) -> {
            RandomMixture mixture = RandomMixture.write(COMPONENTS, FACTORS, DIGIT, seed);
            Path rows = rows(mixture);
            return new BenchCase.Trial() {
              @Override
              public Timing time() {
                return new Timing(
                    seconds(mixture.file().toString(), rows.toString()),
                    seconds(mixture.file().toString()));
              }

              @Override
              public String note() {
                return "without the command line's own start";
              }

              @Override
              public void close() {
                mixture.close();
                delete(rows);
              }
            };
          });

  private ExplorerStart() {}

  private static Path rows(RandomMixture mixture) {
    try {
      Path file = Files.createTempFile("mixel-bench", ".npy");
      SampleWriter.write(file, mixture.rows("rows", ROWS));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write rows: " + e.getMessage(), e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }

  private static double seconds(String... arguments) {
    return Double.parseDouble(
        OwnProcess.answer(ExplorerStart.class, List.of(), List.of(arguments)));
  }

  /**
   * Serves a model, and writes the seconds since the start of this process.
   *
   * @param args the file to write to, the model, and the rows; without rows the model is only read
   */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[1]);
    if (args.length == 2) {
      MixtureOfFactorAnalyzers.load(file).close();
      tell(args[0]);
      return;
    }
    Samples rows = DataSource.open(args[2]);
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file);
        Explorer explorer = Explorer.open(Exploration.of(args[1], model).withData(rows, null), 0)) {
      ExplorerPage page = ExplorerPage.open(explorer);
      page.get("/api/model");
      page.get("/api/means.png");
      tell(args[0]);
    }
  }

  private static void tell(String file) throws IOException {
    long start = ManagementFactory.getRuntimeMXBean().getStartTime();
    double seconds = (System.currentTimeMillis() - start) / 1e3;
    Files.writeString(Path.of(file), Double.toString(seconds));
  }
}
