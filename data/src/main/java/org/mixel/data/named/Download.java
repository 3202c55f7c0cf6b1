package org.mixel.data.named;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.mixel.Progress;

/**
 * Gets a file from a web server into a {@code .part} file, going on where an earlier try stopped.
 *
 * @param client how to connect
 * @param answer how long to wait for the head of an answer
 * @param pause how long to wait for more of its body
 */
record Download(HttpClient client, Duration answer, Duration pause) {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A download that gives up on a server that does not connect within a few seconds. */
  static Download standard() {
    return Standard.DOWNLOAD;
  }

  /** One client for all, made when first needed: it has threads of its own. */
  private static final class Standard {
    private static final Download DOWNLOAD =
        new Download(
            HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build(),
            PATIENCE,
            PATIENCE);
  }

  /**
   * Fetches the bytes that the part file does not hold yet.
   *
   * @param part where the bytes go; it stays when the connection breaks
   * @param limit more bytes than this are refused
   * @throws IOException if they do not all come; its message is a few words
   */
  void fetch(URI uri, Path part, long limit, Progress.Stage stage) throws IOException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(answer);
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
    }
    HttpResponse<InputStream> response = send(request.build());
    try (InputStream body = response.body()) {
      switch (response.statusCode()) {
        case 200 -> copy(body, part, false, limit, stage);
        case 206 -> {
          String range = response.headers().firstValue("Content-Range").orElse("");
          if (!range.startsWith("bytes " + have + "-")) {
            throw new IOException("sent another range than asked for");
          }
          stage.advance(have);
          copy(body, part, true, limit - have, stage);
        }
        // Nothing follows what is there already; its checksum decides.
        case 416 -> stage.advance(have);
        default -> throw new IOException("HTTP status " + response.statusCode());
      }
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (HttpConnectTimeoutException e) {
      throw new UnreachableException("does not connect", e);
    } catch (HttpTimeoutException e) {
      throw new UnreachableException("does not answer", e);
    } catch (ConnectException e) {
      throw new UnreachableException(isUnknownHost(e) ? "unknown host" : "connection refused", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static boolean isUnknownHost(Throwable thrown) {
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  /** A server that need not be asked for another file. */
  static final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private void copy(InputStream body, Path part, boolean append, long limit, Progress.Stage stage)
      throws IOException {
    StandardOpenOption how =
        append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
    StallGuard guard = new StallGuard(body, pause);
    try (OutputStream out =
        Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
      byte[] block = new byte[1 << 16];
      long copied = 0;
      for (int n = body.read(block); n >= 0; n = body.read(block)) {
        guard.moved();
        copied += n;
        if (copied > limit) {
          throw new IOException("sends more than the file has");
        }
        out.write(block, 0, n);
        stage.advance(n);
      }
    } catch (IOException e) {
      throw guard.stalled() ? new IOException("stalled", e) : e;
    } finally {
      guard.stop();
    }
  }

  /** Closes a stream from which nothing has come for a while, so that its reader wakes. */
  private static final class StallGuard {
    private final Thread thread;
    private volatile long lastMove = System.nanoTime();
    private volatile boolean stalled;

    StallGuard(InputStream body, Duration patience) {
      thread = new Thread(() -> watch(body, patience.toNanos()), "download-guard");
      thread.setDaemon(true);
      thread.start();
    }

    private void watch(InputStream body, long patience) {
      try {
        long left = patience;
        while (left > 0) {
          TimeUnit.NANOSECONDS.sleep(left);
          left = patience - (System.nanoTime() - lastMove);
        }
        stalled = true;
        body.close();
      } catch (InterruptedException | IOException e) {
        // Stopped, or closed already: there is nothing left to guard.
      }
    }

    void moved() {
      lastMove = System.nanoTime();
    }

    boolean stalled() {
      return stalled;
    }

    void stop() {
      thread.interrupt();
    }
  }
}
