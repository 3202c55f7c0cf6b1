package org.mixel.data.format;

import static org.mixel.InputException.require;

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
import org.mixel.data.Mask;
import org.mixel.data.Samples;

/** Masks of rows in {@code .npy} files and in pictures. */
public final class MaskFiles {
  private MaskFiles() {}

  /**
   * Reads a file of booleans, bytes or floats; values that are not zero are hidden. For {@code n}
   * rows of {@code d} values it has the shape {@code (d)} or, for images, {@code (h, w)}, for all
   * rows; or {@code (n, d)}, {@code (n, h, w)} or {@code (n, c, h, w)}, for each its own. A mask
   * without channels hides a pixel in all of them.
   *
   * @param samples the rows to be masked
   * @throws InputException if the file cannot be read, or has another shape
   */
  public static Mask read(Path file, Samples samples) {
    return FileErrors.naming(
        file,
        () -> {
          try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
            ArrayHeader header = NpyFormat.header(in, file.toString(), NpyFormat.Use.MASK).header();
            ArrayHeader rows = asRows(header, samples);
            ReadRequest request =
                new ReadRequest(
                    file.toString(),
                    DataOptions.defaults().withLayout(DataOptions.Layout.NCHW),
                    Progress.SILENT);
            return Mask.ofNonZero(new ArrayRows(rows, request).readStream(in), samples.dims());
          }
        });
  }

  /**
   * Reads a picture whose bright pixels, over one half, are hidden.
   *
   * @param shape of the images to be masked
   * @return one for each pixel, line by line
   * @throws InputException if the picture cannot be read, or has another size
   */
  public static boolean[] readPicture(Path file, ImageShape shape) {
    ImageDecoder.Pixels picture =
        FileErrors.naming(
            file,
            () ->
                ImageDecoder.decode(
                    ImageFiles.content(file),
                    file.toString(),
                    (width, height) ->
                        require(
                            width == shape.width() && height == shape.height(),
                            "%s: %dx%d, but the images are %dx%d; draw the mask at their size"
                                .formatted(file, width, height, shape.width(), shape.height()))));
    boolean[] hidden = new boolean[shape.height() * shape.width()];
    for (int p = 0; p < hidden.length; p++) {
      int sum = 0;
      for (int c = 0; c < picture.channels(); c++) {
        sum += picture.values()[c * hidden.length + p] & 0xff;
      }
      hidden[p] = sum > picture.channels() * 127;
    }
    return hidden;
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
