package org.mixel.data.named;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.Progress;

/** Processes that share a folder of downloads fetch a file once, and all get it whole. */
class SharedFolderTest {
  private static final byte[] CONTENT = new byte[300_000];

  static {
    new Random(1).nextBytes(CONTENT);
  }

  @TempDir Path home;

  @Test
  void severalProcessesFetchOnce() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(200, CONTENT.length);
          try (OutputStream body = exchange.getResponseBody()) {
            body.write(CONTENT, 0, 1000);
            body.flush();
            pause();
            body.write(CONTENT, 1000, CONTENT.length - 1000);
          }
        });
    server.start();
    try {
      String address = "http://127.0.0.1:%d/file".formatted(server.getAddress().getPort());
      List<Process> running = List.of(start(address), start(address), start(address));
      for (Process process : running) {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
      }
    } finally {
      server.stop(0);
    }
    assertThat(requests).hasValue(1);
    assertThat(Files.readAllBytes(home.resolve("file"))).isEqualTo(CONTENT);
  }

  private Process start(String address) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            SharedFolderTest.class.getName(),
            home.toString(),
            address)
        .redirectErrorStream(true)
        .start();
  }

  /** Fetches the file from an address into a folder. */
  public static void main(String[] arguments) {
    Checksum checksum =
        Checksum.sha256(HexFormat.of().formatHex(Checksum.sha256("").digest().digest(CONTENT)));
    List<SetFile> files =
        List.of(SetFile.of("file", CONTENT.length, checksum, Mirror.Web.plain(arguments[1])));
    NamedSet set = new NamedSet("toy", "", "", "http://toy.example/", files, files, NamedSet.FILES);
    new SetFolder(set, Path.of(arguments[0])).require(files, Download.STANDARD, Progress.SILENT);
  }

  private static void pause() {
    try {
      Thread.sleep(1500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
