package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
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

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
