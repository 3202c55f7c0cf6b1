package org.mixel.data.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.data.ScratchFile;
import org.mixel.data.format.ArrayHeader.Element;
import org.mixel.data.format.FileErrors.DamageException;
import us.hebi.matlab.mat.format.BufferAllocator;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.format.Mat5File;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Source;
import us.hebi.matlab.mat.types.Sources;

/**
 * SVHN's cropped digits: a MATLAB 5 file with {@code X (32, 32, 3, n)} of bytes and perhaps {@code
 * y (n, 1)}, the labels 1 to 10, where 10 stands for the digit 0.
 */
final class MatFormat {
  /** Bytes that deflate makes of one, at most. */
  private static final long INFLATION = 1032;

  /** Larger arrays go to disk, since the rows are copied out of them. */
  private static final int HEAP_BYTES = 32 << 20;

  private static final int HEADER_BYTES = 128;
  private static final int TAG_BYTES = 8;
  private static final int MATRIX = 14;
  private static final int COMPRESSED = 15;
  private static final String SIGNATURE = "MATLAB 5.0 MAT-file";

  private MatFormat() {}

  /** Whether a file that begins so is a MATLAB 5 file. */
  static boolean begins(byte[] start) {
    return new String(start, StandardCharsets.ISO_8859_1).startsWith(SIGNATURE);
  }

  /**
   * Reads the images {@code X}.
   *
   * @throws InputException if the file is damaged or has no such images
   */
  static Samples read(Path file, ReadRequest request) {
    return FileErrors.naming(
        file,
        () -> {
          try (Memory memory = new Memory(Files.size(file))) {
            Matrix images = matrix(file, "X", memory);
            int[] axes = images.getDimensions();
            if (images.getType() != MatlabType.UInt8 || axes.length != 4 || axes[2] != 3) {
              throw new InputException(
                  "%s: X is %s of %s; images are uint8 of (height, width, 3, n)"
                      .formatted(file, images.getType(), text(axes)));
            }
            // Column by column, MATLAB's (h, w, c, n) lies as rows of (c, w, h).
            long[] shape = {axes[3], axes[2], axes[1], axes[0]};
            ArrayHeader header =
                new ArrayHeader(
                    file.toString(), Element.UINT8, ByteOrder.LITTLE_ENDIAN, false, shape);
            ArrayLayout layout = ArrayLayout.transposed(header);
            return new ArrayRows(header, layout, request).readStream(new MatrixStream(images));
          }
        });
  }

  /**
   * Reads the labels {@code y} as digits 0 to 9.
   *
   * @throws InputException if the file is damaged or has none
   */
  static int[] readLabels(Path file) {
    return FileErrors.naming(
        file,
        () -> {
          try (Memory memory = new Memory(Files.size(file))) {
            Matrix labels = matrix(file, "y", memory);
            return IntStream.range(0, labels.getNumElements())
                .map(i -> labels.getInt(i) % 10)
                .toArray();
          }
        });
  }

  private static Matrix matrix(Path file, String name, Memory memory) throws IOException {
    checkEntries(file);
    try (Source source = Sources.openStreamingFile(file.toFile())) {
      Mat5File mat =
          Mat5.newReader(source)
              .setBufferAllocator(memory)
              .setEntryFilter(entry -> entry.getName().equals(name))
              .disableSubsystemProcessing()
              .readMat();
      for (MatFile.Entry entry : mat.getEntries()) {
        Array value = entry.getValue();
        if (entry.getName().equals(name) && value instanceof Matrix matrix) {
          return matrix;
        }
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // The reader wraps what it met, several times over.
      throw damage(e);
    }
    throw new InputException(file + ": has no array " + name);
  }

  /** Holds the sizes that the entries claim against that of the file. */
  private static void checkEntries(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer header = read(channel, 0, HEADER_BYTES);
      if (!begins(header.array())) {
        throw new InputException(file + ": is not a MATLAB 5 file; save it with -v7");
      }
      boolean little = header.get(HEADER_BYTES - 2) == 'I';
      long at = HEADER_BYTES;
      while (at < channel.size()) {
        ByteBuffer tag = read(channel, at, TAG_BYTES);
        tag.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int type = tag.getInt(0);
        if (type != MATRIX && type != COMPRESSED) {
          throw new DamageException("an entry of type " + type);
        }
        at += TAG_BYTES + (tag.getInt(4) & 0xffffffffL);
      }
      if (at > channel.size()) {
        throw new EOFException();
      }
    }
  }

  private static ByteBuffer read(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
      // A channel may give less than asked for.
    }
    if (bytes.hasRemaining() && at > 0) {
      throw new EOFException();
    }
    return bytes;
  }

  private static IOException damage(Throwable thrown) {
    Throwable root = thrown;
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof EOFException) {
        return new EOFException();
      }
      if (e instanceof UncheckedIOException own) {
        return Objects.requireNonNull(own.getCause());
      }
      root = e;
    }
    // Rows of honest files need little memory here: they go through Memory.
    return root instanceof OutOfMemoryError
        ? new DamageException("it claims more than fits into memory")
        : new DamageException(root);
  }

  private static String text(int[] axes) {
    return IntStream.of(axes)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** Memory for the reader; a claim that the file cannot back gets none. */
  private static final class Memory implements BufferAllocator, AutoCloseable {
    private final long fileBytes;
    private @Nullable ScratchFile scratch;

    Memory(long fileBytes) {
      this.fileBytes = fileBytes;
    }

    @Override
    public ByteBuffer allocate(int bytes) {
      try {
        if (bytes < 0 || bytes > fileBytes * INFLATION) {
          throw new DamageException("an array claims " + bytes + " bytes");
        }
        if (bytes <= HEAP_BYTES) {
          return ByteBuffer.allocate(bytes);
        }
        if (scratch == null) {
          scratch = ScratchFile.create(bytes);
        }
        return scratch.map(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void release(ByteBuffer buffer) {}

    @Override
    public void close() throws IOException {
      if (scratch != null) {
        scratch.close();
      }
    }
  }

  /** The bytes of a matrix in its own order. */
  private static final class MatrixStream extends InputStream {
    private final Matrix matrix;
    private final int end;
    private int next;

    MatrixStream(Matrix matrix) {
      this.matrix = matrix;
      this.end = matrix.getNumElements();
    }

    @Override
    public int read() {
      return next < end ? matrix.getByte(next++) & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int from, int count) {
      if (next == end && count > 0) {
        return -1;
      }
      int take = Math.min(count, end - next);
      for (int i = 0; i < take; i++) {
        target[from + i] = matrix.getByte(next++);
      }
      return take;
    }
  }
}
