package org.mixel.data.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;

/** Recognises the format of a file by its first bytes, and calls its reader. */
public final class DataFormats {
  /** Endings of tables in text. */
  private static final List<String> TEXT = List.of(".csv", ".tsv", ".txt");

  private static final int START_BYTES = 512;

  /** Where a tar archive names itself. */
  private static final int TAR_MARK = 257;

  private DataFormats() {}

  /**
   * Reads a file or folder of any form.
   *
   * @param part the text after {@code #}: the array of an {@code .npz} file, {@code train} or
   *     {@code test} of CIFAR-10's archive, or null
   * @throws InputException if it is of no known form, or damaged
   */
  public static Samples read(Path path, @Nullable String part, ReadRequest request) {
    if (Files.isDirectory(path)) {
      return readFolder(path, part, request);
    }
    byte[] start = FileErrors.naming(path, () -> start(Files.newInputStream(path)));
    if (start.length == 0) {
      throw new InputException(path + ": is empty");
    }
    String name = CifarFormat.fileName(path.toString()).toLowerCase(Locale.ROOT);
    if (begins(start, "PK\003\004") || begins(start, "PK\005\006") || name.endsWith(".npz")) {
      if (name.endsWith(".npz")) {
        return NpzFormat.read(path, part, request);
      }
      requireWhole(path, part);
      return ImageFiles.readZip(path, entry -> true, request);
    }
    if (begins(start, "\u001f\u008b")) {
      return readGzip(path, part, request);
    }
    if (isTar(start)) {
      return readTar(path, part, request);
    }
    requireWhole(path, part);
    if (begins(start, "\u0093NUMPY") || name.endsWith(".npy")) {
      return NpyFormat.read(path, request);
    }
    if (IdxFormat.begins(start)) {
      return IdxFormat.read(path, request);
    }
    if (MatFormat.begins(start) || name.endsWith(".mat")) {
      return MatFormat.read(path, request);
    }
    if (ImageFiles.isImage(name)) {
      return ImageFiles.readOne(path, request);
    }
    if (name.endsWith(".bin")) {
      return CifarFormat.read(path, null, request);
    }
    if (TEXT.stream().anyMatch(name::endsWith)) {
      throw new InputException(path + ": text is not read; save its numbers as .npy (numpy.save)");
    }
    throw unknown(path);
  }

  /**
   * Reads the images of a {@code .zip} archive.
   *
   * @param wanted which paths within the archive to read
   * @throws InputException if there are none, or one is unusable
   */
  public static Samples readZip(Path archive, Predicate<String> wanted, ReadRequest request) {
    return ImageFiles.readZip(archive, wanted, request);
  }

  /** Refuses a part of what has none. */
  private static void requireWhole(Path path, @Nullable String part) {
    if (part != null) {
      throw new InputException(path + ": has no parts, so '#" + part + "' cannot be chosen");
    }
  }

  private static Samples readFolder(Path folder, @Nullable String part, ReadRequest request) {
    if (!holdsImages(folder)) {
      return CifarFormat.read(folder, part, request);
    }
    requireWhole(folder, part);
    return ImageFiles.readFolder(folder, request);
  }

  /**
   * Whether a path is a folder that is read as one of images, not of CIFAR-10's batches.
   *
   * @throws InputException if it may not be read
   */
  public static boolean holdsImages(Path path) {
    return Files.isDirectory(path)
        && FileErrors.naming(
            path,
            () -> {
              try (Stream<Path> files = Files.list(path)) {
                return files.noneMatch(file -> CifarFormat.isBatch(file.getFileName().toString()));
              }
            });
  }

  private static Samples readGzip(Path path, @Nullable String part, ReadRequest request) {
    byte[] start =
        FileErrors.naming(
            path, () -> start(new GZIPInputStream(Files.newInputStream(path), START_BYTES)));
    if (isTar(start)) {
      return readTar(path, part, request);
    }
    if (IdxFormat.begins(start)) {
      requireWhole(path, part);
      return IdxFormat.read(path, request);
    }
    throw new InputException(path + ": holds neither a .tar archive nor IDX data; unpack it first");
  }

  private static Samples readTar(Path path, @Nullable String part, ReadRequest request) {
    boolean records = FileErrors.naming(path, () -> CifarFormat.isIn(path));
    if (records) {
      return CifarFormat.read(path, part, request);
    }
    requireWhole(path, part);
    return ImageFiles.readTar(path, request);
  }

  private static InputException unknown(Path path) {
    return new InputException(
        path
            + ": is of no form that Mixel reads (a folder, .zip or .tar of images, .npy, .npz, IDX,"
            + " CIFAR-10's .bin, SVHN's .mat)");
  }

  private static byte[] start(InputStream file) throws IOException {
    try (file) {
      return file.readNBytes(START_BYTES);
    }
  }

  private static boolean begins(byte[] start, String magic) {
    return new String(start, StandardCharsets.ISO_8859_1).startsWith(magic);
  }

  private static boolean isTar(byte[] start) {
    return start.length >= TAR_MARK + 5
        && new String(start, TAR_MARK, 5, StandardCharsets.ISO_8859_1).equals("ustar");
  }
}
