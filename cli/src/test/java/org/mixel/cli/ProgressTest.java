package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.Progress;

/** A log file gets few whole lines; a terminal gets one line that is left clean. */
class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void aLineNowAndThenAndOneAtTheEnd() {
    AtomicLong seconds = new AtomicLong();
    Progress progress = new LineProgress(err, () -> TimeUnit.SECONDS.toNanos(seconds.get()));
    try (Progress.Stage stage = progress.begin("fit", 50)) {
      stage.note("-12.5");
      for (int i = 0; i < 50; i++) {
        seconds.incrementAndGet();
        stage.advance(1);
      }
    }
    assertThat(printed()).isEqualTo("fit: 30 of 50, 30 s, -12.5\nfit: 50 of 50, 50 s, -12.5\n");
  }

  @Test
  void aStageThatDoesNotAdvanceIsTold() {
    AtomicLong seconds = new AtomicLong();
    LineProgress progress = new LineProgress(err, () -> TimeUnit.SECONDS.toNanos(seconds.get()));
    try (Progress.Stage outer = progress.begin("all", 2)) {
      seconds.set(20);
      try (Progress.Stage inner = progress.begin("fetching", -1)) {
        inner.note("from afar");
        seconds.set(29);
        assertThat(progress.beat()).isTrue();
        assertThat(printed()).isEmpty();
        seconds.set(31);
        progress.beat();
        seconds.set(50);
        progress.beat();
        progress.tell("afar failed");
        seconds.set(79);
        progress.beat();
      }
      seconds.set(81);
      progress.beat();
    }
    assertThat(progress.beat()).isFalse();
    assertThat(printed().lines())
        .startsWith("fetching: 0, 11 s, from afar", "note: afar failed")
        .endsWith("all: 0 of 2, 81 s");
  }

  @Test
  void shortStagesAreNotWorthALine() {
    try (Progress.Stage stage = new LineProgress(err, System::nanoTime).begin("read", -1)) {
      stage.advance(1);
    }
    assertThat(printed()).isEmpty();
  }

  @Test
  void barsKeepToOneLineAndVanish() {
    Progress progress = new BarProgress(err, 60);
    try (Progress.Stage fit = progress.begin("fit", 10)) {
      fit.advance(5);
      try (Progress.Stage inner = progress.begin("a stage with a very long name, too long", 4)) {
        inner.note("a note that would not fit beside it on so narrow a terminal");
        inner.advance(4);
      }
      fit.advance(5);
    }
    assertThat(printed()).contains("fit").doesNotContain("\n").endsWith("\r\u001b[K\r");
    assertThat(printed().split("\r")).allMatch(line -> line.replace("\u001b[K", "").length() < 60);
  }

  @Test
  void notesStandOnLinesOfTheirOwn() {
    Progress progress = new BarProgress(err, 80);
    try (Progress.Stage fit = progress.begin("fit", 10)) {
      fit.advance(5);
      progress.tell("a component lost its rows");
    }
    assertThat(printed()).contains("\r\u001b[Knote: a component lost its rows\n");
  }

  @ParameterizedTest
  @CsvSource({
    "EM, 'train 727.21, validation 712.32 nats'",
    "numbers of components, ''",
    "fetching mnist train-images-idx3-ubyte, 'ossci-datasets.s3.amazonaws.com'",
    "reading /a/long/path/to/a/file/with/pictures/that/goes/on/and/on/until/it/ends.tar.gz, 'x'",
  })
  void aBarOfUsefulWidthRemains(String name, String note) {
    for (int width : new int[] {40, 79, 120, 200}) {
      for (long steps : new long[] {-1, 1_800_000}) {
        String line = BarLine.of(name, 900_000, steps, Duration.ofSeconds(3_700), note, width);
        assertThat(line).hasSizeLessThanOrEqualTo(width).containsPattern("\\[[=<> ]{10,}]");
        assertThat(line.contains(" 50% [")).isEqualTo(steps > 0);
      }
    }
    assertThat(BarLine.of(name, 900_000, 1_800_000, Duration.ofSeconds(62), note, 200))
        .contains(
            name, "[====================>", "] 1:02, 1:02 left", note, "900,000 of 1,800,000");
  }

  @Test
  void atEightyColumnsAllThatMattersIsThere() {
    String note = "train 727.21, validation 712.32 nats";
    assertThat(BarLine.of("EM", 60, 1_000, Duration.ofSeconds(12), note, 79))
        .isEqualTo(
            "EM   6% [>              ] 0:12, 3:08 left  train 727.21, validation 712.32 nats");
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
