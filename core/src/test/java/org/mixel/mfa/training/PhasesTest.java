package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mixel.Progress;

/** All is passed on, and each stage's time is noted under its name. */
class PhasesTest {
  @Test
  void allIsPassedOnAndTimed() throws InterruptedException {
    RecordedProgress progress = new RecordedProgress();
    Phases phases = new Phases(progress);
    long began = System.nanoTime();
    phases.tell("a note");
    try (Progress.Stage first = phases.begin("first", 7)) {
      Thread.sleep(20);
      phases.begin("second", -1).close();
      first.advance(3);
      first.note("three");
    }
    double once = phases.seconds().getOrDefault("first", 0.0);
    try (Progress.Stage again = phases.begin("first", 1)) {
      Thread.sleep(20);
    }
    double took = (System.nanoTime() - began) / 1e9;
    assertThat(progress.heard())
        .containsExactly(
            "tells a note",
            "first begins 7",
            "second begins -1",
            "second ends",
            "first advances 3",
            "first notes three",
            "first ends",
            "first begins 1",
            "first ends");
    assertThat(phases.seconds()).containsOnlyKeys("first", "second");
    assertThat(phases.seconds().keySet()).containsExactly("first", "second");
    assertThat(once).isBetween(0.02, took);
    assertThat(phases.seconds().getOrDefault("first", 0.0)).isBetween(once + 0.02, took);
    assertThat(phases.seconds().getOrDefault("second", -1.0)).isBetween(0.0, once);
  }
}
