package org.mixel.data.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The members of a {@code .tar} archive, packed with gzip or not, one after the other.
 *
 * <p>Two blocks of zeros end an archive (POSIX.1-2017, pax). One without them was cut off between
 * two members and is refused, since nothing else would tell that members are missing.
 */
final class TarMembers implements AutoCloseable {
  private static final int END_BYTES = 2 * 512;

  private final ZeroRuns blocks;
  private final boolean packed;
  private final TarArchiveInputStream members;
  private boolean begun;

  private TarMembers(InputStream in, boolean packed) {
    this.blocks = new ZeroRuns(in);
    this.packed = packed;
    this.members = new TarArchiveInputStream(blocks);
  }

  /** Opens an archive. */
  static TarMembers open(Path archive) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
    try {
      in.mark(2);
      boolean packed = in.read() == 0x1f && in.read() == 0x8b;
      in.reset();
      return new TarMembers(
          packed ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16) : in, packed);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /**
   * Goes on to the next member.
   *
   * @return the member, or null behind the last one
   * @throws IOException if the archive is damaged, or ends without its end mark
   */
  @Nullable TarArchiveEntry next() throws IOException {
    if (begun) {
      // Zeros of its content would be taken for the mark.
      members.transferTo(OutputStream.nullOutputStream());
    }
    begun = true;
    blocks.longest = 0;
    blocks.current = 0;
    TarArchiveEntry member = members.getNextEntry();
    if (member != null) {
      return member;
    }
    if (blocks.longest < END_BYTES) {
      throw new EOFException("no end mark");
    }
    if (packed) {
      // The checksum comes last.
      blocks.transferTo(OutputStream.nullOutputStream());
    }
    return null;
  }

  /** The content of the current member. */
  InputStream content() {
    return members;
  }

  @Override
  public void close() throws IOException {
    members.close();
  }

  /** Knows the longest run of zero bytes that was read. */
  private static final class ZeroRuns extends FilterInputStream {
    private long current;
    private long longest;

    ZeroRuns(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      if (value >= 0) {
        count(value);
      }
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, length);
      for (int i = 0; i < read; i++) {
        count(target[offset + i]);
      }
      return read;
    }

    private void count(int value) {
      current = value == 0 ? current + 1 : 0;
      longest = Math.max(longest, current);
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
