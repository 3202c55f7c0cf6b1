package org.mixel.data.format;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sinks;

/** Small sound files of every format, from which fuzzing starts. */
final class SeedFiles {
  private SeedFiles() {}

  static byte[] npy(int version, String type, boolean columns, String shape, int bytes) {
    String text =
        "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n"
            .formatted(type, columns ? "True" : "False", shape);
    ByteBuffer file =
        ByteBuffer.allocate(8 + (version == 1 ? 2 : 4) + text.length() + bytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.put(NpyFormat.MAGIC).put((byte) version).put((byte) 0);
    if (version == 1) {
      file.putShort((short) text.length());
    } else {
      file.putInt(text.length());
    }
    file.put(text.getBytes(StandardCharsets.ISO_8859_1));
    while (file.hasRemaining()) {
      file.put((byte) (file.remaining() % 3));
    }
    return file.array();
  }

  static Stream<byte[]> npy() {
    return Stream.of(
        npy(1, "|u1", false, "(2, 3)", 6),
        npy(1, "|u1", true, "(2, 2, 2)", 8),
        npy(1, "|u1", false, "(2, 2, 2, 3)", 24),
        npy(2, "<f4", false, "(2, 2)", 16),
        npy(3, ">f8", true, "(2, 2)", 32),
        npy(1, "<f2", true, "(1, 3, 2, 2)", 24),
        npy(1, "|b1", false, "(2, 2)", 4),
        npy(1, "<i8", false, "(2,)", 16),
        npy(1, ">u2", false, "(2, 1)", 4),
        npy(1, "|i1", false, "(2,)", 2),
        npy(1, "<u4", false, "(2,)", 8),
        npy(1, "<c8", false, "(2, 2)", 32),
        npy(1, "|O", false, "(2, 2)", 4));
  }

  static Stream<byte[]> npz() {
    return Stream.concat(
        npy().limit(5).map(array -> Packed.zip("samples.npy", array)),
        Stream.of(Packed.zip(members(Map.of("a.npy", array(), "b.npy", array())))));
  }

  private static byte[] array() {
    return npy(1, "|u1", false, "(2, 3)", 6);
  }

  static Stream<byte[]> idx() {
    return Stream.of(
        idx(8, 6, 2, 3), idx(8, 8, 2, 2, 2), idx(13, 16, 2, 2), idx(14, 16, 2, 1), idx(8, 2, 2));
  }

  private static byte[] idx(int type, int bytes, int... axes) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * axes.length + bytes);
    file.put(new byte[] {0, 0, (byte) type, (byte) axes.length});
    for (int length : axes) {
      file.putInt(length);
    }
    return file.array();
  }

  static Stream<byte[]> labels() {
    return Stream.concat(Stream.concat(npy(), idx()), idx().map(Packed::gzip));
  }

  static Stream<byte[]> mat() {
    try {
      Matrix images = Mat5.newMatrix(new int[] {2, 2, 3, 2}, MatlabType.UInt8);
      Matrix labels = Mat5.newMatrix(new int[] {2, 1}, MatlabType.UInt8);
      Path file = Files.createTempFile("seed", ".mat");
      try (var sink = Sinks.newStreamingFile(file.toFile())) {
        Mat5.newMatFile().addArray("X", images).addArray("y", labels).writeTo(sink);
      }
      byte[] content = Files.readAllBytes(file);
      Files.delete(file);
      return Stream.of(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<byte[]> records() {
    return Stream.of(new byte[3073], new byte[2 * 3073]);
  }

  /** Members in the form that {@link Packed#zip(byte[])} takes. */
  static byte[] members(Map<String, byte[]> files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    files.forEach(
        (name, content) -> {
          out.write(name.length());
          out.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
          out.write(content.length >> 8);
          out.write(content.length);
          out.writeBytes(content);
        });
    return out.toByteArray();
  }

  private static Stream<Map<String, byte[]>> archives() {
    byte[] grey = encoded("png", null, picture(BufferedImage.TYPE_BYTE_GRAY));
    byte[] colour = encoded("gif", null, picture(BufferedImage.TYPE_INT_RGB));
    Map<String, byte[]> mixed = new LinkedHashMap<>();
    mixed.put("b/1.gif", colour);
    mixed.put("a.png", grey);
    mixed.put("notes.txt", new byte[] {'x'});
    mixed.put("__MACOSX/a.png", new byte[3]);
    return Stream.of(Map.of("a.png", grey), mixed, Map.of("../../a.png", grey));
  }

  static Stream<byte[]> zipMembers() {
    return archives().map(SeedFiles::members);
  }

  static Stream<byte[]> zips() {
    return zipMembers().map(Packed::zip);
  }

  static Stream<byte[]> tars() {
    return Stream.concat(
            archives(),
            Stream.of(
                Map.of("n".repeat(120) + ".png", array()),
                Map.of("cifar/data_batch_1.bin", new byte[3073])))
        .map(
            files -> {
              try {
                return ImageFilesTest.tar(files);
              } catch (IOException | IllegalArgumentException e) {
                return new byte[1024];
              }
            });
  }

  /** PNG files whose {@code IDAT} is plain, as {@link Packed#png} takes them. */
  static Stream<byte[]> plainPngs() {
    return Stream.of(
        plainPng(1, 8, 0, 0, null, 3),
        plainPng(2, 8, 2, 0, null, 7),
        plainPng(2, 16, 6, 0, null, 17),
        plainPng(3, 4, 3, 1, new byte[] {1, 2, 3, 4, 5, 6}, 4),
        plainPng(2, 8, 4, 0, null, 5));
  }

  private static byte[] plainPng(
      int width, int bits, int colour, int interlaced, byte @Nullable [] palette, int lineBytes) {
    int height = 2;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'});
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {(byte) bits, (byte) colour, 0, 0, (byte) interlaced})
            .array();
    chunk(out, "IHDR", header);
    if (palette != null) {
      chunk(out, "PLTE", palette);
      chunk(out, "tRNS", new byte[] {100});
    }
    chunk(out, "IDAT", new byte[height * lineBytes]);
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] content) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    out.writeBytes(type.getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(content);
    out.writeBytes(new byte[4]);
  }

  static Stream<byte[]> pngs() {
    return plainPngs().map(Packed::png);
  }

  static Stream<byte[]> jpegs() {
    return Stream.of(
        encoded("jpeg", null, picture(BufferedImage.TYPE_BYTE_GRAY)),
        encoded("jpeg", null, picture(BufferedImage.TYPE_INT_RGB)));
  }

  static Stream<byte[]> bmps() {
    return Stream.of(
        encoded("bmp", "BI_RGB", picture(BufferedImage.TYPE_INT_RGB)),
        encoded("bmp", "BI_RLE8", picture(BufferedImage.TYPE_BYTE_GRAY)),
        encoded("bmp", "BI_RLE4", sixteenColours()),
        encoded("bmp", "BI_BITFIELDS", picture(BufferedImage.TYPE_USHORT_565_RGB)));
  }

  static Stream<byte[]> gifs() {
    return Stream.of(
        encoded("gif", null, picture(BufferedImage.TYPE_INT_RGB)),
        encoded("gif", null, sixteenColours()));
  }

  static Stream<byte[]> tiffs() {
    List<byte[]> files = new ArrayList<>();
    for (String compression : new String[] {"LZW", "PackBits", "ZLib", "Deflate", "JPEG"}) {
      files.add(encoded("tiff", compression, picture(BufferedImage.TYPE_INT_RGB)));
    }
    files.add(encoded("tiff", null, picture(BufferedImage.TYPE_USHORT_GRAY)));
    files.add(encoded("tiff", "CCITT T.6", picture(BufferedImage.TYPE_BYTE_BINARY)));
    files.add(encoded("tiff", "CCITT RLE", picture(BufferedImage.TYPE_BYTE_BINARY)));
    return files.stream();
  }

  /** A lossless picture of two pixels, and a lossy one of any bits, which all mean something. */
  static Stream<byte[]> webps() {
    byte[] bits = new byte[60];
    new Random(1).nextBytes(bits);
    ByteBuffer lossy = ByteBuffer.allocate(90).order(ByteOrder.LITTLE_ENDIAN);
    lossy.put("RIFF".getBytes(StandardCharsets.ISO_8859_1)).putInt(82);
    lossy.put("WEBPVP8 ".getBytes(StandardCharsets.ISO_8859_1)).putInt(70);
    lossy.put(new byte[] {(byte) 0x10, 2, 0, (byte) 0x9d, 1, 0x2a, 16, 0, 16, 0}).put(bits);
    return Stream.of(
        Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4TBYAAAAvAQAAAA9wCqgr+J7CY/6DBxWI6H8A"),
        lossy.array());
  }

  private static BufferedImage picture(int type) {
    return filled(new BufferedImage(8, 4, type));
  }

  private static BufferedImage sixteenColours() {
    byte[] ramp = new byte[16];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) (i * 16);
    }
    IndexColorModel palette = new IndexColorModel(4, 16, ramp, ramp, new byte[16]);
    return filled(new BufferedImage(8, 4, BufferedImage.TYPE_BYTE_BINARY, palette));
  }

  private static BufferedImage filled(BufferedImage image) {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, 0xff000000 | (x * 30 << 16) | (y * 60 << 8) | (x * y));
      }
    }
    return image;
  }

  private static byte[] encoded(String format, @Nullable String compression, BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    try (MemoryCacheImageOutputStream target = new MemoryCacheImageOutputStream(out)) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      if (compression != null) {
        settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        settings.setCompressionType(compression);
      }
      writer.setOutput(target);
      writer.write(null, new IIOImage(image, null, null), settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }
}
