package org.mixel.data.format;

import java.io.BufferedInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;

/** A {@code .npy} file that tells which values of given rows are hidden. */
public final class NpyMask {
  private NpyMask() {}

  /**
   * Reads a mask.
   *
   * @param samples the rows that it is for
   * @return one row for all or one for each, of as many values as those have or, without channels,
   *     as many as their pixels; what is not zero is hidden
   * @throws InputException if it is damaged, or not of these rows
   */
  public static Samples read(Path file, Samples samples) {
    return FileErrors.naming(
        file,
        () -> {
          try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
            ArrayHeader header = NpyFormat.maskHeader(in, file.toString());
            ArrayHeader rows = asRows(header, samples);
            ReadRequest request =
                new ReadRequest(
                    file.toString(),
                    DataOptions.defaults().withLayout(DataOptions.Layout.NCHW),
                    Progress.SILENT);
            return new ArrayRows(rows, request).readStream(in);
          }
        });
  }

  /** The same array with an axis of rows in front. */
  private static ArrayHeader asRows(ArrayHeader header, Samples samples) {
    long[] axes = header.shape();
    long rows = samples.rows();
    long[] values = {samples.dims()};
    ImageShape image = samples.shape().orElse(null);
    long[] pixels = image == null ? values : new long[] {image.height(), image.width()};
    long[] all = image == null ? values : behind(image.channels(), pixels);
    if (Arrays.equals(axes, values) || Arrays.equals(axes, pixels)) {
      return new ArrayHeader(
          header.file(), header.element(), header.order(), header.columnMajor(), behind(1, axes));
    }
    if (Stream.of(values, pixels, all).anyMatch(row -> Arrays.equals(axes, behind(rows, row)))) {
      return header;
    }
    throw new InputException(
        "%s: the mask has the shape %s, but %s has %d rows of %s; give one for all rows, of shape %s,"
                .formatted(
                    header.file(),
                    header.shapeText(),
                    samples.name(),
                    rows,
                    image == null ? samples.dims() + " values" : image,
                    ArrayHeader.text(pixels))
            + " or one for each, "
            + ArrayHeader.text(behind(rows, pixels)));
  }

  private static long[] behind(long first, long[] axes) {
    return LongStream.concat(LongStream.of(first), Arrays.stream(axes)).toArray();
  }
}
