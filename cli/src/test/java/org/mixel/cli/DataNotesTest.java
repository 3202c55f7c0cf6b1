package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.with;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.cli.Runs.Outcome;
import org.mixel.data.ImageShape;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;

/** Notes say what must be known of the data to read an answer, unless it shall be quiet. */
class DataNotesTest {
  @TempDir private Path folder;

  private String floats(String name, int side, DoubleUnaryOperator scale) {
    return floats(name, new ImageShape(1, side, side), true, scale);
  }

  private String floats(String name, ImageShape shape, boolean images, DoubleUnaryOperator scale) {
    Random random = new Random(name.hashCode());
    float[] values = new float[100 * shape.dims()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) scale.applyAsDouble(random.nextDouble());
    }
    Path file = folder.resolve(name);
    SampleWriter.write(
        file, StoredSamples.ofFloats(name, shape.dims(), images ? shape : null, values));
    return file.toString();
  }

  private static Outcome done(String... arguments) {
    Outcome outcome = mixel(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(mixel(with(arguments, "--quiet")).err()).isEmpty();
    return outcome;
  }

  /** Notes may come before the line, which is told to the letter. */
  private static void refused(String line, String... arguments) {
    Outcome outcome = mixel(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err().lines().toList()).last().asString().isEqualTo("mixel: " + line);
  }

  @Test
  void samplesOfTheTargetSizeAreNotCropped() {
    String reference = floats("reference.npy", 9, x -> x);
    String samples = floats("samples.npy", 6, x -> x);
    String left = samples + ": 6x6 already, so --crop 2,3,6,6 is not applied";
    Outcome ndb = done("ndb", reference, samples, "--bins=3", "--crop=2,3,6,6");
    assertThat(ndb.err()).contains(left).doesNotContain(reference);
    assertThat(done("sharpness", reference, samples, "--crop=2,3,6,6").err()).contains(left);
    String model = folder.resolve("m.mfa").toString();
    String[] fit = {"fit", reference, "-o", model, "--components=2", "--factors=1"};
    Outcome fitted =
        done(
            with(
                fit,
                "--crop=2,3,6,6",
                "--iterations=2",
                "--validation",
                samples,
                "--test",
                samples));
    assertThat(fitted.err()).contains(left);
    assertThat(done("score", model, samples, "--crop=2,3,6,6").err()).contains(left);
  }

  @Test
  void anotherScaleIsToldOf() {
    String unit = floats("unit.npy", 5, x -> x);
    String wide = floats("wide.npy", 5, x -> 255 * x);
    String told = "wide.npy by 255, or save it as uint8";
    assertThat(done("ndb", unit, wide, "--bins=3").err()).contains(told);
    String same = floats("same.npy", 5, x -> x);
    assertThat(done("ndb", unit, same, "--bins=3").err()).doesNotContain("scale");
    String model = folder.resolve("m.mfa").toString();
    Outcome fitted = done("fit", unit, "-o", model, "--components=2", "--factors=1");
    assertThat(fitted.err()).doesNotContain("scale").doesNotContain("noise");
    assertThat(done("score", model, wide).err()).contains("trained on another scale", told);
    assertThat(done("score", model, unit).err()).doesNotContain("scale");
    String other = folder.resolve("wide.mfa").toString();
    assertThat(done("fit", wide, "-o", other, "--components=2", "--factors=1").err())
        .contains("noise floor and prior are in units of pixels", told);
    assertThat(done("score", other, unit).err()).contains("trained on another scale");
    String faint = floats("faint.npy", 5, x -> 0.5 + 1e-5 * x);
    assertThat(done("fit", faint, "-o", other, "--components=1", "--factors=1").err())
        .contains("far below the least noise");
  }

  @Test
  void sizesThatDifferGetAdviceThatHelps() {
    String images = floats("images.npy", 5, x -> x);
    String larger = floats("larger.npy", 6, x -> x);
    String four = floats("four.npy", new ImageShape(1, 2, 2), false, x -> x);
    String nine = floats("nine.npy", new ImageShape(1, 3, 3), false, x -> x);
    String model = folder.resolve("m.mfa").toString();
    String[] fit = {"fit", images, "-o", model, "--components=1", "--factors=1"};
    done(fit);
    refused(
        larger
            + ": rows have 36 values (6x6), but the model has 25 values (5x5); add --size 5x5 or"
            + " --crop",
        "score",
        model,
        larger);
    refused(
        nine
            + ": rows have 9 values, but the model has 25 values (5x5); give data of the model's"
            + " size",
        "score",
        model,
        nine);
    refused(
        "--test " + four + ": its rows have 4 values, those of " + nine + " 9 values",
        "fit",
        nine,
        "-o",
        model,
        "--components=1",
        "--factors=1",
        "--test",
        four);
    refused(
        "--validation "
            + larger
            + ": its rows have 36 values (6x6), those of "
            + images
            + " 25 values (5x5); add --size 5x5 or --crop",
        "fit",
        images,
        "-o",
        model,
        "--components=1",
        "--validation",
        larger);
    refused(
        "candidate "
            + larger
            + " has 36 dims (6x6), the reference 25 dims (5x5); add --size 5x5"
            + " or --crop",
        "ndb",
        images,
        larger,
        "--bins=3");
  }

  @Test
  void featuresThatAreNotFiniteAreBlamedOnTheirFile() {
    String images = floats("images.npy", 5, x -> x);
    String other = floats("other.npy", 5, x -> x);
    String fine = floats("fine.npy", new ImageShape(1, 2, 2), false, x -> x);
    String bad = floats("bad.npy", new ImageShape(1, 2, 2), false, x -> x / 0);
    refused(
        "features "
            + bad
            + ": row 0 holds a value that is NaN or infinite; remove the row or mend"
            + " the value",
        "ndb",
        images,
        other,
        "--bins=3",
        "--features",
        bad + "," + fine);
  }

  @Test
  void filesLeftOutAreNamed() throws Exception {
    Path pictures = folder.resolve("pictures");
    String model = folder.resolve("m.mfa").toString();
    done("fit", floats("x.npy", 5, x -> x), "-o", model, "--components=1", "--factors=1");
    assertThat(mixel("sample", model, "-n", "20", "-o", pictures.toString()).exitCode()).isZero();
    Files.writeString(pictures.resolve("read.me.txt"), "no image");
    Files.createSymbolicLink(pictures.resolve("loop"), Path.of("."));
    Outcome scored = done("score", model, pictures.toString());
    assertThat(scored.out()).hasLineCount(21);
    assertThat(scored.err())
        .contains(pictures + ": 1 file left out (1 .txt): not images that can be read")
        .contains(pictures + ": links to folders that are read already are passed over: 1");
  }
}
