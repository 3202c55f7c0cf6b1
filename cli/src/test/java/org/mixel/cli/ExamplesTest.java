package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.io.DataSource;

/** The programs of {@code docs/java.md} compile against the library and do what the page says. */
class ExamplesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path EXAMPLES = ROOT.resolve("examples");

  @TempDir private static Path folder;

  @BeforeAll
  static void compile() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> sources = sources().map(Path::toString).toList();
    List<String> options =
        List.of(
            "-Xlint:all,-path",
            "-Werror",
            "-proc:none",
            "-d",
            folder.resolve("classes").toString());
    int failed =
        compiler.run(
            null,
            null,
            null,
            Stream.concat(options.stream(), sources.stream()).toArray(String[]::new));
    assertThat(failed).as("exit code of the compiler").isZero();
    disks(folder.resolve("real"), 1, 8);
    disks(folder.resolve("generated"), 2, 5);
  }

  @Test
  void aMixtureOfAFolderScoresSamplesAndCompletes() throws Exception {
    Path out = Files.createDirectories(folder.resolve("mixture"));

    run("FitMixture", folder.resolve("real"), out);

    assertThat(DataSource.open(out.resolve("samples").toString()).rows()).isEqualTo(64);
    assertThat(DataSource.open(out.resolve("completed").toString()).rows()).isEqualTo(400);
    assertThat(out.resolve("images.mfa")).isNotEmptyFile();
  }

  @Test
  void twoFoldersAreCompared() throws Exception {
    run("CompareFolders", folder.resolve("real"), folder.resolve("generated"));
  }

  @Test
  void aGanIsTrainedAndJudged() throws Exception {
    Path model = folder.resolve("dcgan.net");

    run("TrainGan", folder.resolve("real"), model, "3");

    assertThat(model).isNotEmptyFile();
  }

  @Test
  void thePageShowsThePrograms() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/java.md"));
    for (Path source : sources().toList()) {
      assertThat(page)
          .as("docs/java.md holds %s as it is", source.getFileName())
          .contains("```java\n" + Files.readString(source) + "```\n");
    }
  }

  @Test
  void theReadmeShowsLinesOfAProgram() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    String shown = readme.split("```java\n", -1)[1].split("```", -1)[0];
    String program = Files.readString(EXAMPLES.resolve("FitMixture.java"));
    assertThat(shown.lines().map(String::strip).filter(line -> !line.isEmpty()))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(program).contains(line));
  }

  private static Stream<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream();
    }
  }

  private static void run(String program, Object... arguments) throws Exception {
    URL[] classes = {folder.resolve("classes").toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, ExamplesTest.class.getClassLoader())) {
      String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
      loader.loadClass(program).getMethod("main", String[].class).invoke(null, (Object) words);
    }
  }

  /** 16x16 pictures of a grey disk, whose middle lies in the middle or up to two pixels beside. */
  private static void disks(Path target, long seed, int radius) throws IOException {
    Files.createDirectories(target);
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
      double x = 7.5 + random.nextInt(5) - 2;
      double y = 7.5 + random.nextInt(5) - 2;
      for (int row = 0; row < 16; row++) {
        for (int column = 0; column < 16; column++) {
          double distance = Math.hypot(column - x, row - y);
          int grey = (int) (255 / (1 + Math.exp(2 * (distance - radius))));
          image.getRaster().setSample(column, row, 0, Math.min(255, grey + random.nextInt(20)));
        }
      }
      ImageIO.write(image, "png", target.resolve("disk-%03d.png".formatted(i)).toFile());
    }
  }
}
