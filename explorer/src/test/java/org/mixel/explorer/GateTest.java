package org.mixel.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/**
 * Nobody gets in without the token, nothing gets out to other pages, nothing runs out of bounds.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class GateTest {
  private static final String FORBIDDEN = "HTTP/1.1 403";

  private final MixtureOfFactorAnalyzers model = SmallModels.model(4, 2, SmallModels.GREY, 1);
  private final Samples data = SmallModels.bytes("it", 300, SmallModels.GREY, 2);
  private final Explorer explorer =
      Explorer.open(Exploration.of("m.mfa", model).withData(data, null), 0);
  private final Client client = Client.of(explorer);
  private final String host = "127.0.0.1:" + client.port();

  @AfterEach
  void close() {
    explorer.close();
    model.close();
  }

  /** A request whose headers are all those given. */
  private String raw(String line, String... headers) throws IOException {
    return Client.raw(
        client.port(),
        line + "\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n");
  }

  private String cookie() {
    return "Cookie: " + client.cookie();
  }

  @Test
  void listensToThisMachineAlone() throws IOException {
    assertThat(explorer.address().getHost()).isEqualTo("127.0.0.1");
    InetAddress other = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    assertThatThrownBy(() -> new Socket(other, client.port()).close())
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/model", "/api/rows/0", "/assets/explore.css", "/nowhere"})
  void nobodyGetsInWithoutTheToken(String path) throws IOException {
    Client stranger = Client.stranger(explorer);
    assertThat(Client.error(stranger.get(path), 403)).contains("holds the token");
    assertThat(Client.error(stranger.post(path, new byte[3]), 403)).contains("holds the token");
    for (String wrong :
        List.of(
            "mixel-" + client.port() + "=x", "other=" + client.cookie().split("=")[1], "x", "")) {
      assertThat(raw("GET " + path + " HTTP/1.1", "Host: " + host, "Cookie: " + wrong))
          .startsWith(FORBIDDEN);
    }
  }

  @Test
  void theTokenIsExchangedForACookieThatNoScriptReads() {
    Client stranger = Client.stranger(explorer);
    String token = explorer.address().getQuery().substring("token=".length());
    assertThat(token).hasSize(43);
    for (String wrong : List.of("", "x", token.substring(1), token + "x")) {
      assertThat(Client.error(stranger.get("/?token=" + wrong), 403)).startsWith("the token is");
    }
    Client.error(stranger.get("/api/model?token=" + token), 403);
    HttpResponse<byte[]> response = stranger.get("/?token=" + token);
    assertThat(response.statusCode()).isEqualTo(303);
    assertThat(response.headers().firstValue("Location")).contains("/");
    assertThat(response.headers().firstValue("Set-Cookie").orElseThrow())
        .startsWith("mixel-" + client.port() + "=")
        .endsWith("; Path=/; HttpOnly; SameSite=Strict")
        .doesNotContain(token);
    Client.ok(stranger.get("/"));
  }

  @Test
  void eachServerHasSecretsOfItsOwn() {
    try (Explorer other = Explorer.open(Exploration.of("m.mfa", model), 0)) {
      assertThat(other.address().getQuery()).isNotEqualTo(explorer.address().getQuery());
      String mine = client.cookie().replaceFirst("^[^=]*", "mixel-" + other.address().getPort());
      HttpRequest.Builder request = Client.stranger(other).request("/").header("Cookie", mine);
      Client.error(Client.stranger(other).send(request), 403);
    }
  }

  @Test
  void theBrowsersOwnAddressOpensThePageOnce() {
    String once = explorer.addressForOnce().toString();
    assertThat(once).isNotEqualTo(explorer.address().toString());
    Client stranger = Client.stranger(explorer);
    assertThat(stranger.get(once).statusCode()).isEqualTo(303);
    Client.ok(stranger.get("/"));
    Client.error(Client.stranger(explorer).get(once), 403);
  }

  @Test
  void onlyItsOwnNameIsAnswered() throws IOException {
    String query = explorer.address().getQuery();
    for (String line :
        List.of("GET / HTTP/1.1", "GET /api/model HTTP/1.1", "GET /?" + query + " HTTP/1.1")) {
      for (String name :
          List.of(
              "evil.example",
              "evil.example:" + client.port(),
              "localhost:" + client.port(),
              "127.0.0.1",
              "127.0.0.1:1",
              "",
              host + ".",
              "0.0.0.0:" + client.port())) {
        assertThat(raw(line, "Host: " + name, cookie())).as(name).startsWith(FORBIDDEN);
      }
      assertThat(raw(line, cookie())).startsWith(FORBIDDEN);
      assertThat(raw(line, "Host: " + host, "Host: evil.example", cookie())).startsWith(FORBIDDEN);
      assertThat(raw(line, "Host: " + host, cookie())).doesNotStartWith(FORBIDDEN);
    }
    assertThat(raw("POST /api/image HTTP/1.1", "Host: evil.example", "Content-Length: 0", cookie()))
        .startsWith(FORBIDDEN);
  }

  @Test
  void onlyItsOwnPageIsAnswered() throws IOException {
    String own = "Host: " + host;
    for (String origin :
        List.of("http://evil.example", "null", "http://127.0.0.1:1", "https://" + host, "")) {
      assertThat(raw("GET /api/model HTTP/1.1", own, "Origin: " + origin, cookie()))
          .as(origin)
          .startsWith(FORBIDDEN);
    }
    for (String site : List.of("cross-site", "same-site")) {
      assertThat(raw("GET /api/means.png HTTP/1.1", own, "Sec-Fetch-Site: " + site, cookie()))
          .startsWith(FORBIDDEN);
    }
    for (String site : List.of("same-origin", "none")) {
      assertThat(raw("GET /api/means.png HTTP/1.1", own, "Sec-Fetch-Site: " + site, cookie()))
          .startsWith("HTTP/1.1 200");
    }
    assertThat(raw("GET /api/model HTTP/1.1", own, "Origin: http://" + host, cookie()))
        .startsWith("HTTP/1.1 200");
    byte[] body = Client.completion(new byte[30], new float[30]);
    HttpRequest.Builder without =
        client.request("/api/complete?page=a").POST(HttpRequest.BodyPublishers.ofByteArray(body));
    Client.error(client.send(without), 403);
    Client.ok(client.post("/api/complete?page=a", body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "PATCH", "CONNECT", "X"})
  void otherMethodsAreNotAllowed(String method) throws IOException {
    for (String path : List.of("/", "/api/model", "/nowhere")) {
      String answer =
          raw(
              method + " " + path + " HTTP/1.1",
              "Host: " + host,
              "Origin: http://" + host,
              cookie());
      assertThat(answer).startsWith("HTTP/1.1 405").contains("Allow: GET, POST");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../../etc/passwd",
        "/assets/../files.txt",
        "/assets/../../org/mixel/explorer/Gate.class",
        "/assets/..%2f..%2fetc%2fpasswd",
        "/assets/%2e%2e/files.txt",
        "/assets//etc/passwd",
        "//etc/passwd",
        "/assets/index.html%00.png",
        "/assets/C:%5Cwindows",
        "/api/components/../model",
        "/api/rows/0/../1",
        "/assets/explore.css/",
        "/API/model"
      })
  void noAddressLeadsToAFile(String path) throws IOException {
    assertThat(raw("GET " + path + " HTTP/1.1", "Host: " + host, cookie()))
        .matches("(?s)HTTP/1.1 40[04] .*")
        .doesNotContain("root:");
  }

  @Test
  void addressesAreBounded() throws IOException {
    assertThat(Client.error(client.get("/api/rows?ids=" + "1,".repeat(2100) + "1"), 400))
        .contains("at most 4096 characters");
    assertThat(Client.error(client.get("/api/rows?ids=" + "1,".repeat(256) + "1"), 400))
        .isEqualTo("at most 256 rows are sent at once");
    assertThat(client.ok("/api/rows?ids=" + "1,".repeat(255) + "1")).hasSize(256 * 30 * 4);
    for (String ids : List.of("", "1,,2", "-1", "1e2", "+1", "01", " 1", "1;2", "99999999999999")) {
      Client.error(client.get("/api/rows?ids=" + ids.replace(" ", "%20")), 400);
    }
    for (String id : List.of("300", "9999999999", "2147483648", "4294967296")) {
      Client.error(client.get("/api/rows?ids=" + id), 404);
      Client.error(client.get("/api/rows/" + id), 404);
      Client.error(client.get("/api/components/" + id), 404);
    }
    Client.error(client.get("/api/components/x"), 400);
    Client.error(client.get("/api/rows"), 400);
    Client.error(client.get("/api/rows?ids=1&ids=2"), 400);
    Client.error(client.get("/api/rows?ids"), 400);
    Client.error(client.get("/api/rows?a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&ids=1"), 400);
    assertThat(raw("GET /api/rows?ids=%zz HTTP/1.1", "Host: " + host, cookie()))
        .startsWith("HTTP/1.1 400");
    assertThat(raw("GET http://" + host + "/api/model HTTP/1.1", "Host: " + host, cookie()))
        .startsWith("HTTP/1.1 400");
    assertThat(raw("GET /" + "x".repeat(100_000) + " HTTP/1.1", "Host: " + host))
        .matches("(?s)(HTTP/1.1 4.*)?");
    assertThat(raw("GET / HTTP/1.1", "Host: " + host, "X: " + "x".repeat(100_000), cookie()))
        .matches("(?s)(HTTP/1.1 4.*)?");
    Client.ok(client.get("/"));
  }

  @Test
  void everyAnswerIsGuarded() {
    for (String path : List.of("/", "/api/model", "/api/means.png", "/nowhere", "/?token=x")) {
      HttpResponse<byte[]> response = client.get(path);
      assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("default-src 'none'; script-src 'self';")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(response.headers().firstValue("X-Frame-Options")).contains("DENY");
      assertThat(response.headers().firstValue("Referrer-Policy")).contains("no-referrer");
      assertThat(response.headers().firstValue("Cross-Origin-Resource-Policy"))
          .contains("same-origin");
      assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }
  }

  @Test
  void uploadsAreBounded() throws IOException {
    assertThat(Client.error(client.post("/api/image", new byte[(4 << 20) + 1]), 413))
        .isEqualTo("what is sent has more than 4194304 bytes");
    assertThat(Client.error(client.post("/api/image", new byte[4 << 20]), 400))
        .startsWith("the picture: is not a PNG");
    assertThat(Client.error(client.post("/api/image", new byte[0]), 400))
        .startsWith("the picture: is not a PNG");
    assertThat(Client.error(client.post("/api/image", bomb(60_000, 60_000)), 400))
        .isEqualTo("the picture: claims 60000x60000 pixels; at most 4096 a side are decoded");
    Client.error(client.post("/api/image", bomb(4097, 1)), 400);
    Client.error(client.post("/api/image", bomb(-1, 5)), 400);
    assertThat(Client.error(client.post("/api/image", bomb(4096, 4096)), 400))
        .contains("more than its 33 bytes can hold");
    // A client that would send without end is cut off.
    String endless =
        "POST /api/image HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\n%s\r\n"
                .formatted(host, host, cookie())
            + "Content-Length: 99999999999\r\n\r\n";
    assertThat(Client.raw(client.port(), endless + "x".repeat(30 << 20)))
        .matches("(?s)(HTTP/1.1 413.*)?");
    Client.ok(client.get("/"));
  }

  @Test
  void nestedJsonIsNobodysBusiness() {
    byte[] bomb = "[".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    Client.error(client.post("/api/complete?page=a", bomb), 413);
    Client.error(client.post("/api/image", bomb), 400);
    Client.error(client.post("/api/model", bomb), 405);
    Client.error(client.post("/api/evaluation", bomb), 405);
  }

  /** A PNG's first bytes, which claim a size. */
  private static byte[] bomb(int width, int height) {
    ByteBuffer chunk = ByteBuffer.allocate(17);
    chunk.put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(width).putInt(height);
    chunk.put(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(chunk.array());
    return ByteBuffer.allocate(33)
        .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10})
        .putInt(13)
        .put(chunk.array())
        .putInt((int) crc.getValue())
        .array();
  }

  /** The pom asks for few seconds in tests, so that they need not wait for ten. */
  @Test
  void whoeverSendsSlowlyIsCutOffAndKeepsNobodyWaiting() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 30; i++) {
        Socket socket = new Socket("127.0.0.1", client.port());
        slow.add(socket);
        String begun =
            i % 2 == 0
                ? "GET /api/model HTTP/1.1\r\nHost: 127"
                : "POST /api/image HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\n%s\r\n"
                        .formatted(host, host, cookie())
                    + "Content-Length: 1000\r\n\r\nx";
        socket.getOutputStream().write(begun.getBytes(StandardCharsets.ISO_8859_1));
      }
      Client.ok(client.get("/api/model"));
      for (Socket socket : slow) {
        socket.setSoTimeout(60_000);
        assertThat(readsToTheEnd(socket)).as("the server closes the connection").isTrue();
      }
      Client.ok(client.get("/api/model"));
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  private static boolean readsToTheEnd(Socket socket) {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void twoHundredConnectionsTakeNoMoreThanTheirShare() throws Exception {
    List<Socket> many = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        Socket socket = new Socket("127.0.0.1", client.port());
        socket.setSoTimeout(60_000);
        socket
            .getOutputStream()
            .write("GET /api/model HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        many.add(socket);
      }
      long threads =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().equals("explorer-request"))
              .count();
      assertThat(threads).isBetween(1L, (long) Explorer.CONNECTIONS);
      for (Socket socket : many) {
        assertThat(readsToTheEnd(socket)).isTrue();
      }
    } finally {
      for (Socket socket : many) {
        socket.close();
      }
    }
    awaitAnswer();
  }

  /** A connection that ended takes the server a moment. */
  private void awaitAnswer() throws InterruptedException {
    for (int i = 0; ; i++) {
      try {
        Client.ok(client.get("/api/model"));
        return;
      } catch (java.io.UncheckedIOException e) {
        assertThat(i).isLessThan(100);
        Thread.sleep(100);
      }
    }
  }

  @Test
  void twoHundredRequestsAtATimeAreAnsweredOrRefused() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<String> odd = java.util.Collections.synchronizedList(new ArrayList<>());
    java.util.concurrent.atomic.AtomicInteger answered =
        new java.util.concurrent.atomic.AtomicInteger();
    byte[] body = Client.completion(new byte[30], new float[30]);
    String text =
        "POST /api/complete?page=%s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\n%s\r\n"
            + "Connection: close\r\nContent-Length: %d\r\n\r\n%s";
    for (int i = 0; i < 200; i++) {
      String request =
          text.formatted(
              "p" + i,
              host,
              host,
              cookie(),
              body.length,
              new String(body, StandardCharsets.ISO_8859_1));
      Thread thread =
          new Thread(
              () -> {
                try {
                  String answer = Client.raw(client.port(), request);
                  if (answer.startsWith("HTTP/1.1 200")) {
                    answered.incrementAndGet();
                  } else if (!answer.isEmpty() && !answer.startsWith("HTTP/1.1 503")) {
                    odd.add(answer);
                  }
                } catch (IOException e) {
                  // Refused or reset: the server has no place for it.
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(odd).isEmpty();
    assertThat(answered).hasPositiveValue();
    awaitAnswer();
  }

  @Test
  void aTakenPortIsNamed() {
    assertThatThrownBy(() -> Explorer.open(Exploration.of("m.mfa", model), client.port()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            "`port` " + client.port() + " cannot be used (Address already in use");
    for (int port : new int[] {-1, 65536}) {
      assertThatThrownBy(() -> Explorer.open(Exploration.of("m.mfa", model), port))
          .isInstanceOf(InputException.class)
          .hasMessage("`port` must be from 0 to 65535, got " + port);
    }
  }

  @Test
  void aClosedPageAnswersNoMore() {
    explorer.close();
    assertThatThrownBy(() -> client.get("/")).isInstanceOf(java.io.UncheckedIOException.class);
    try (Explorer again = Explorer.open(Exploration.of("m.mfa", model), client.port())) {
      Client.ok(Client.of(again).get("/"));
      Client.error(client.get("/"), 403);
    }
  }
}
