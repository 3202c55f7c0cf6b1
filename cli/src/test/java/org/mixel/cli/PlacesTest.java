package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.with;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.cli.Runs.Outcome;
import org.mixel.data.ImageShape;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;

/**
 * No command writes over what it reads, and none works first and finds out then that it cannot
 * write.
 */
class PlacesTest {
  @TempDir private Path folder;
  private String data;
  private String other;
  private String pictures;
  private String model;

  @BeforeEach
  void makeInputs() {
    data = images("in.npy", 60, 1);
    other = images("other.npz", 30, 2);
    pictures = images("pictures", 12, 3);
    model = path("m.mfa");
    assertDone("fit", data, "-o", model, "--components", "2", "--factors", "1");
  }

  private String images(String name, int rows, long seed) {
    byte[] pixels = new byte[rows * 64];
    new Random(seed).nextBytes(pixels);
    Path file = folder.resolve(name);
    SampleWriter.write(file, StoredSamples.ofBytes(name, new ImageShape(1, 8, 8), pixels));
    return file.toString();
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static void assertDone(String... arguments) {
    Outcome outcome = mixel(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  /** Refused, and every file is as it was. */
  private void refused(String because, String... arguments) throws IOException {
    Map<String, String> before = contents();
    Runs.refused(because, arguments);
    assertThat(contents()).isEqualTo(before);
  }

  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        byte[] bytes = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
        contents.put(file.toString(), java.util.HexFormat.of().formatHex(bytes));
      }
    }
    return contents;
  }

  @Test
  void fitWritesOverNothingItReads() throws IOException {
    String input = "is an input, too";
    String tensors = Files.copy(Path.of(data), folder.resolve("data")).toString();
    refused(input, "fit", tensors, "-o", tensors);
    refused(input, "fit", data, "--validation", tensors, "-o", tensors);
    refused(input, "fit", data, "--test", tensors, "-o", tensors);
    refused(input, "fit", data, "--mask", tensors, "-o", tensors);
    String checkpoint = Files.copy(Path.of(data), folder.resolve("n.checkpoint")).toString();
    refused(input, "fit", checkpoint, "-o", path("n"));
    refused("which is an input", "fit", pictures, "-o", pictures + "/00001.png");
    refused("is an input, too", "fit", data, "-o", pictures, "--validation", pictures);
  }

  @Test
  void trainWritesOverNothingItReads() throws IOException {
    String input = "is an input, too";
    String labels = Files.copy(Path.of(data), folder.resolve("labels")).toString();
    refused(input, "train", "wgan", labels, "-o", labels);
    refused(input, "train", "pix2pix", data, "--mixture", model, "-o", model);
    refused(input, "train", "vae-dfc", data, "--features", labels, "-o", labels);
    refused(input, "train", "vae-dfc", data, "--labels", labels, "-o", labels);
    Path own = Files.move(Path.of(pictures), folder.resolve("net.pictures"));
    refused(input, "train", "wgan", own.toString(), "-o", path("net"));
    Path log = Files.copy(Path.of(data), folder.resolve("net.metrics.csv"));
    refused(input, "train", "wgan", log.toString(), "-o", path("net"));
  }

  @Test
  void nothingThatIsAskedOfAModelWritesOverIt() throws IOException {
    String input = "is an input, too";
    String png = Files.move(Path.of(model), folder.resolve("m.png")).toString();
    String npy = Files.copy(Path.of(png), folder.resolve("m.npy")).toString();
    String mask =
        Files.copy(folder.resolve("pictures/00000.png"), folder.resolve("k.png")).toString();
    refused(input, "sample", npy, "-n", "4", "-o", npy);
    refused(input, "score", png, data, "--outliers", "4", "-o", png);
    refused(input, "components", png, "-o", png);
    refused(input, "inpaint", npy, data, "--mask", "left", "-o", data);
    refused(input, "inpaint", npy, data, "--mask", "left", "-o", npy);
    refused(input, "inpaint", npy, data, "--mask", mask, "-o", mask);
    String[] mean = {"inpaint", npy, data, "--mask", "left", "--mode", "mean", "-o"};
    refused(input, with(mean, path("c.npy"), "--variance", data));
    refused("for another option, too", with(mean, path("c.npy"), "--variance", path("c.npy")));
    refused(
        "lies in " + pictures, "inpaint", npy, pictures, "--mask=left", "-o", pictures + "/more");
    refused(
        "lies in " + pictures, "score", npy, pictures, "--outliers=4", "-o", pictures + "/o.png");
  }

  @Test
  void ndbWritesOverNothingItReads() throws IOException {
    String input = "is an input, too";
    String[] ndb = {"ndb", data, other, "--bins", "2"};
    String plain = Files.copy(Path.of(data), folder.resolve("unseen")).toString();
    refused(input, with(ndb, "--unseen", plain, "--save-bins", plain));
    refused(input, with(ndb, "--features", plain + "," + plain, "--save-bins", plain));
    refused(input, with(ndb, "--bins-file", plain, "--save-bins", plain));
    String page = Files.copy(Path.of(data), folder.resolve("page.html")).toString();
    refused(input, with(ndb, "--unseen", page, "--report", page));
    String bins = path("bins");
    refused(
        "lies in " + bins + ", which is written, too",
        with(ndb, "--export-bins", bins, "--report", bins + "/page.html"));
    refused("holds something", with(ndb, "--export-bins", pictures));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void linksAndKeysLeadToTheSameFile() throws IOException {
    String input = "is an input, too";
    Path link = Files.createSymbolicLink(folder.resolve("link.npy"), Path.of(data));
    Path linked = Files.createSymbolicLink(folder.resolve("here"), folder);
    String[] mask = {"--mask", "left", "-o"};
    refused(input, with(with(new String[] {"inpaint", model, data}, mask), link.toString()));
    refused(input, with(with(new String[] {"inpaint", model, link.toString()}, mask), data));
    refused(input, with(with(new String[] {"inpaint", model, data}, mask), linked + "/in.npy"));
    refused(input, with(with(new String[] {"inpaint", model, other + "#samples"}, mask), other));
    refused(
        "for another option, too",
        "inpaint",
        model,
        data,
        "--mask=left",
        "--mode=mean",
        "-o",
        path("new.npy"),
        "--variance",
        linked + "/new.npy");
  }

  @Test
  void endingsThatCannotBeWrittenAreRefused() throws IOException {
    for (String ending : new String[] {".jpg", ".csv", ".pt", ".JPEG"}) {
      refused("rows go into .npy", "sample", model, "-n", "4", "-o", path("s" + ending));
      refused("rows go into", "inpaint", model, data, "--mask=top", "-o", path("s" + ending));
    }
    refused("named like an array", "sample", model, "-n", "4", "-o", path("s.npy") + "/");
    refused("written as .png", "score", model, data, "--outliers", "4", "-o", path("o.npy"));
    refused("written as .png", "components", model, "-o", path("k"));
    refused("written as .html", "ndb", data, other, "--bins=2", "--report", path("r.npy"));
    refused("does not end in .npy", "fit", data, "-o", path("n.npy"));
    refused("does not end in .npz", "ndb", data, other, "--bins=2", "--save-bins", path("b.npz"));
    refused("does not end in .png", "train", "wgan", data, "-o", path("n.png"));
    for (String name : new String[] {"s.jpg/", "plain", "rate0.01", "empty.jpg"}) {
      if (name.startsWith("empty")) {
        Files.createDirectory(folder.resolve(name));
      }
      assertDone("sample", model, "-n", "4", "-o", path("") + "/" + name);
      assertThat(folder.resolve(name + "/00003.png")).exists();
    }
  }

  /** With a model that is none: whatever is said of the place is said before it is read. */
  @Test
  void placesAreLookedAtBeforeTheWork() throws IOException {
    String none = Files.writeString(folder.resolve("none.mfa"), "none").toString();
    String npy = Files.createDirectory(folder.resolve("d.npy")).toString();
    refused("is a directory", "sample", none, "-n", "4", "-o", npy);
    refused("holds something", "sample", none, "-n", "4", "-o", pictures);
    refused("is not a folder", "sample", none, "-n", "4", "-o", data + "/x.npy");
    refused("is a directory", "score", none, data, "--outliers=4", "-o", directory("d.png"));
    refused("is a directory", "components", none, "-o", path("d.png"));
    refused("is a directory", "fit", path("nothing.npy"), "-o", pictures);
    refused("is a directory", "train", "wgan", path("nothing.npy"), "-o", pictures);
    Files.writeString(folder.resolve("n.pictures"), "mine");
    refused("n.pictures: is not a folder", "train", "wgan", data, "-o", path("n"));
    refused("is not a folder", "demo", "-o", data);
    refused("is not a folder", "study", "ndb", "-o", data);
    Files.createDirectories(folder.resolve("study/report.html"));
    refused("is a directory", "study", "ndb", "-o", path("study"));
  }

  private String directory(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name)).toString();
  }

  @Test
  void whatDoesNotFitOntoTheDiskIsNotBegun() throws IOException {
    String wide = path("wide.mfa");
    byte[] pixels = new byte[3 * 64 * 64 * 4];
    new Random(1).nextBytes(pixels);
    Path images = folder.resolve("wide.npy");
    SampleWriter.write(images, StoredSamples.ofBytes("wide", new ImageShape(3, 64, 64), pixels));
    assertDone("fit", images.toString(), "-o", wide, "--components=1", "--factors=1");
    refused("MB are free there", "sample", wide, "-n", "2000000000", "-o", path("s.npy"));
    refused(
        "MB are free there",
        "inpaint",
        wide,
        images.toString(),
        "--mask=left",
        "--mode=sample",
        "--draws=500000000",
        "-o",
        path("s.npy"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void ndbAnswersWhenItsFilesAreWritten() throws IOException {
    Outcome full = mixel("ndb", data, other, "--bins=2", "--report", "/dev/full", "--quiet");
    assertThat(full.exitCode()).isEqualTo(1);
    assertThat(full.out()).isEmpty();
    assertThat(full.err()).contains("cannot write /dev/full").hasLineCount(1);
  }
}
