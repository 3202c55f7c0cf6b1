package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.with;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.data.ImageShape;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;

/** {@code mixel explore} prints its address first, serves until it is stopped, or says why not. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ExploreCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private String data;
  private String model;

  @BeforeEach
  void fit() {
    data = images("in.npy", 80);
    model = folder.resolve("m.mfa").toString();
    mixel("fit", data, "-o", model, "--components", "2", "--factors", "1", "--iterations", "2");
  }

  private String images(String name, int rows) {
    ImageShape shape = new ImageShape(1, 4, 4);
    byte[] pixels = new byte[rows * shape.dims()];
    new Random(rows).nextBytes(pixels);
    Path file = folder.resolve(name);
    SampleWriter.write(file, StoredSamples.ofBytes(name, shape, pixels));
    return file.toString();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void servesUntilItIsStopped() throws Exception {
    for (boolean json : new boolean[] {false, true}) {
      Process process =
          start(
              "explore",
              model,
              "--data",
              data,
              "--candidate",
              images("other.npy", 50),
              images("third.npy", 60),
              "--no-browser",
              json ? "--json" : "--quiet");
      try (BufferedReader out = process.inputReader()) {
        URI address = URI.create(json ? url(out) : out.readLine());
        assertThat(address.toString()).matches("http://127\\.0\\.0\\.1:\\d+/\\?token=[\\w-]{43}");
        HttpClient http =
            HttpClient.newBuilder()
                .cookieHandler(new CookieManager())
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();
        assertThat(get(http, address)).startsWith("<!doctype html>");
        JsonNode node = JSON.readTree(get(http, address.resolve("/api/model")));
        assertThat(node.get("components").asInt()).isEqualTo(2);
        assertThat(node.get("data").get("rows").asInt()).isEqualTo(80);
        assertThat(node.get("candidates")).hasSize(2);
        new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
        assertThat(process.waitFor()).isEqualTo(143);
        assertThat(out.readLine()).isNull();
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private static String url(BufferedReader out) throws IOException {
    StringBuilder document = new StringBuilder();
    for (String line = out.readLine(); ; line = out.readLine()) {
      document.append(line);
      if (line.equals("}")) {
        return JSON.readTree(document.toString()).get("url").asText();
      }
    }
  }

  private static String get(HttpClient http, URI address) throws Exception {
    HttpResponse<String> response =
        http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  private static Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Mixel.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Without {@code --quiet}: no note may come before the line. */
  private static void refused(String because, String... arguments) {
    Runs.refused(because, mixel(with(new String[] {"explore"}, arguments)));
  }

  @Test
  void aTakenPortIsRefused() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = String.valueOf(taken.getLocalPort());
      refused(
          "--port " + port + " cannot be used (Address already in use)",
          model,
          "--port",
          port,
          "--no-browser");
    }
    refused("--port must be from 0 to 65535, got 65536", model, "--port=65536");
    refused("'x' is not an int", model, "--port=x");
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() throws IOException {
    refused("give it, too", model, "--candidate", data);
    refused("give it, too", model, "--labels", data);
    refused("nothing.mfa", folder.resolve("nothing.mfa").toString());
    refused("no such file", model, "--data", folder + "/nothing.npy");
    String vectors = folder.resolve("vectors.npy").toString();
    SampleWriter.write(Path.of(vectors), StoredSamples.ofFloats("v", 5, null, new float[50]));
    refused("but the model has", model, "--data", vectors);
    refused("candidate", model, "--data", data, "--candidate", vectors);
    refused("labels", model, "--data", data, "--labels", vectors);
    Path evaluation = Files.writeString(folder.resolve("e.json"), "{\"results\"");
    refused("is not JSON", model, "--evaluation", evaluation.toString());
    Files.writeString(evaluation, "{\"rows\": 3}");
    refused(
        "is not what mixel evaluate --json prints", model, "--evaluation", evaluation.toString());
    Files.writeString(evaluation, "{\"results\": [{\"candidate\": \"c\", \"bins\": 100}]}");
    refused("no results with metrics", model, "--evaluation", evaluation.toString());
    Files.writeString(evaluation, "{\"results\": [{\"candidate\": \"c\", \"metrics\": {}}]}");
    refused("--candidate; give one, too", model, "--evaluation", evaluation.toString());
  }
}
