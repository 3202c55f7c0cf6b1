package org.mixel.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.CookieManager;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A browser with the page's cookie, and a plain socket for what no browser sends. */
final class Client {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final URI address;
  private final String origin;
  private final CookieManager cookies = new CookieManager();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .cookieHandler(cookies)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private Client(URI address) {
    this.address = address;
    origin = "http://127.0.0.1:" + address.getPort();
  }

  /** A browser that has not been here. */
  static Client stranger(Explorer explorer) {
    return new Client(explorer.address());
  }

  /** A browser in which the printed address was opened. */
  static Client of(Explorer explorer) {
    Client client = stranger(explorer);
    assertThat(client.send(client.request(explorer.address().toString())).statusCode())
        .isEqualTo(303);
    return client;
  }

  String origin() {
    return origin;
  }

  int port() {
    return address.getPort();
  }

  /** The {@code Cookie} header that this browser sends. */
  String cookie() {
    return cookies.getCookieStore().getCookies().get(0).toString();
  }

  HttpRequest.Builder request(String path) {
    String whole = path.startsWith("http:") ? path : origin + path;
    return HttpRequest.newBuilder(URI.create(whole)).timeout(PATIENCE);
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<byte[]> get(String path) {
    return send(request(path));
  }

  HttpResponse<byte[]> post(String path, byte[] body) {
    return send(
        request(path).header("Origin", origin).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /** An answer with 200. */
  byte[] ok(String path) {
    return ok(get(path));
  }

  static byte[] ok(HttpResponse<byte[]> response) {
    assertThat(response.statusCode())
        .as(() -> new String(response.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    return response.body();
  }

  JsonNode json(String path) {
    return json(get(path), 200);
  }

  static JsonNode json(HttpResponse<byte[]> response, int status) {
    assertThat(response.statusCode())
        .as(() -> new String(response.body(), StandardCharsets.UTF_8))
        .isEqualTo(status);
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The reason why a request is refused. */
  static String error(HttpResponse<byte[]> response, int status) {
    return json(response, status).get("error").asText();
  }

  float[] floats(String path) {
    return floats(ok(path));
  }

  static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  static int[] ints(byte[] bytes) {
    int[] values = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
    return values;
  }

  /** The body of a completion. */
  static byte[] completion(byte[] mask, float[] row) {
    ByteBuffer body =
        ByteBuffer.allocate(mask.length + Float.BYTES * row.length).order(ByteOrder.LITTLE_ENDIAN);
    body.put(mask);
    for (float value : row) {
      body.putFloat(value);
    }
    return body.array();
  }

  /** Sends text as it is and reads until the server closes; empty if it closes at once. */
  static String raw(int port, String text) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getInputStream().transferTo(answer);
      } catch (java.net.SocketException e) {
        // Reset: what was not read is lost.
      }
      return answer.toString(StandardCharsets.ISO_8859_1);
    }
  }
}
