package org.mixel.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.mixel.explorer.Explorer;

/** A page of the explorer, as a browser asks for its parts. */
final class ExplorerPage {
  private final URI origin;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .cookieHandler(new CookieManager())
          .build();

  private ExplorerPage(URI origin) {
    this.origin = origin;
  }

  /** Opens the page. */
  static ExplorerPage open(Explorer explorer) {
    ExplorerPage page = new ExplorerPage(explorer.address().resolve("/"));
    page.send(HttpRequest.newBuilder(explorer.address()), 303);
    return page;
  }

  byte[] get(String path) {
    return send(HttpRequest.newBuilder(origin.resolve(path)), 200);
  }

  byte[] post(String path, byte[] body) {
    return send(
        HttpRequest.newBuilder(origin.resolve(path))
            .header("Origin", origin.toString().replaceFirst("/$", ""))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)),
        200);
  }

  private byte[] send(HttpRequest.Builder request, int expected) {
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != expected) {
        throw new IllegalStateException("the page answers " + response.statusCode());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Waits until all rows are scored. */
  void awaitScores() {
    while (new String(get("/api/progress"), StandardCharsets.UTF_8)
        .contains("\"state\":\"running\"")) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }
}
