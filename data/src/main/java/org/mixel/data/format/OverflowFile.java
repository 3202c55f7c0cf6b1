package org.mixel.data.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.mixel.data.CacheFolder;

/**
 * Memory on disk: a temporary file in the cache folder that vanishes when it is closed. What was
 * mapped from it stays usable.
 */
final class OverflowFile implements AutoCloseable {
  private final FileChannel channel;

  private OverflowFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @param expectedBytes how much will be mapped, as far as that is known
   * @throws IOException if the disk has no room for it; the message says what to do
   */
  static OverflowFile create(long expectedBytes) throws IOException {
    Path folder = CacheFolder.path().resolve("tmp");
    Files.createDirectories(folder);
    long room = Files.getFileStore(folder).getUsableSpace();
    if (room < expectedBytes) {
      throw noRoom(folder, expectedBytes);
    }
    return new OverflowFile(
        FileChannel.open(
            Files.createTempFile(folder, "rows", ".tmp"),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  private static IOException noRoom(Path folder, long bytes) {
    return new IOException(
        folder
            + " has no room for another "
            + (bytes >> 20)
            + " MiB; set MIXEL_HOME to a folder on a larger disk");
  }

  /** A new piece of zeros. */
  ByteBuffer map(int bytes) throws IOException {
    return channel.map(MapMode.READ_WRITE, channel.size(), bytes);
  }

  /**
   * Copies a stream into the file.
   *
   * @throws EOFException if it ends before {@code bytes} bytes have come
   */
  void fill(InputStream in, long bytes) throws IOException {
    byte[] block = new byte[1 << 16];
    for (long left = bytes; left > 0; ) {
      int n = in.read(block, 0, (int) Math.min(left, block.length));
      if (n < 0) {
        throw new EOFException();
      }
      ByteBuffer filled = ByteBuffer.wrap(block, 0, n);
      while (filled.hasRemaining()) {
        channel.write(filled);
      }
      left -= n;
    }
  }

  /** What was filled in, for reading at any place. */
  FileChannel channel() {
    return channel;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
