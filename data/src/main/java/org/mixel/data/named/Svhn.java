package org.mixel.data.named;

import java.nio.file.Path;
import java.util.List;
import org.mixel.data.Samples;
import org.mixel.data.format.MatFormat;
import org.mixel.data.format.ReadRequest;

/** SVHN, cropped: digits of house numbers, 32x32, 73,257 to train and 26,032 to test. */
record Svhn() implements NamedSet {
  private static final SetFile TRAIN =
      file(
          "train_32x32.mat",
          182_040_794,
          "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8");
  private static final SetFile TEST =
      file(
          "test_32x32.mat",
          64_275_384,
          "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b");

  private static SetFile file(String name, long bytes, String sha256) {
    return SetFile.of(
        name,
        bytes,
        Checksum.sha256(sha256),
        Mirror.Web.plain("http://ufldl.stanford.edu/housenumbers/" + name));
  }

  @Override
  public String name() {
    return "svhn";
  }

  @Override
  public String description() {
    return "digits of house numbers, 32x32 colour, 73,257 train, 26,032 test";
  }

  @Override
  public String licence() {
    return "non-commercial use only (Y. Netzer et al., 2011)";
  }

  @Override
  public String homepage() {
    return "http://ufldl.stanford.edu/housenumbers/";
  }

  @Override
  public List<SetFile> files() {
    return List.of(TRAIN, TEST);
  }

  @Override
  public List<SetFile> files(String part) {
    return List.of(part.equals("test") ? TEST : TRAIN);
  }

  @Override
  public Samples read(Path folder, String part, ReadRequest request) {
    return MatFormat.read(folder.resolve(files(part).get(0).name()), request);
  }

  @Override
  public int[] labels(Path folder, String part) {
    return MatFormat.readLabels(folder.resolve(files(part).get(0).name()));
  }
}
