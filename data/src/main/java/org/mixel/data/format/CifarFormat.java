package org.mixel.data.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ElementType;
import org.mixel.data.RowStore;
import org.mixel.data.Samples;

/**
 * CIFAR-10's binary form: records of one label and 3 x 32 x 32 bytes, in files {@code
 * data_batch_1.bin} to {@code data_batch_5.bin} and {@code test_batch.bin}; a folder of these,
 * their {@code .tar.gz} archive, or one such file. Batches are taken in the order of their names.
 */
final class CifarFormat {
  private static final int PIXELS = 3 * 32 * 32;
  private static final int CLASSES = 10;
  private static final Pattern TRAIN = Pattern.compile("data_batch_\\d\\.bin");
  private static final Pattern TEST = Pattern.compile("test_batch\\.bin");

  private CifarFormat() {}

  /** Whether an archive holds records, to judge by the first file that is data. */
  static boolean isIn(Path archive) throws IOException {
    try (TarMembers tar = TarMembers.open(archive)) {
      for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
        if (isBatch(fileName(entry.getName()))) {
          return true;
        }
        if (ImageFiles.isImage(entry.getName())) {
          return false;
        }
      }
      return false;
    }
  }

  /** Whether a file of this name holds records. */
  static boolean isBatch(String name) {
    return TRAIN.matcher(name).matches() || TEST.matcher(name).matches();
  }

  /**
   * Reads the images of a part.
   *
   * @param path an archive, a folder or a file of records
   * @param part {@code train} (also when null) or {@code test}; ignored for a single file
   * @throws InputException if it is damaged or has no such part
   */
  static Samples read(Path path, @Nullable String part, ReadRequest request) {
    return FileErrors.naming(
        path,
        () -> {
          CropResize cropResize = CropResize.ofSet(3, 32, 32, request, path.toString());
          try (RowStore store = new RowStore(ElementType.UINT8, cropResize.shape().dims(), -1);
              Progress.Stage stage = request.progress().begin("reading " + request.name(), -1)) {
            List<Batch> batches =
                scan(
                    path,
                    part,
                    (label, pixels) -> {
                      store.append(cropResize.apply(pixels));
                      stage.advance(1);
                    });
            Samples samples = store.finish(request.name(), cropResize.shape());
            return isSorted(batches) ? samples : samples.select(sorted(batches));
          }
        });
  }

  /**
   * Reads the labels of a part, in the order of its images.
   *
   * @param part {@code train} (also when null) or {@code test}
   * @throws InputException if it is damaged or has no such part
   */
  static int[] readLabels(Path path, @Nullable String part) {
    return FileErrors.naming(
        path,
        () -> {
          IntStream.Builder labels = IntStream.builder();
          List<Batch> batches = scan(path, part, (label, pixels) -> labels.add(label));
          int[] scanned = labels.build().toArray();
          return IntStream.of(sorted(batches)).map(row -> scanned[row]).toArray();
        });
  }

  private interface Records {
    void add(int label, byte[] pixels) throws IOException;
  }

  /** The rows of one file, in the order in which they were met. */
  private record Batch(String name, int first, int rows) {}

  private static boolean isSorted(List<Batch> batches) {
    return batches.stream().sorted(Comparator.comparing(Batch::name)).toList().equals(batches);
  }

  private static int[] sorted(List<Batch> batches) {
    return batches.stream()
        .sorted(Comparator.comparing(Batch::name))
        .flatMapToInt(batch -> IntStream.range(batch.first(), batch.first() + batch.rows()))
        .toArray();
  }

  private static List<Batch> scan(Path path, @Nullable String part, Records records)
      throws IOException {
    Pattern wanted = wanted(path, part);
    List<Batch> batches = new ArrayList<>();
    if (Files.isDirectory(path)) {
      try (Stream<Path> files = Files.list(path)) {
        for (Path file : files.sorted().toList()) {
          if (wanted.matcher(file.getFileName().toString()).matches()) {
            try (InputStream in = Files.newInputStream(file)) {
              scan(in, file.toString(), batches, records);
            }
          }
        }
      }
    } else if (path.toString().toLowerCase(Locale.ROOT).endsWith(".bin")) {
      try (InputStream in = Files.newInputStream(path)) {
        scan(in, path.toString(), batches, records);
      }
    } else {
      try (TarMembers tar = TarMembers.open(path)) {
        for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
          if (wanted.matcher(fileName(entry.getName())).matches()) {
            scan(tar.content(), path + "/" + entry.getName(), batches, records);
          }
        }
      }
    }
    if (batches.isEmpty()) {
      throw new InputException(path + ": has no file " + wanted.pattern().replace("\\", ""));
    }
    return batches;
  }

  private static Pattern wanted(Path path, @Nullable String part) {
    if (part == null || part.equals("train")) {
      return TRAIN;
    }
    if (part.equals("test")) {
      return TEST;
    }
    throw new InputException(path + ": has the parts train and test, not '" + part + "'");
  }

  static String fileName(String entry) {
    return entry.substring(entry.lastIndexOf('/') + 1);
  }

  private static void scan(InputStream file, String name, List<Batch> batches, Records records)
      throws IOException {
    InputStream in = new BufferedInputStream(file, 1 << 16);
    int first = batches.stream().mapToInt(Batch::rows).sum();
    int rows = 0;
    byte[] pixels = new byte[PIXELS];
    for (int label = in.read(); label >= 0; label = in.read()) {
      if (label >= CLASSES) {
        throw new InputException(
            "%s: is not CIFAR-10's binary form: record %d has the label %d"
                .formatted(name, rows, label));
      }
      if (in.readNBytes(pixels, 0, PIXELS) < PIXELS) {
        throw new EOFException("within record " + rows + " of " + fileName(name));
      }
      records.add(label, pixels);
      rows++;
    }
    batches.add(new Batch(name, first, rows));
  }
}
