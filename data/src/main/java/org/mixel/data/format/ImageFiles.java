package org.mixel.data.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.mixel.InputException;
import org.mixel.data.Samples;

/**
 * Images in a folder, a {@code .zip}, a {@code .tar} or a {@code .tar.gz}: deeply, in the order of
 * their paths, whatever the order in which an archive holds them. Files with other endings and
 * hidden ones are left out, and their number and kinds reported.
 */
final class ImageFiles {
  /** Image files are never this large; what is, is a trap. */
  private static final int MAX_BYTES = 1 << 28;

  private static final Pattern HIDDEN = Pattern.compile("(^|[/\\\\])(\\.[^/\\\\]|__MACOSX[/\\\\])");

  private ImageFiles() {}

  /** Whether a path within a folder or an archive is hidden; that of a folder ends with a slash. */
  static boolean isHidden(String path) {
    return HIDDEN.matcher(path).find();
  }

  /** Whether a path within a folder or an archive is that of an image. */
  static boolean isImage(String path) {
    return !isHidden(path) && ImageFormat.isName(path);
  }

  /**
   * Reads the images of a folder.
   *
   * @throws InputException if there are none, or one is unusable
   */
  static Samples readFolder(Path folder, ReadRequest request) {
    return FileErrors.naming(
        folder,
        () -> {
          LeftOut leftOut = new LeftOut();
          List<Path> files = FolderWalk.images(folder, leftOut);
          try (ImageRows rows = new ImageRows(request, files.size(), leftOut)) {
            for (Path file : files) {
              rows.add(file.toString(), FileErrors.naming(file, () -> content(file)));
            }
            return rows.finish();
          }
        });
  }

  /** The bytes of a file that may be an image. */
  static byte[] content(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return limited(in, file.toString());
    }
  }

  /**
   * Reads one image as a set of one row.
   *
   * @throws InputException if it is unusable
   */
  static Samples readOne(Path file, ReadRequest request) {
    return FileErrors.naming(
        file,
        () -> {
          try (ImageRows rows = new ImageRows(request, 1, new LeftOut())) {
            rows.add(file.toString(), content(file));
            return rows.finish();
          }
        });
  }

  /**
   * Reads the images of a {@code .zip} archive.
   *
   * @param wanted which paths within the archive to read
   * @throws InputException if there are none, or one is unusable
   */
  static Samples readZip(Path archive, Predicate<String> wanted, ReadRequest request) {
    return FileErrors.naming(
        archive,
        () -> {
          try (ZipFile zip = new ZipFile(archive.toFile())) {
            LeftOut leftOut = new LeftOut();
            List<? extends ZipEntry> entries =
                zip.stream()
                    .filter(entry -> !entry.isDirectory() && wanted.test(entry.getName()))
                    .filter(entry -> isImage(entry.getName(), leftOut))
                    .sorted(Comparator.comparing(ZipEntry::getName))
                    .toList();
            try (ImageRows rows = new ImageRows(request, entries.size(), leftOut)) {
              for (ZipEntry entry : entries) {
                String name = archive + "/" + entry.getName();
                rows.add(name, FileErrors.naming(name, () -> content(zip, entry, name)));
              }
              return rows.finish();
            }
          }
        });
  }

  private static byte[] content(ZipFile zip, ZipEntry entry, String name) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] content = limited(in, name);
      CRC32 crc = new CRC32();
      crc.update(content);
      if (crc.getValue() != entry.getCrc()) {
        throw new FileErrors.DamageException("wrong checksum");
      }
      return content;
    }
  }

  /**
   * Reads the images of a {@code .tar} archive, packed with gzip or not.
   *
   * @throws InputException if there are none, or one is unusable
   */
  static Samples readTar(Path archive, ReadRequest request) {
    return FileErrors.naming(
        archive,
        () -> {
          LeftOut leftOut = new LeftOut();
          try (TarMembers tar = TarMembers.open(archive);
              ImageRows rows = new ImageRows(request, -1, leftOut)) {
            for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
              if (entry.isLink() || entry.isSymbolicLink()) {
                leftOut.addFile(entry.getName());
              } else if (entry.isFile() && isImage(entry.getName(), leftOut)) {
                String name = archive + "/" + entry.getName();
                rows.add(name, limited(tar.content(), name));
              }
            }
            return rows.finish();
          }
        });
  }

  private static boolean isImage(String path, LeftOut leftOut) {
    boolean image = isImage(path);
    if (!image) {
      leftOut.addFile(path);
    }
    return image;
  }

  static byte[] limited(InputStream in, String name) throws IOException {
    byte[] content = in.readNBytes(MAX_BYTES + 1);
    if (content.length > MAX_BYTES) {
      throw new InputException(
          "%s: is larger than %d MiB, too large for an image".formatted(name, MAX_BYTES >> 20));
    }
    return content;
  }
}
