package org.mixel.explorer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of the page, read from the class path once. {@code files.txt} lists them; an address is
 * looked up in this list and never leads to a file.
 */
final class Page {
  private static final String LIST = "files.txt";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, Reply> files = new HashMap<>();

  Page() {
    for (String name : new String(read(LIST), StandardCharsets.UTF_8).lines().toList()) {
      String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
      if (type == null) {
        throw new IllegalStateException(name + " has no type");
      }
      files.put(name, Reply.of(type, read(name)));
    }
  }

  private static byte[] read(String name) {
    try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the page lacks " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page itself. */
  Reply index() {
    return file("index.html");
  }

  /** A file of the page, such as {@code explore.css}. */
  Reply file(String name) {
    @Nullable Reply file = files.get(name);
    if (file == null) {
      throw Refusal.notFound();
    }
    return file;
  }
}
