package org.mixel.data.named;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.data.format.FileErrors;
import org.mixel.data.format.ImageFiles;
import org.mixel.data.format.ReadRequest;

/**
 * CelebA, aligned: faces of celebrities, 178x218, 162,770 to train and 19,962 to test. Its authors
 * publish no plain address and MD5 sums only, so its files are put into place by hand.
 */
record CelebA() implements NamedSet {
  private static final Pattern LINE = Pattern.compile("(\\S+)\\s+(\\d)");
  private static final SetFile IMAGES =
      SetFile.of(
          "img_align_celeba.zip", 1_443_490_838, Checksum.md5("00d2c5bc6d35e252742224ab0c1e8fcb"));
  private static final SetFile PARTITION =
      SetFile.of(
          "list_eval_partition.txt", 2_836_386, Checksum.md5("d32c9cbf5e040fd4025c592c306e6668"));

  @Override
  public String name() {
    return "celeba";
  }

  @Override
  public String description() {
    return "aligned faces, 178x218 colour, 162,770 train, 19,962 test;"
        + " usual: --crop 25,50,128,128 --size 64x64";
  }

  @Override
  public String licence() {
    return "non-commercial research only (Z. Liu et al., 2015)";
  }

  @Override
  public String homepage() {
    return "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html";
  }

  @Override
  public List<SetFile> files() {
    return List.of(IMAGES, PARTITION);
  }

  @Override
  public List<SetFile> files(String part) {
    return files();
  }

  @Override
  public Samples read(Path folder, String part, ReadRequest request) {
    Set<String> wanted = wanted(folder.resolve(PARTITION.name()), part.equals("test") ? "2" : "0");
    return ImageFiles.readZip(
        folder.resolve(IMAGES.name()),
        entry -> wanted.contains(entry.substring(entry.lastIndexOf('/') + 1)),
        request);
  }

  /** The files that the list puts into a part: 0 is to train, 1 to validate, 2 to test. */
  private static Set<String> wanted(Path list, String part) {
    Set<String> wanted = new HashSet<>();
    List<String> lines = FileErrors.naming(list, () -> Files.readAllLines(list));
    for (int i = 0; i < lines.size(); i++) {
      Matcher line = LINE.matcher(lines.get(i).strip());
      if (!line.matches()) {
        throw new InputException(
            "%s: line %d is not a file name and a part".formatted(list, i + 1));
      }
      if (line.group(2).equals(part)) {
        wanted.add(line.group(1));
      }
    }
    return wanted;
  }

  @Override
  public int[] labels(Path folder, String part) {
    throw new InputException("celeba has no classes; give --labels FILE");
  }
}
