package org.mixel.explorer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.SingleRow;

/** Any request of the page's own is answered, or refused in one plain line, and never fails. */
@Tag("fuzz")
class RequestFuzzTest {
  private static final Duration MOST = Duration.ofSeconds(5);

  /** The time of the processor, which others' work does not lengthen. */
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private static final int PORT = 4711;
  private static final Gate GATE = gate();
  private static final String COOKIE = cookie();

  private static Gate gate() {
    MixtureOfFactorAnalyzers model = SmallModels.model(3, 2, SmallModels.GREY, 1);
    Samples data = SmallModels.bytes("data", 20, SmallModels.GREY, 2);
    Exploration exploration =
        Exploration.of("m.mfa", model)
            .withData(data, new int[data.rows()])
            .withCandidates(List.of(SmallModels.bytes("other", 20, SmallModels.GREY, 3)));
    Routes routes =
        new Routes(
            exploration,
            new Overview(exploration),
            new Scores(data.rows()),
            new CandidateBins(exploration.candidates(), 0),
            SingleRow.of(model),
            new Compute());
    return new Gate(PORT, routes::answer);
  }

  private static String cookie() {
    CannedExchange entry =
        new CannedExchange("GET", GATE.address(), Map.of("Host", host()), new byte[0]);
    GATE.handle(entry);
    return String.valueOf(entry.getResponseHeaders().getFirst("Set-Cookie")).split(";", 2)[0];
  }

  private static String host() {
    return "127.0.0.1:" + PORT;
  }

  @MethodSource("requests")
  @FuzzTest
  void request(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    String[] line = text.substring(0, Math.max(0, end)).split(" ", 2);
    URI address;
    try {
      // The server refuses what is no address before the gate sees it.
      address = URI.create(line[line.length - 1]);
    } catch (IllegalArgumentException e) {
      return;
    }
    if (address.getRawPath() != null && address.getRawPath().startsWith("/")) {
      send(line[0], address, Arrays.copyOfRange(bytes, end + 1, bytes.length));
    }
  }

  @MethodSource("pictures")
  @FuzzTest
  void picture(byte[] bytes) {
    send("POST", URI.create("/api/image"), bytes);
  }

  @MethodSource("completions")
  @FuzzTest
  void completion(byte[] bytes) {
    send("POST", URI.create("/api/complete?page=a&seed=1"), bytes);
  }

  private static void send(String method, URI address, byte[] body) {
    long start = CLOCK.getCurrentThreadCpuTime();
    CannedExchange exchange =
        new CannedExchange(
            method,
            address,
            Map.of("Host", host(), "Origin", "http://" + host(), "Cookie", COOKIE),
            body);
    GATE.handle(exchange);
    if (exchange.getResponseCode() >= 500 || exchange.getResponseCode() < 200) {
      throw new AssertionError(exchange.getResponseCode() + ": " + exchange.answer());
    }
    Duration taken = Duration.ofNanos(CLOCK.getCurrentThreadCpuTime() - start);
    if (taken.compareTo(MOST) > 0) {
      throw new AssertionError("took " + taken);
    }
  }

  static Stream<byte[]> requests() {
    return Stream.of(
            "/",
            "/assets/page.js",
            "/api/model",
            "/api/means.png",
            "/api/components/2",
            "/api/progress",
            "/api/scores?from=3",
            "/api/labels",
            "/api/rows?ids=0,19,3",
            "/api/rows/7",
            "/api/rows/7/reconstruction",
            "/api/candidates/0/rows?ids=1,2",
            "/api/bins/0",
            "/api/bins/0/members",
            "/api/evaluation")
        .map(path -> ("GET " + path + "\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  static Stream<byte[]> pictures() {
    return Stream.of("png", "jpeg", "gif", "bmp")
        .map(
            format -> {
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              try {
                ImageIO.write(new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB), format, out);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return out.toByteArray();
            });
  }

  static Stream<byte[]> completions() {
    int pixels = SmallModels.GREY.dims();
    byte[] mask = new byte[pixels];
    mask[3] = 1;
    return Stream.of(Client.completion(mask, new float[pixels]));
  }
}
