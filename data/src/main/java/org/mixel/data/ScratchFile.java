package org.mixel.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.mixel.OutputPlace;

/**
 * Memory on disk: a temporary file in the cache folder that vanishes when it is closed. Mapped
 * parts stay usable.
 */
public final class ScratchFile implements AutoCloseable {
  private static final int BLOCK_BYTES = 1 << 16;

  private final Path folder;
  private final FileChannel channel;

  private ScratchFile(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * @param expectedBytes how much will be mapped, if known
   * @throws IOException if the disk has no room for it; the message says what to do
   */
  public static ScratchFile create(long expectedBytes) throws IOException {
    Path folder = CacheFolder.path().resolve("tmp");
    Files.createDirectories(folder);
    if (OutputPlace.free(folder) < expectedBytes) {
      throw noRoom(folder, expectedBytes, null);
    }
    return new ScratchFile(
        folder,
        FileChannel.open(
            Files.createTempFile(folder, "rows", ".tmp"),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  private static IOException noRoom(Path folder, long bytes, @Nullable IOException reason) {
    return new IOException(
        "%s has no room for another %d MiB%s; set MIXEL_HOME to a folder on a larger disk"
            .formatted(folder, bytes >> 20, reason == null ? "" : " (" + reason.getMessage() + ")"),
        reason);
  }

  /**
   * Maps a new part, filled with zeros.
   *
   * @throws IOException if the disk has no room for it: once a part is mapped, that would end the
   *     program
   */
  public ByteBuffer map(int bytes) throws IOException {
    long start = channel.size();
    ByteBuffer zeros = ByteBuffer.allocate(Math.min(bytes, BLOCK_BYTES));
    for (long at = start; at < start + bytes; at += zeros.limit()) {
      write(zeros.clear().limit((int) Math.min(zeros.capacity(), start + bytes - at)), at, bytes);
    }
    return channel.map(MapMode.READ_WRITE, start, bytes);
  }

  private void write(ByteBuffer block, long at, long bytes) throws IOException {
    int size = block.remaining();
    try {
      while (block.hasRemaining()) {
        channel.write(block, at + size - block.remaining());
      }
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw noRoom(folder, bytes, e);
    }
  }

  /**
   * Copies a stream into the file.
   *
   * @throws EOFException if it ends before {@code bytes} bytes have come
   */
  public void fill(InputStream in, long bytes) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    for (long left = bytes; left > 0; ) {
      int n = in.read(block, 0, (int) Math.min(left, block.length));
      if (n < 0) {
        throw new EOFException();
      }
      write(ByteBuffer.wrap(block, 0, n), channel.size(), left);
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
