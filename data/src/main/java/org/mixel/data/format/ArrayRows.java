package org.mixel.data.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.RowStore;
import org.mixel.data.Samples;
import org.mixel.data.ScratchFile;
import org.mixel.data.StoredSamples;

/** Reads the numbers of an array row by row, or maps them when they lie in the order of rows. */
final class ArrayRows {
  /** Files at least this large are mapped, not read, when their layout allows. */
  private static final long MAPPED_BYTES = 256L << 20;

  private static final int ROWS_PER_REPORT = 1024;

  private final ArrayHeader header;
  private final ReadRequest request;
  private final ArrayLayout layout;
  private final @Nullable CropResize cropResize;

  /** Where stored rows come from, one after the other. */
  private interface Source {
    void next(byte[] row) throws IOException;
  }

  ArrayRows(ArrayHeader header, ReadRequest request) {
    this(header, ArrayLayout.of(header, request.options().layout()), request);
  }

  ArrayRows(ArrayHeader header, ArrayLayout layout, ReadRequest request) {
    this.header = header;
    this.request = request;
    this.layout = layout;
    ImageShape shape = layout.shape();
    this.cropResize =
        shape == null
            ? null
            : CropResize.ofSet(
                shape.channels(), shape.height(), shape.width(), request, header.file());
    if (shape == null) {
      CropResize.leaveAlone(header.file(), layout.dims(), request);
    }
  }

  /**
   * Rows from a stream that stands behind the header and ends with the last row.
   *
   * @throws IOException if the stream is damaged, too short or too long
   */
  Samples readStream(InputStream in) throws IOException {
    Samples samples;
    if (storedByColumns()) {
      try (ScratchFile copy = ScratchFile.create(header.dataBytes())) {
        copy.fill(in, header.dataBytes());
        samples = collect(columns(copy.channel(), 0));
      }
    } else {
      samples =
          collect(
              row -> {
                if (in.readNBytes(row, 0, row.length) < row.length) {
                  throw new EOFException();
                }
              });
    }
    if (in.read() != -1) {
      throw new FileErrors.DamageException(
          "more follows than the shape " + header.shapeText() + " needs");
    }
    return samples;
  }

  /**
   * Rows of a plain file whose size was checked; large ones are mapped when their layout allows.
   *
   * @param offset where the numbers start
   */
  Samples readFile(Path file, long offset) throws IOException {
    return readFile(file, offset, MAPPED_BYTES);
  }

  Samples readFile(Path file, long offset, long mappedBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (storedByColumns()) {
        return collect(columns(channel, offset));
      }
      if (header.dataBytes() >= mappedBytes && liesAsRows()) {
        return map(channel, offset);
      }
      try (InputStream in = Channels.newInputStream(channel.position(offset))) {
        return readStream(new BufferedInputStream(in, 1 << 20));
      }
    }
  }

  private boolean storedByColumns() {
    return header.columnMajor() && layout.rows() > 1;
  }

  private boolean liesAsRows() {
    boolean stored =
        switch (header.element()) {
          case UINT8 -> true;
          case FLOAT32 -> header.order() == ByteOrder.LITTLE_ENDIAN;
          case FLOAT64 ->
              type() == ElementType.FLOAT64 && header.order() == ByteOrder.LITTLE_ENDIAN;
          default -> false;
        };
    return stored && layout.order() == null && (cropResize == null || cropResize.isIdentity());
  }

  /** Vectors of float64 stay so, for their columns may lie far from zero; pixels do not. */
  private ElementType type() {
    return switch (header.element()) {
      case UINT8 -> ElementType.UINT8;
      case FLOAT64 -> cropResize == null ? ElementType.FLOAT64 : ElementType.FLOAT32;
      default -> ElementType.FLOAT32;
    };
  }

  private Samples map(FileChannel channel, long offset) throws IOException {
    int rowBytes = layout.dims() * type().bytes();
    int rowsPerChunk = Math.max(1, (1 << 30) / rowBytes);
    ByteBuffer[] chunks = new ByteBuffer[(layout.rows() - 1) / rowsPerChunk + 1];
    for (int i = 0; i < chunks.length; i++) {
      long first = (long) i * rowsPerChunk;
      long bytes = Math.min(rowsPerChunk, layout.rows() - first) * rowBytes;
      chunks[i] = channel.map(MapMode.READ_ONLY, offset + first * rowBytes, bytes);
    }
    return new StoredSamples(
        request.name(), type(), layout.rows(), layout.dims(), layout.shape(), chunks, rowsPerChunk);
  }

  private Samples collect(Source source) throws IOException {
    ImageShape shape = cropResize == null ? null : cropResize.shape();
    int dims = shape == null ? layout.dims() : shape.dims();
    byte[] stored = new byte[layout.dims() * header.element().bytes()];
    try (RowStore store = new RowStore(type(), dims, layout.rows());
        Progress.Stage stage =
            request.progress().begin("reading " + request.name(), layout.rows())) {
      for (int row = 0; row < layout.rows(); row++) {
        source.next(stored);
        if (type() == ElementType.UINT8) {
          byte[] bytes = ordered(stored);
          store.append(cropResize == null ? bytes : cropResize.apply(bytes));
        } else if (type() == ElementType.FLOAT64) {
          store.append(doubles(stored));
        } else {
          float[] values = ordered(floats(stored));
          store.append(cropResize == null ? values : cropResize.apply(values));
        }
        if ((row + 1) % ROWS_PER_REPORT == 0) {
          stage.advance(ROWS_PER_REPORT);
        }
      }
      return store.finish(request.name(), shape);
    }
  }

  private byte[] ordered(byte[] stored) {
    int[] order = layout.order();
    if (order == null) {
      return stored;
    }
    byte[] row = new byte[stored.length];
    for (int j = 0; j < row.length; j++) {
      row[j] = stored[order[j]];
    }
    return row;
  }

  private float[] ordered(float[] stored) {
    int[] order = layout.order();
    if (order == null) {
      return stored;
    }
    float[] row = new float[stored.length];
    for (int j = 0; j < row.length; j++) {
      row[j] = stored[order[j]];
    }
    return row;
  }

  /** Rows of numbers have no other order than their own. */
  private double[] doubles(byte[] stored) {
    double[] values = new double[layout.dims()];
    ByteBuffer.wrap(stored).order(header.order()).asDoubleBuffer().get(values);
    return values;
  }

  private float[] floats(byte[] stored) {
    ByteBuffer raw = ByteBuffer.wrap(stored).order(header.order());
    float[] values = new float[layout.dims()];
    switch (header.element()) {
      case FLOAT32 -> raw.asFloatBuffer().get(values);
      case FLOAT64 -> {
        for (int j = 0; j < values.length; j++) {
          values[j] = (float) raw.getDouble(j * Double.BYTES);
        }
      }
      case FLOAT16 -> {
        for (int j = 0; j < values.length; j++) {
          values[j] = HalfFloat.toFloat(raw.getShort(j * Short.BYTES));
        }
      }
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 ->
          throw new IllegalStateException("bytes are kept as they are, and rows hold no integers");
    }
    return values;
  }

  /** Rows gathered from a file that stores value {@code j} of all rows one after the other. */
  private Source columns(FileChannel channel, long offset) {
    int width = header.element().bytes();
    int dims = layout.dims();
    int block = Math.max(1, Math.min(layout.rows(), (16 << 20) / (dims * width)));
    byte[] rows = new byte[block * dims * width];
    ByteBuffer column = ByteBuffer.allocate(block * width);
    return new Source() {
      private int next;

      @Override
      public void next(byte[] row) throws IOException {
        if (next % block == 0) {
          fill(Math.min(block, layout.rows() - next));
        }
        System.arraycopy(rows, next % block * row.length, row, 0, row.length);
        next++;
      }

      private void fill(int count) throws IOException {
        for (int j = 0; j < dims; j++) {
          column.clear().limit(count * width);
          long at = offset + ((long) j * layout.rows() + next) * width;
          while (column.hasRemaining()) {
            if (channel.read(column, at + column.position()) < 0) {
              throw new EOFException();
            }
          }
          for (int i = 0; i < count; i++) {
            System.arraycopy(column.array(), i * width, rows, (i * dims + j) * width, width);
          }
        }
      }
    };
  }
}
