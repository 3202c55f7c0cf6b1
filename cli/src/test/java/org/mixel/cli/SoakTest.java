package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.explorer.Exploration;
import org.mixel.explorer.Explorer;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/**
 * The same work over and over in one process takes no more memory after {@code mixel.soak.minutes}
 * than after a third of them.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
class SoakTest {
  /** The share by which the resident memory may grow. */
  private static final double LITTLE = 0.01;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"fit", "train", "ndb", "explore"})
  @EnabledIfSystemProperty(
      named = "mixel.soak.minutes",
      matches = "[0-9.]+",
      disabledReason = "it takes as long as -Dmixel.soak.minutes says, for each kind of work")
  void memoryIsFlat(String kind) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms256m",
                "-Xmx256m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                SoakTest.class.getName(),
                kind,
                System.getProperty("mixel.soak.minutes"),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String[] told =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .strip()
            .split(" ");
    assertThat(process.waitFor()).isZero();
    long early = Long.parseLong(told[0]);
    long late = Long.parseLong(told[1]);
    System.out.printf(
        "%s: %s rounds in %s minutes, %d MB, then %d MB (%+.2f%%)%n",
        kind,
        told[2],
        System.getProperty("mixel.soak.minutes"),
        early / 1024,
        late / 1024,
        100.0 * (late - early) / early);
    assertThat((double) late / early - 1).isLessThan(LITTLE);
  }

  /** Work that is done over and over. */
  @FunctionalInterface
  private interface Round {
    void run(int number) throws Exception;
  }

  /**
   * Prints the most kilobytes that were resident up to a third of the time, and up to the end, and
   * the number of rounds.
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[2]);
    long nanos = (long) (Double.parseDouble(arguments[1]) * TimeUnit.MINUTES.toNanos(1));
    ImageShape shape = new ImageShape(1, 8, 8);
    byte[] pixels = new byte[400 * shape.dims()];
    new Random(1).nextBytes(pixels);
    Samples data = StoredSamples.ofBytes("in", shape, pixels);
    Path in = folder.resolve("in.npy");
    SampleWriter.write(in, data);
    String model = folder.resolve("m.mfa").toString();
    mixel("fit", in.toString(), "-o", model, "--components=4", "--factors=2");
    switch (arguments[0]) {
      case "fit" ->
          soak(
              nanos,
              i -> mixel("fit", in.toString(), "-o", model, "--components=8", "--seed=" + i % 20));
      case "train" -> {
        String network = folder.resolve("g.net").toString();
        soak(
            nanos,
            i ->
                mixel(
                    "train",
                    "dcgan",
                    in.toString(),
                    "-o",
                    network,
                    "--steps=20",
                    "--batch=16",
                    "--width=8",
                    "--evaluate-every=10",
                    "--restart",
                    "--seed=" + i % 20));
      }
      case "ndb" ->
          soak(nanos, i -> mixel("ndb", in.toString(), model, "--bins=8", "--seed=" + i % 20));
      default -> {
        try (MixtureOfFactorAnalyzers mixture = MixtureOfFactorAnalyzers.load(Path.of(model));
            Explorer explorer =
                Explorer.open(Exploration.of("m.mfa", mixture).withData(data, null), 0)) {
          HttpClient http =
              HttpClient.newBuilder()
                  .cookieHandler(new CookieManager())
                  .followRedirects(HttpClient.Redirect.ALWAYS)
                  .build();
          get(http, explorer.address());
          soak(
              nanos,
              i -> {
                get(http, explorer.address().resolve("/api/components/" + i % 4));
                get(http, explorer.address().resolve("/api/rows/" + i % 400));
                get(http, explorer.address().resolve("/api/rows/" + i % 400 + "/reconstruction"));
              });
        }
      }
    }
  }

  private static void soak(long nanos, Round round) throws Exception {
    long start = System.nanoTime();
    long early = 0;
    long most = 0;
    int rounds = 0;
    for (long past = 0; past < nanos; past = System.nanoTime() - start) {
      round.run(rounds++);
      most = Math.max(most, residentKilobytes());
      if (past < nanos / 3) {
        early = most;
      }
    }
    System.out.println(early + " " + most + " " + rounds);
  }

  private static void mixel(String... arguments) {
    Runs.Outcome outcome = Runs.mixel(arguments);
    if (outcome.exitCode() != 0) {
      throw new IllegalStateException(outcome.err());
    }
  }

  private static void get(HttpClient http, URI address) throws Exception {
    HttpResponse<String> response =
        http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(address + ": " + response.statusCode());
    }
  }

  private static long residentKilobytes() throws IOException {
    List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
    return status.stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
