package org.mixel.data.named;

import java.nio.file.Path;
import java.util.List;
import org.mixel.data.Samples;
import org.mixel.data.format.CifarFormat;
import org.mixel.data.format.ReadRequest;

/** CIFAR-10: photographs of ten kinds of things, 32x32, 50,000 to train and 10,000 to test. */
record Cifar10() implements NamedSet {
  private static final String ARCHIVE = "cifar-10-binary.tar.gz";
  private static final List<SetFile> FILES =
      List.of(
          SetFile.of(
              ARCHIVE,
              170_052_171,
              Checksum.sha256("c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
              Mirror.Web.plain("https://www.cs.toronto.edu/~kriz/" + ARCHIVE),
              Mirror.Web.plain("https://cave.cs.toronto.edu/kriz/" + ARCHIVE)));

  @Override
  public String name() {
    return "cifar10";
  }

  @Override
  public String description() {
    return "photographs of ten kinds of things, 32x32 colour, 50,000 train, 10,000 test";
  }

  @Override
  public String licence() {
    return "no licence stated; cite A. Krizhevsky, Learning Multiple Layers of Features (2009)";
  }

  @Override
  public String homepage() {
    return "https://www.cs.toronto.edu/~kriz/cifar.html";
  }

  @Override
  public List<SetFile> files() {
    return FILES;
  }

  @Override
  public List<SetFile> files(String part) {
    return FILES;
  }

  @Override
  public Samples read(Path folder, String part, ReadRequest request) {
    return CifarFormat.read(folder.resolve(ARCHIVE), part, request);
  }

  @Override
  public int[] labels(Path folder, String part) {
    return CifarFormat.readLabels(folder.resolve(ARCHIVE), part);
  }
}
