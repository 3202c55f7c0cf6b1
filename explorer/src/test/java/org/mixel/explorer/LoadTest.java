package org.mixel.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/** Many requests take no more memory than few, and long work keeps nobody waiting. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class LoadTest {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long MEGABYTE = 1 << 20;

  @Test
  @Tag("slow")
  void memoryIsFlatOverTenThousandRequests() throws Exception {
    requireFlat(10_000);
  }

  private static void requireFlat(int requests) throws Exception {
    ImageShape shape = new ImageShape(1, 28, 28);
    Samples data = SmallModels.bytes("it", 500, shape, 2);
    try (MixtureOfFactorAnalyzers model = SmallModels.model(20, 4, shape, 1);
        Explorer explorer = Explorer.open(Exploration.of("m.mfa", model).withData(data, null), 0)) {
      Client client = Client.of(explorer);
      while (!client.json("/api/progress").get("scoring").get("state").asText().equals("done")) {
        Thread.sleep(10);
      }
      send(client, 400, data);
      long objects = nativeObjects();
      long heap = heap();
      long resident = resident();
      send(client, requests, data);
      assertThat(nativeObjects()).as("native objects").isLessThanOrEqualTo(objects);
      assertThat(heap() - heap).as("bytes of heap").isLessThan(4 * MEGABYTE);
      assertThat(resident() - resident).as("resident bytes").isLessThan(100 * MEGABYTE);
    }
  }

  private static void send(Client client, int requests, Samples data) {
    byte[] mask = new byte[data.dims()];
    for (int i = 0; i < requests; i++) {
      int row = i % data.rows();
      switch (i % 5) {
        case 0 -> client.ok("/api/components/" + i % 20);
        case 1 -> client.ok("/api/rows?ids=1,2,3," + row);
        case 2 -> client.ok("/api/rows/" + row);
        case 3 -> client.ok("/api/rows/" + row + "/reconstruction");
        default -> {
          java.util.Arrays.fill(mask, 0, row, (byte) 1);
          Client.ok(
              client.post("/api/complete?page=p" + i, Client.completion(mask, data.row(row))));
        }
      }
    }
  }

  private static long nativeObjects() throws InterruptedException {
    System.gc();
    Thread.sleep(100);
    return Pointer.totalCount();
  }

  private static long heap() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** 0 where the kernel does not tell. */
  private static long resident() throws IOException {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    String line =
        Files.readAllLines(STATUS).stream()
            .filter(each -> each.startsWith("VmRSS"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
  }

  @Test
  void nothingIsLeftWhenThePageIsClosed() throws Exception {
    Samples data = SmallModels.bytes("it", 400, SmallModels.GREY, 2);
    try (MixtureOfFactorAnalyzers model = SmallModels.model(6, 2, SmallModels.GREY, 1)) {
      // Once to the end: classes keep some numbers for good.
      openAndClose(model, data, true);
      long objects = nativeObjects();
      for (int i = 0; i < 3; i++) {
        openAndClose(model, data, i == 2);
      }
      assertThat(nativeObjects()).isLessThanOrEqualTo(objects);
      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().startsWith("explorer-") && thread.isAlive());
    }
  }

  private static void openAndClose(MixtureOfFactorAnalyzers model, Samples data, boolean whole)
      throws InterruptedException {
    try (Explorer explorer =
        Explorer.open(
            Exploration.of("m.mfa", model).withData(data, null).withCandidates(List.of(data)), 0)) {
      Client client = Client.of(explorer);
      client.json("/api/rows/3");
      while (whole && client.get("/api/bins/0").statusCode() == 202) {
        Thread.sleep(10);
      }
    }
  }

  @Test
  void questionsAreAnsweredWhileRowsAreScored() {
    ImageShape shape = new ImageShape(1, 28, 28);
    Samples data = SmallModels.bytes("it", 40_000, shape, 2);
    try (MixtureOfFactorAnalyzers model = SmallModels.model(200, 6, shape, 1);
        Explorer explorer = Explorer.open(Exploration.of("m.mfa", model).withData(data, null), 0)) {
      Client client = Client.of(explorer);
      client.json("/api/model");
      client.ok("/api/components/3");
      client.json("/api/rows/7");
      Client.ok(client.post("/api/complete?page=a", Client.completion(new byte[784], data.row(0))));
      JsonNode scoring = client.json("/api/progress").get("scoring");
      assertThat(scoring.get("state").asText()).isEqualTo("running");
      assertThat(scoring.get("done").asInt()).isLessThan(40_000);
    }
  }
}
