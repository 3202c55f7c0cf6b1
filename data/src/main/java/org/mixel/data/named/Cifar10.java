package org.mixel.data.named;

import java.util.List;

/** CIFAR-10: photographs of ten kinds of things, 32x32, 50,000 to train and 10,000 to test. */
final class Cifar10 {
  private static final String ARCHIVE = "cifar-10-binary.tar.gz";
  private static final List<SetFile> FILES =
      List.of(
          SetFile.of(
              ARCHIVE,
              170_052_171,
              Checksum.sha256("c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
              Mirror.Web.plain("https://www.cs.toronto.edu/~kriz/" + ARCHIVE),
              Mirror.Web.plain("https://cave.cs.toronto.edu/kriz/" + ARCHIVE)));

  static final NamedSet SET =
      new NamedSet(
          "cifar10",
          "photographs of ten kinds of things, 32x32 colour, 50,000 train, 10,000 test",
          "no licence stated; cite A. Krizhevsky, Learning Multiple Layers of Features (2009)",
          "https://www.cs.toronto.edu/~kriz/cifar.html",
          FILES,
          FILES,
          NamedSet.ARCHIVE);

  private Cifar10() {}
}
