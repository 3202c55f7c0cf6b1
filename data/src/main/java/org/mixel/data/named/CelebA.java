package org.mixel.data.named;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.data.format.DataFormats;
import org.mixel.data.format.ReadRequest;

/**
 * CelebA, aligned: faces of celebrities, 178x218, 162,770 to train and 19,962 to test. Its authors
 * publish no plain address and only MD5 sums, so users put its files into place by hand.
 */
final class CelebA implements NamedSet.Content {
  private static final Pattern LINE = Pattern.compile("(\\S+)\\s+(\\d)");
  private static final List<SetFile> FILES =
      List.of(
          SetFile.of(
              "img_align_celeba.zip",
              1_443_490_838,
              Checksum.md5("00d2c5bc6d35e252742224ab0c1e8fcb")),
          SetFile.of(
              "list_eval_partition.txt",
              2_836_386,
              Checksum.md5("d32c9cbf5e040fd4025c592c306e6668")));

  static final NamedSet SET =
      new NamedSet(
          "celeba",
          "aligned faces, 178x218 colour, 162,770 train, 19,962 test;"
              + " usual: --crop 25,50,128,128 --size 64x64",
          "non-commercial research only (Z. Liu et al., 2015)",
          "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html",
          FILES,
          FILES,
          new CelebA());

  private CelebA() {}

  @Override
  public Samples read(List<Path> files, String part, ReadRequest request) {
    Set<String> wanted = wanted(files.get(1), part.equals("test") ? "2" : "0");
    return DataFormats.readZip(
        files.get(0),
        entry -> wanted.contains(entry.substring(entry.lastIndexOf('/') + 1)),
        request);
  }

  /** The files of a part in the list: 0 stands for training, 1 for validation, 2 for test. */
  private static Set<String> wanted(Path list, String part) {
    List<String> lines;
    try {
      lines = Files.readAllLines(list);
    } catch (IOException e) {
      throw new InputException(list + ": cannot be read: " + e.getMessage(), e);
    }
    Set<String> wanted = new HashSet<>();
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
  public int[] labels(List<Path> files, String part) {
    throw new InputException("celeba has no classes; give `labels` FILE");
  }
}
