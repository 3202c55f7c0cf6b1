package org.mixel.data.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;

/**
 * Downloads go on where they stopped, try one source after the other, and give a file its name only
 * when its bytes are right.
 */
class SetFolderTest {
  private static final byte[] CONTENT = new byte[300_000];

  static {
    new Random(1).nextBytes(CONTENT);
  }

  @TempDir Path home;

  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private Download download;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    download = Download.STANDARD;
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Paths say what the server does: /good, /missing, /wrong, /broken/N, /stall, /whole, ... */
  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(path + (range == null ? "" : " " + range));
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    try (exchange;
        OutputStream body = exchange.getResponseBody()) {
      if (path.startsWith("/missing")) {
        exchange.sendResponseHeaders(404, -1);
      } else if (path.startsWith("/wrong")) {
        exchange.sendResponseHeaders(200, 5);
        body.write(new byte[5]);
      } else if (path.startsWith("/gzip")) {
        byte[] packed = gzip(CONTENT);
        exchange.sendResponseHeaders(200, packed.length);
        body.write(packed);
      } else if (path.startsWith("/astray")) {
        exchange.getResponseHeaders().set("Location", "http://no address");
        exchange.sendResponseHeaders(302, -1);
      } else if (path.startsWith("/endless") && from > 0) {
        exchange.getResponseHeaders().set("Content-Range", "bytes %d-/*".formatted(from));
        exchange.sendResponseHeaders(206, 0);
        body.write(CONTENT);
      } else if (path.startsWith("/long")) {
        exchange.sendResponseHeaders(200, 0);
        body.write(CONTENT);
        body.write(CONTENT);
      } else if (path.startsWith("/broken")) {
        exchange.sendResponseHeaders(200, CONTENT.length);
        body.write(CONTENT, 0, 100_000);
        body.flush();
        sleep(200);
        throw new IOException("the connection breaks");
      } else if (path.startsWith("/stall")) {
        exchange.sendResponseHeaders(200, CONTENT.length);
        body.write(CONTENT, 0, 100_000);
        body.flush();
        sleep(60_000);
      } else if (from >= CONTENT.length) {
        exchange.sendResponseHeaders(416, -1);
      } else if (path.startsWith("/whole") || from == 0) {
        exchange.sendResponseHeaders(200, CONTENT.length);
        body.write(CONTENT);
      } else {
        exchange
            .getResponseHeaders()
            .set(
                "Content-Range",
                "bytes %d-%d/%d".formatted(from, CONTENT.length - 1, CONTENT.length));
        exchange.sendResponseHeaders(206, CONTENT.length - from);
        body.write(CONTENT, from, CONTENT.length - from);
      }
    }
  }

  private static void sleep(long milliseconds) throws IOException {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aFileIsFetchedOnce() throws IOException {
    SetFolder folder = folder("/good");
    assertThat(folder.has(folder.set().files())).isFalse();
    require(folder);
    require(folder);
    assertThat(folder.has(folder.set().files())).isTrue();
    assertThat(home.resolve("file")).hasBinaryContent(CONTENT);
    assertThat(requests).containsExactly("/good");
    assertThat(list()).containsExactly(".file.verified", ".lock", "file");
    // A file that was changed since it was checked is checked again.
    Files.write(home.resolve("file"), new byte[3]);
    assertThat(folder.has(folder.set().files())).isFalse();
  }

  @Test
  void theNextSourceIsTriedWhenOneFails() throws IOException {
    require(folder("/missing", "/wrong", "/long", "/good"));
    assertThat(home.resolve("file")).hasBinaryContent(CONTENT);
    assertThat(requests).startsWith("/missing", "/wrong", "/long");
    assertThat(list()).containsExactly(".file.verified", ".lock", "file");
  }

  @Test
  void aBrokenDownloadLeavesItsPartAndGoesOnFromIt() throws IOException {
    SetFolder broken = folder("/broken");
    assertThatThrownBy(() -> require(broken)).isInstanceOf(InputException.class);
    assertThat(list()).containsExactly(".lock", "file.part");
    // How much of what was sent gets through is the connection's affair.
    long have = Files.size(home.resolve("file.part"));
    assertThat(have).isLessThanOrEqualTo(100_000);
    require(folder("/good"));
    String rest = have == 0 ? "/good" : "/good bytes=" + have + "-";
    assertThat(requests).containsExactly("/broken", rest);
    assertThat(home.resolve("file")).hasBinaryContent(CONTENT);
    assertThat(list()).containsExactly(".file.verified", ".lock", "file");
  }

  @Test
  void aStalledDownloadGoesOnElsewhere() throws IOException {
    download = new Download(Duration.ofSeconds(10), Duration.ofSeconds(1));
    require(folder("/stall", "/good"));
    assertThat(requests).hasSize(2).first().isEqualTo("/stall");
    assertThat(requests.get(1)).matches("/good bytes=[1-9]\\d*-");
    assertThat(home.resolve("file")).hasBinaryContent(CONTENT);
  }

  @Test
  void aPartIsFinishedReplacedOrThrownAway() throws IOException {
    Files.write(home.resolve("file.part"), CONTENT);
    require(folder("/good"));
    assertThat(requests).containsExactly("/good bytes=300000-");
    delete();
    requests.clear();
    // The server knows no ranges.
    Files.write(home.resolve("file.part"), Arrays.copyOf(CONTENT, 1000));
    require(folder("/whole"));
    assertThat(requests).containsExactly("/whole bytes=1000-");
    assertThat(home.resolve("file")).hasBinaryContent(CONTENT);
    delete();
    requests.clear();
    // The part holds other bytes.
    Files.write(home.resolve("file.part"), new byte[1000]);
    require(folder("/good"));
    assertThat(requests).containsExactly("/good bytes=1000-", "/good");
    assertThat(home.resolve("file")).hasBinaryContent(CONTENT);
  }

  @Test
  void aPartOfMoreThanTheFileIsThrownAway() throws IOException {
    for (String source : List.of("/long", "/endless")) {
      Files.write(home.resolve("file.part"), new byte[CONTENT.length - 1]);
      assertThatThrownBy(() -> require(folder(source)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("sends more than the file has");
      assertThat(list()).containsExactly(".lock");
    }
  }

  @Test
  void aRedirectionToNoAddressIsAFailureOfItsSource() throws IOException {
    require(folder("/astray", "/good"));
    assertThat(requests).containsExactly("/astray", "/good");
    assertThat(home.resolve("file")).hasBinaryContent(CONTENT);
  }

  @Test
  void aConnectionThatFailsIsToldAsItIs() {
    assertThat(Download.unreachable(new UnknownHostException("nowhere.example")))
        .hasMessage("unknown host");
    assertThat(Download.unreachable(new SocketTimeoutException("Connect timed out")))
        .hasMessage("does not connect");
    assertThat(Download.unreachable(new ConnectException("Connection timed out")))
        .hasMessage("connection timed out");
    assertThat(Download.unreachable(new ConnectException("Connection refused: connect")))
        .hasMessage("connection refused");
    assertThat(
            Download.unreachable(new NoRouteToHostException("No route to host (Host unreachable)")))
        .hasMessage("no route to host");
    assertThat(Download.unreachable(new SocketException("Network is unreachable")))
        .hasMessage("network is unreachable");
  }

  @Test
  void packedFilesAreUnpacked() throws IOException {
    require(folder("/wrong.gz", "/gzip"));
    assertThat(home.resolve("file")).hasBinaryContent(CONTENT);
    assertThat(list()).containsExactly(".file.verified", ".lock", "file");
  }

  @Test
  void filesPutByHandAreCheckedAndTaken() throws IOException {
    Files.write(home.resolve("file"), CONTENT);
    require(folder("/missing"));
    delete();
    Files.write(home.resolve("file.gz"), gzip(CONTENT));
    require(folder("/missing"));
    assertThat(home.resolve("file")).hasBinaryContent(CONTENT);
    delete();
    Files.write(home.resolve("file"), new byte[3]);
    assertThatThrownBy(() -> require(folder("/good")))
        .isInstanceOf(InputException.class)
        .hasMessage(
            home.resolve("file")
                + ": is not the original file of toy (wrong checksum); delete it, then it is fetched"
                + " anew");
    assertThat(requests).isEmpty();
  }

  @Test
  void withoutAnySourceTheMessageSaysWhatToDo() throws IOException {
    String closed = closedPort();
    long start = System.nanoTime();
    assertThatThrownBy(() -> require(folder("/missing", "http://" + closed + "/x")))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "toy: cannot be fetched (%s: HTTP status 404; %s: connection refused); download file by hand"
                    .formatted(authority(), closed)
                + " from http://toy.example/ into "
                + home);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    assertThatThrownBy(() -> require(folder()))
        .hasMessageStartingWith("toy: cannot be fetched (it has no plain download); download file");
  }

  @Test
  void aCopyOfTheFolderIsPresentAndNotFetchedAgain() throws IOException {
    SetFolder folder = folder("/good");
    assertThat(folder.isPresent()).isFalse();
    require(folder);
    assertThat(folder.isPresent()).isTrue();
    Path copy = Files.createDirectory(home.resolve("copy"));
    for (String name : List.of("file", ".file.verified")) {
      Files.copy(home.resolve(name), copy.resolve(name));
      Files.setLastModifiedTime(copy.resolve(name), FileTime.fromMillis(1_700_000_000_000L));
    }
    SetFolder copied = new SetFolder(folder.set(), copy);
    assertThat(copied.isPresent()).isTrue();
    copied.require(folder.set().files(), download, Progress.SILENT);
    assertThat(requests).containsExactly("/good");
    // What a copy damaged is found when it is read.
    Files.write(copy.resolve("file"), new byte[CONTENT.length]);
    assertThat(copied.isPresent()).isTrue();
    assertThatThrownBy(() -> copied.require(folder.set().files(), download, Progress.SILENT))
        .hasMessageContaining("wrong checksum");
    Files.write(copy.resolve("file"), new byte[5]);
    assertThat(copied.isPresent()).isFalse();
  }

  @Test
  void sourcesAndTheirFailuresAreTold() throws IOException {
    String closed = closedPort();
    List<String> told = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public Stage begin(String name, long steps) {
            return SILENT.begin(name, steps);
          }

          @Override
          public void tell(String text) {
            told.add(text);
          }
        };
    SetFolder folder = folder("http://" + closed + "/x", "/good");
    folder.require(folder.set().files(), download, progress);
    assertThat(told)
        .containsExactly(
            "toy: fetching it from " + closed,
            "toy: " + closed + " failed (connection refused)",
            "toy: fetching it from " + authority());
  }

  @Test
  void severalThreadsFetchOnce() throws Exception {
    SetFolder folder = folder("/good");
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(threads.submit(() -> require(folder)));
    }
    for (Future<?> one : all) {
      one.get();
    }
    assertThat(requests).containsExactly("/good");
  }

  private void require(SetFolder folder) {
    assertThat(folder.require(folder.set().files(), download, Progress.SILENT)).isEqualTo(home);
  }

  private String authority() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private static String closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  private SetFolder folder(String... sources) throws IOException {
    Checksum checksum =
        Checksum.sha256(HexFormat.of().formatHex(Checksum.sha256("").digest().digest(CONTENT)));
    Mirror[] mirrors =
        Stream.of(sources)
            .map(source -> source.startsWith("/") ? "http://" + authority() + source : source)
            .map(
                address ->
                    address.matches(".*(/gzip|\\.gz)")
                        ? Mirror.Web.gzip(address)
                        : Mirror.Web.plain(address))
            .toArray(Mirror[]::new);
    List<SetFile> files = List.of(SetFile.of("file", CONTENT.length, checksum, mirrors));
    return new SetFolder(
        new NamedSet("toy", "", "", "http://toy.example/", files, files, NamedSet.FILES), home);
  }

  private List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void delete() throws IOException {
    for (String name : list()) {
      Files.delete(home.resolve(name));
    }
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
      packed.write(content);
    }
    return out.toByteArray();
  }
}
