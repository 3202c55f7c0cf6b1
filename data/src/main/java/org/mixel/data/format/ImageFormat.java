package org.mixel.data.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The image formats that are read, in the order of messages. */
enum ImageFormat {
  PNG("PNG", "\u0089PNG", ".png"),
  JPEG("JPEG", "\u00ff\u00d8\u00ff", ".jpg", ".jpeg"),
  BMP("BMP", "BM", ".bmp"),
  GIF("GIF", "GIF8", ".gif"),
  WEBP("WebP", "RIFF.{4}WEBP", ".webp"),
  TIFF("TIFF", "II\\*\0|MM\0\\*", ".tif", ".tiff");

  private static final int START_BYTES = 12;

  private final String label;
  private final Pattern start;
  private final List<String> endings;

  ImageFormat(String label, String start, String... endings) {
    this.label = label;
    this.start = Pattern.compile(start, Pattern.DOTALL);
    this.endings = List.of(endings);
  }

  /** The format of a file's bytes. */
  static Optional<ImageFormat> of(byte[] content) {
    int bytes = Math.min(START_BYTES, content.length);
    String first = new String(content, 0, bytes, StandardCharsets.ISO_8859_1);
    return Arrays.stream(values())
        .filter(format -> format.start.matcher(first).lookingAt())
        .findFirst();
  }

  /** Whether a file name ends like that of an image. */
  static boolean isName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return endings().stream().anyMatch(lower::endsWith);
  }

  /** The endings of all formats. */
  static List<String> endings() {
    return Arrays.stream(values()).flatMap(format -> format.endings.stream()).toList();
  }

  /** {@code PNG, JPEG, ... or TIFF}. */
  static String labels() {
    String all =
        Arrays.stream(values()).map(format -> format.label).collect(Collectors.joining(", "));
    int last = all.lastIndexOf(", ");
    return all.substring(0, last) + " or " + all.substring(last + 2);
  }
}
