package org.mixel.data.format;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Coding;

/**
 * Decodes image files. The first bytes of a file decide its format, not its name.
 *
 * <p>An image is grey when red, green and blue are equal in all its pixels. Palettes are resolved,
 * 16-bit values reduced to 8, transparent pixels laid over black; colour profiles and the turn that
 * a camera notes are not applied, and of an animation the first picture is taken; a TIFF of several
 * pages is refused. Safe for use by several threads.
 */
final class ImageDecoder {
  /** Larger images are refused before they are decoded. */
  static final int MAX_PIXELS = 1 << 26;

  /** Pixels of one bit, which deflate makes of one byte at most. */
  private static final long MOST_PER_BYTE = 8 * 1032;

  private static final String RARE = ": is an image of a rare kind; save it as PNG";

  /** Where a BMP says how it is packed, and the kinds that hold another image. */
  private static final int BMP_COMPRESSION = 30;

  private static final int BMP_JPEG = 4;
  private static final int BMP_PNG = 5;

  /** Messages of the JDK's TIFF reader about undamaged files. */
  private static final Pattern UNKNOWN =
      Pattern.compile("Unsupported compression|not supported for");

  /** Holds the images that several threads decode at once to the size of one large one. */
  private static final Semaphore PIXELS = new Semaphore(MAX_PIXELS);

  private ImageDecoder() {}

  /**
   * Decoded pixels.
   *
   * @param channels 1 or 3
   * @param values {@code channels * height * width} bytes in CHW order
   * @param coding of the file they come from
   */
  record Pixels(int channels, int height, int width, byte[] values, Coding coding) {}

  /**
   * Decodes an image.
   *
   * @param content the file's bytes
   * @param name the file, as errors call it
   * @throws InputException if it is not an image, too large, cut off or damaged
   */
  static Pixels decode(byte[] content, String name) {
    return decode(content, name, (width, height) -> {});
  }

  /** Refuses sizes, before memory is taken for them. */
  interface SizeCheck {
    /**
     * @throws InputException if an image of this size is of no use
     */
    void require(int width, int height);
  }

  /** Decodes an image whose size passes a check. */
  static Pixels decode(byte[] content, String name, SizeCheck check) {
    ImageFormat format =
        ImageFormat.of(content)
            .orElseThrow(
                () ->
                    new InputException(
                        "%s: is not a %s image; remove it or save it anew"
                            .formatted(name, ImageFormat.labels())));
    ImageReader reader = reader(format);
    Warnings warnings = new Warnings();
    try (ImageInputStream in = new EndingStream(content)) {
      reader.addIIOReadWarningListener(warnings);
      boolean tiff = format == ImageFormat.TIFF;
      reader.setInput(in, !tiff, !tiff);
      int width = reader.getWidth(0);
      int height = reader.getHeight(0);
      if (width < 1 || height < 1) {
        throw new IIOException("%dx%d pixels".formatted(width, height));
      }
      check.require(width, height);
      if ((long) width * height > MAX_PIXELS) {
        throw new InputException(
            "%s: claims %dx%d pixels; at most %d million are decoded"
                .formatted(name, width, height, MAX_PIXELS >> 20));
      }
      if (format == ImageFormat.PNG && (long) width * height > MOST_PER_BYTE * content.length) {
        throw new InputException(
            "%s: claims %dx%d pixels, more than its %d bytes can hold; get it again"
                .formatted(name, width, height, content.length));
      }
      if (format == ImageFormat.BMP && embeds(content)) {
        throw new InputException(name + RARE);
      }
      Coding coding =
          tiff ? TiffTags.read(reader, name, content.length).coding() : coding(format, content);
      Pixels pixels = decode(reader, width * height, coding, name);
      if (warnings.cutOff) {
        throw new InputException(name + ": ends early; it is cut off, so get it again");
      }
      return pixels;
    } catch (IOException | RuntimeException e) {
      if (e instanceof InputException plain) {
        throw plain;
      }
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof OutOfMemoryError noMemory) {
          throw noMemory;
        }
      }
      if (e instanceof IIOException && UNKNOWN.matcher(String.valueOf(e.getMessage())).find()) {
        throw new InputException(name + RARE, e);
      }
      // Readers answer damaged files with exceptions of every kind.
      throw new InputException(name + ": is a damaged image; remove it or get it again", e);
    } finally {
      reader.dispose();
    }
  }

  /**
   * Whether a BMP holds a JPEG or a PNG, as printers take them: its reader would take as much
   * memory for it as the header claims.
   */
  private static boolean embeds(byte[] content) {
    int compression =
        content.length < BMP_COMPRESSION + Integer.BYTES
            ? 0
            : ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(BMP_COMPRESSION);
    return compression == BMP_JPEG || compression == BMP_PNG;
  }

  private static Pixels decode(ImageReader reader, int pixels, Coding coding, String name)
      throws IOException {
    PIXELS.acquireUninterruptibly(pixels);
    try {
      BufferedImage image = reader.read(0);
      byte @Nullable [] values = PixelPlanes.of(image);
      if (values == null) {
        throw new InputException(
            name + ": is neither grey nor red, green and blue (CMYK?); save it as RGB");
      }
      int plane = image.getWidth() * image.getHeight();
      boolean grey =
          values.length == plane
              || (Arrays.equals(values, 0, plane, values, plane, 2 * plane)
                  && Arrays.equals(values, 0, plane, values, 2 * plane, 3 * plane));
      return new Pixels(
          grey ? 1 : 3,
          image.getHeight(),
          image.getWidth(),
          grey ? Arrays.copyOf(values, plane) : values,
          coding);
    } finally {
      PIXELS.release(pixels);
    }
  }

  private static ImageReader reader(ImageFormat format) {
    return format == ImageFormat.WEBP
        ? new WebPImageReaderSpi().createReaderInstance(null)
        : ImageIO.getImageReadersByFormatName(format.name()).next();
  }

  private static Coding coding(ImageFormat format, byte[] content) {
    boolean lossy =
        format == ImageFormat.JPEG
            || (format == ImageFormat.WEBP && content.length > 15 && content[15] != 'L');
    return lossy ? Coding.LOSSY : Coding.LOSSLESS;
  }

  /** The JDK's JPEG reader fills what is missing with grey, and only warns. */
  private static final class Warnings implements IIOReadWarningListener {
    private boolean cutOff;

    @Override
    public void warningOccurred(ImageReader source, String warning) {
      cutOff |= warning.contains("Premature") || warning.contains("Truncated");
    }
  }

  /**
   * Content that cannot be read on at its end for ever: the reader of WebP would, for as many codes
   * as a header of a few bytes claims.
   */
  private static final class EndingStream extends MemoryCacheImageInputStream {
    private static final int MOST_READS_AT_END = 1024;

    private int readsAtEnd;

    EndingStream(byte[] content) {
      super(new ByteArrayInputStream(content));
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      if (value < 0 && ++readsAtEnd > MOST_READS_AT_END) {
        throw new IIOException("more is read than is there");
      }
      return value;
    }
  }
}
