package org.mixel.study.power;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.mixel.data.ImageShape;
import org.mixel.study.power.DealtRows.RowChange;

/** Faults of single images, of pixels in [0, 1] in channel-major order. */
final class ImageChange {
  private ImageChange() {}

  /**
   * A Gaussian blur; pixels beyond an edge are those at it.
   *
   * @param sigma its standard deviation in pixels
   */
  static RowChange blur(ImageShape shape, double sigma) {
    int reach = (int) Math.ceil(4 * sigma);
    double[] weights = new double[2 * reach + 1];
    double sum = 0;
    for (int i = -reach; i <= reach; i++) {
      weights[i + reach] = Math.exp(-i * i / (2 * sigma * sigma));
      sum += weights[i + reach];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    int lines = shape.channels() * shape.height();
    return (values, row) -> {
      for (int line = 0; line < lines; line++) {
        smooth(values, line * shape.width(), 1, shape.width(), weights);
      }
      for (int c = 0; c < shape.channels(); c++) {
        for (int x = 0; x < shape.width(); x++) {
          int start = c * shape.height() * shape.width() + x;
          smooth(values, start, shape.width(), shape.height(), weights);
        }
      }
    };
  }

  private static void smooth(float[] values, int start, int step, int count, double[] weights) {
    float[] line = new float[count];
    for (int i = 0; i < count; i++) {
      line[i] = values[start + i * step];
    }
    int reach = weights.length / 2;
    for (int i = 0; i < count; i++) {
      double sum = 0;
      for (int j = -reach; j <= reach; j++) {
        sum += weights[j + reach] * line[Math.min(count - 1, Math.max(0, i + j))];
      }
      values[start + i * step] = (float) sum;
    }
  }

  /** Normal noise on every pixel. */
  static RowChange noise(double deviation, SplittableRandom random) {
    return (values, row) -> {
      for (int j = 0; j < values.length; j++) {
        values[j] += (float) (deviation * random.nextGaussian());
      }
    };
  }

  /** Moves images to the right; the left edge is repeated. */
  static RowChange shift(ImageShape shape, int pixels) {
    int width = shape.width();
    return (values, row) -> {
      for (int start = 0; start < values.length; start += width) {
        float edge = values[start];
        System.arraycopy(values, start, values, start + pixels, width - pixels);
        Arrays.fill(values, start, start + pixels, edge);
      }
    };
  }

  /**
   * Writes images as JPEG and reads them again.
   *
   * @param quality from 1 to 100
   */
  static RowChange jpeg(ImageShape shape, int quality) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam settings = writer.getDefaultWriteParam();
    settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    settings.setCompressionQuality(quality / 100f);
    boolean grey = shape.channels() == 1;
    BufferedImage image =
        new BufferedImage(
            shape.width(),
            shape.height(),
            grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    int plane = shape.height() * shape.width();
    return (values, row) -> {
      WritableRaster raster = image.getRaster();
      int[] pixels = new int[plane];
      for (int c = 0; c < shape.channels(); c++) {
        for (int i = 0; i < plane; i++) {
          pixels[i] = Math.round(255 * values[c * plane + i]);
        }
        raster.setSamples(0, 0, shape.width(), shape.height(), c, pixels);
      }
      WritableRaster read = read(written(image, writer, settings)).getRaster();
      for (int c = 0; c < shape.channels(); c++) {
        read.getSamples(0, 0, shape.width(), shape.height(), c, pixels);
        for (int i = 0; i < plane; i++) {
          values[c * plane + i] = pixels[i] / 255f;
        }
      }
    };
  }

  private static byte[] written(BufferedImage image, ImageWriter writer, ImageWriteParam settings) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static BufferedImage read(byte[] bytes) {
    try {
      return ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
