package org.mixel.data.format;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;

/** NumPy's {@code .npz} archives: a zip of {@code .npy} files, packed or not. */
final class NpzFormat {
  private static final String ENDING = ".npy";

  private NpzFormat() {}

  /**
   * Reads one array of an archive.
   *
   * @param key which array, or null for the only one
   * @throws InputException if there is no such array, or several and no key, or it is damaged
   */
  static Samples read(Path file, @Nullable String key, ReadRequest request) {
    return FileErrors.naming(
        file,
        () -> {
          try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = choose(zip, file, key);
            String name = file + "#" + keyOf(entry);
            return FileErrors.naming(name, () -> read(zip, entry, name, request));
          }
        });
  }

  private static ZipEntry choose(ZipFile zip, Path file, @Nullable String key) {
    List<? extends ZipEntry> arrays =
        zip.stream().filter(entry -> entry.getName().endsWith(ENDING)).toList();
    if (arrays.isEmpty()) {
      throw new InputException(file + ": holds no arrays");
    }
    String keys = arrays.stream().map(NpzFormat::keyOf).collect(Collectors.joining(", "));
    if (key == null && arrays.size() > 1) {
      throw new InputException(
          "%s: holds several arrays (%s); choose one with %s#%s"
              .formatted(file, keys, file.getFileName(), keyOf(arrays.get(0))));
    }
    for (ZipEntry entry : arrays) {
      if (key == null || keyOf(entry).equals(key)) {
        return entry;
      }
    }
    throw new InputException("%s: holds no array '%s', but %s".formatted(file, key, keys));
  }

  private static String keyOf(ZipEntry entry) {
    return entry.getName().substring(0, entry.getName().length() - ENDING.length());
  }

  private static Samples read(ZipFile zip, ZipEntry entry, String name, ReadRequest request)
      throws IOException {
    CRC32 crc = new CRC32();
    try (InputStream in =
        new BufferedInputStream(new CheckedInputStream(zip.getInputStream(entry), crc), 1 << 16)) {
      NpyFormat.CountedHeader counted = NpyFormat.header(in, name, NpyFormat.Use.ROWS);
      counted.header().check(entry.getSize() - counted.bytes());
      Samples samples = new ArrayRows(counted.header(), request).readStream(in);
      // The JDK's reader leaves the check to its caller.
      if (crc.getValue() != entry.getCrc()) {
        throw new FileErrors.DamageException("wrong checksum");
      }
      return samples;
    }
  }
}
