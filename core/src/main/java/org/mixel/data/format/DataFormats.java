package org.mixel.data.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;

/** Tells the form of a file from its first bytes, and calls its reader. */
public final class DataFormats {
  private DataFormats() {}

  /**
   * Reads a file or folder of any form.
   *
   * @param part what was named behind {@code #}: the array of an {@code .npz} file, or null
   * @throws InputException if it is of no known form, or damaged
   */
  public static Samples read(Path path, @Nullable String part, ReadRequest request) {
    byte[] start = FileErrors.naming(path, () -> start(path));
    if (start.length == 0) {
      throw new InputException(path + ": is empty");
    }
    if (begins(start, NpyFormat.MAGIC) || hasEnding(path, ".npy")) {
      return NpyFormat.read(path, request);
    }
    if (IdxFormat.begins(start) || begins(start, new byte[] {0x1f, (byte) 0x8b})) {
      return IdxFormat.read(path, request);
    }
    throw new InputException(path + ": is not a form of data that Mixel reads");
  }

  private static byte[] start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(512);
    }
  }

  private static boolean begins(byte[] start, byte[] magic) {
    return start.length >= magic.length
        && Arrays.equals(start, 0, magic.length, magic, 0, magic.length);
  }

  private static boolean hasEnding(Path path, String ending) {
    return path.toString().toLowerCase(java.util.Locale.ROOT).endsWith(ending);
  }
}
