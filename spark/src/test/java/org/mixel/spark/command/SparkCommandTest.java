package org.mixel.spark.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.io.DataSource;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.VoronoiBins;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Commands of {@code mixel spark} from their words to their files. */
class SparkCommandTest {
  @TempDir private Path folder;

  /** The output of a command, and its exit code. */
  private record Said(int code, String out, String errors) {}

  private static Said run(String... words) {
    PrintStream out = System.out;
    PrintStream errors = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
      int code = SparkCommand.run(words);
      return new Said(
          code, said.toString(StandardCharsets.UTF_8), told.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(errors);
    }
  }

  private void writeImage(String name, int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    int[] values = new SplittableRandom(name.hashCode()).ints(width * height, 0, 256).toArray();
    image.getRaster().setPixels(0, 0, width, height, values);
    ImageIO.write(image, "png", folder.resolve(name).toFile());
  }

  @Test
  void aFolderOfImagesIsFitted() throws IOException {
    for (int i = 0; i < 40; i++) {
      writeImage("%02d.png".formatted(i), 5, 4);
    }
    Path model = folder.resolve("m.mfa");
    String[] words = {
      "fit",
      folder.toString(),
      "-o",
      model.toString(),
      "--components",
      "2",
      "--factors",
      "1",
      "--iterations",
      "2",
      "--master",
      "local[2]",
      "--json"
    };
    Said fitted = run(words);
    assertThat(fitted.code()).as(fitted.errors()).isZero();
    JsonNode answer = new ObjectMapper().readTree(fitted.out());
    assertThat(answer.get("rows").asInt()).isEqualTo(40);
    assertThat(answer.get("dims").asInt()).isEqualTo(20);
    assertThat(answer.get("train_log_likelihood")).hasSize(2);
    try (MixtureOfFactorAnalyzers mixture = MixtureOfFactorAnalyzers.load(model)) {
      assertThat(mixture.shape().orElseThrow().width()).isEqualTo(5);
    }

    Said ofModel = run("fit", model.toString(), "-o", "other.mfa", "--master", "local[2]");
    assertThat(ofModel.code()).isEqualTo(2);
    assertThat(ofModel.errors())
        .contains("mixel: " + model + " is a model, and rows are needed here; draw some first");

    writeImage("wide.png", 9, 4);
    Said refused = run(words);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.errors())
        .contains(
            "mixel: "
                + folder.resolve("wide.png")
                + ": 9x4, but the data set is 5x4; add --size 5x4");
  }

  @Test
  void unusableWordsEndWithOneLine() {
    Said refused = run("fit", "nowhere.parquet", "-o", "m.mfa", "--master", "local[2]");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.errors()).contains("mixel: nowhere.parquet: no such file or folder");
  }

  @Command(name = "greedy")
  private static final class Greedy implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new OutOfMemoryError("Java heap space");
    }
  }

  @Test
  void memoryThatRunsOutEndsWithOneLine() {
    PrintStream errors = System.err;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
      assertThat(SparkCommand.run(new CommandLine(new Greedy()))).isEqualTo(1);
    } finally {
      System.setErr(errors);
    }
    assertThat(told.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "mixel: out of memory (Java heap space); use fewer rows, or give Java more with"
                + " MIXEL_JAVA_OPTS=-Xmx8g\n");
  }

  @Test
  void ndbHasADocumentAndAPage() throws IOException {
    Path reference = folder.resolve("reference.npy");
    Path candidate = folder.resolve("candidate.npy");
    Samples known = bright("reference", 300, 128);
    Samples other = bright("candidate", 200, 20);
    SampleWriter.write(reference, known);
    SampleWriter.write(candidate, other);
    Path page = folder.resolve("ndb.html");
    Said tested =
        run(
            "ndb",
            reference.toString(),
            candidate.toString(),
            "--bins",
            "5,8",
            "--restarts",
            "2",
            "--master",
            "local[2]",
            "--json",
            "--report",
            page.toString());
    assertThat(tested.code()).as(tested.errors()).isZero();
    NdbReport local =
        Ndb.run(
            DataSource.open(reference.toString()),
            List.of(DataSource.open(candidate.toString())),
            Ndb.Options.defaults()
                .withBins(5, 8)
                .withBinning(VoronoiBins.Options.defaults().withRestarts(2)));
    ObjectNode document = (ObjectNode) new ObjectMapper().readTree(tested.out());
    assertThat(document.remove("notes").get(0).asText())
        .startsWith("rows of the reference itself are counted");
    assertThat(document).isEqualTo(new ObjectMapper().readTree(local.toJson().toString()));
    assertThat(page).content().contains("NDB against " + reference).contains("data:image/png");
  }

  private static Samples bright(String name, int rows, int least) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    byte[] values = new byte[rows * 20];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) random.nextInt(least, 256);
    }
    return StoredSamples.ofBytes(name, new ImageShape(1, 4, 5), values);
  }
}
