package org.mixel.data.named;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;

/**
 * Gets a file from a web server into a {@code .part} file, continuing an earlier try.
 *
 * @param connect how long to wait for a connection
 * @param pause how long to wait for an answer, and for more of its body
 */
record Download(Duration connect, Duration pause) {
  private static final int REDIRECTS = 5;

  /** A download that gives up soon on a server that does not connect. */
  static final Download STANDARD = new Download(Duration.ofSeconds(10), Duration.ofSeconds(30));

  /** A server that need not be asked for another file. */
  static final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Fetches the bytes that the part file lacks.
   *
   * @param part where the bytes go; it stays when the connection breaks
   * @param limit more bytes than this are refused
   * @throws IOException if some are missing; its message is a few words
   */
  void fetch(URI uri, Path part, long limit, Progress.Stage stage) throws IOException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    HttpURLConnection connection = open(uri, have, REDIRECTS);
    try {
      switch (connection.getResponseCode()) {
        case 200 -> copy(connection, part, StandardOpenOption.TRUNCATE_EXISTING, limit, stage);
        case 206 -> {
          String range = connection.getHeaderField("Content-Range");
          if (range == null || !range.startsWith("bytes " + have + "-")) {
            throw new IOException("sent another range than asked for");
          }
          stage.advance(have);
          copy(connection, part, StandardOpenOption.APPEND, limit - have, stage);
        }
        // The part is complete; its checksum decides.
        case 416 -> stage.advance(have);
        default -> throw new IOException("HTTP status " + connection.getResponseCode());
      }
    } finally {
      connection.disconnect();
    }
  }

  private HttpURLConnection open(URI uri, long from, int redirects) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout((int) connect.toMillis());
    connection.setReadTimeout((int) pause.toMillis());
    // By hand, since the JDK does not follow from http to https.
    connection.setInstanceFollowRedirects(false);
    if (from > 0) {
      connection.setRequestProperty("Range", "bytes=" + from + "-");
    }
    try {
      connection.connect();
    } catch (SocketTimeoutException | UnknownHostException | SocketException e) {
      throw unreachable(e);
    }
    int status;
    try {
      status = connection.getResponseCode();
    } catch (SocketTimeoutException e) {
      throw new UnreachableException("does not answer", e);
    }
    String location = connection.getHeaderField("Location");
    if (status / 100 != 3 || location == null || redirects == 0) {
      return connection;
    }
    connection.disconnect();
    URI next;
    try {
      next = uri.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new IOException("redirects to " + location, e);
    }
    if (!"https".equals(next.getScheme()) && !next.getScheme().equals(uri.getScheme())) {
      throw new IOException("redirects to " + next);
    }
    return open(next, from, redirects - 1);
  }

  /** The failure of a connection, in a few words. */
  static UnreachableException unreachable(IOException e) {
    String text = e.getMessage();
    if (e instanceof UnknownHostException) {
      return new UnreachableException("unknown host", e);
    }
    if (e instanceof SocketTimeoutException || text == null) {
      return new UnreachableException("does not connect", e);
    }
    // Some systems say it twice: "Connection refused: connect".
    return new UnreachableException(
        text.toLowerCase(Locale.ROOT).replaceFirst("\\s*[:(].*", ""), e);
  }

  private static void copy(
      HttpURLConnection connection,
      Path part,
      StandardOpenOption mode,
      long limit,
      Progress.Stage stage)
      throws IOException {
    long copied = 0;
    try (InputStream body = connection.getInputStream();
        OutputStream out =
            Files.newOutputStream(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode)) {
      byte[] block = new byte[1 << 16];
      int n;
      while (copied <= limit && (n = body.read(block)) >= 0) {
        copied += n;
        out.write(block, 0, n);
        stage.advance(n);
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("stalled", e);
    }
    if (copied > limit) {
      // A later try would go on behind its end.
      Files.delete(part);
      throw new IOException("sends more than the file has");
    }
    // The JDK takes a broken connection for the end.
    if (copied < connection.getContentLengthLong()) {
      throw new IOException("breaks off");
    }
  }
}
