package org.mixel.data.named;

import java.util.List;

/** SVHN, cropped: digits of house numbers, 32x32, 73,257 to train and 26,032 to test. */
final class Svhn {
  private static final String HOMEPAGE = "http://ufldl.stanford.edu/housenumbers/";

  static final NamedSet SET =
      new NamedSet(
          "svhn",
          "digits of house numbers, 32x32 colour, 73,257 train, 26,032 test",
          "non-commercial use only (Y. Netzer et al., 2011)",
          HOMEPAGE,
          file(
              "train_32x32.mat",
              182_040_794,
              "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8"),
          file(
              "test_32x32.mat",
              64_275_384,
              "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b"),
          NamedSet.FILES);

  private Svhn() {}

  private static List<SetFile> file(String name, long bytes, String sha256) {
    return List.of(
        SetFile.of(name, bytes, Checksum.sha256(sha256), Mirror.Web.plain(HOMEPAGE + name)));
  }
}
