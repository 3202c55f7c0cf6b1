package org.mixel.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory on disk: a temporary file in the cache folder that vanishes when it is closed. Mapped
 * parts stay usable.
 */
public final class ScratchFile implements AutoCloseable {
  private final FileChannel channel;

  private ScratchFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @param expectedBytes how much will be mapped, if known
   * @throws IOException if the disk has no room for it; the message says what to do
   */
  public static ScratchFile create(long expectedBytes) throws IOException {
    Path folder = CacheFolder.path().resolve("tmp");
    Files.createDirectories(folder);
    long room = Files.getFileStore(folder).getUsableSpace();
    if (room < expectedBytes) {
      throw noRoom(folder, expectedBytes);
    }
    return new ScratchFile(
        FileChannel.open(
            Files.createTempFile(folder, "rows", ".tmp"),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  private static IOException noRoom(Path folder, long bytes) {
    return new IOException(
        "%s has no room for another %d MiB; set MIXEL_HOME to a folder on a larger disk"
            .formatted(folder, bytes >> 20));
  }

  /** Maps a new part, filled with zeros. */
  public ByteBuffer map(int bytes) throws IOException {
    return channel.map(MapMode.READ_WRITE, channel.size(), bytes);
  }

  /**
   * Copies a stream into the file.
   *
   * @throws EOFException if it ends before {@code bytes} bytes have come
   */
  public void fill(InputStream in, long bytes) throws IOException {
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

  /** The file, for reading at any place. */
  public FileChannel channel() {
    return channel;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
