package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mixel.Progress;

/** All is passed on, and each stage's time is noted under its name. */
class PhasesTest {
  private static final class Heard implements Progress {
    private final List<String> heard = new ArrayList<>();

    @Override
    public void tell(String note) {
      heard.add("tell " + note);
    }

    @Override
    public Stage begin(String name, long steps) {
      heard.add("begin " + name + " " + steps);
      return new Stage() {
        @Override
        public void advance(long by) {
          heard.add("advance " + by);
        }

        @Override
        public void note(String text) {
          heard.add("note " + text);
        }

        @Override
        public void close() {
          heard.add("close");
        }
      };
    }
  }

  @Test
  void allIsPassedOnAndTimed() throws InterruptedException {
    Heard heard = new Heard();
    Phases phases = new Phases(heard);
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
    assertThat(heard.heard)
        .containsExactly(
            "tell a note",
            "begin first 7",
            "begin second -1",
            "close",
            "advance 3",
            "note three",
            "close",
            "begin first 1",
            "close");
    assertThat(phases.seconds()).containsOnlyKeys("first", "second");
    assertThat(phases.seconds().keySet()).containsExactly("first", "second");
    assertThat(once).isBetween(0.02, took);
    assertThat(phases.seconds().getOrDefault("first", 0.0)).isBetween(once + 0.02, took);
    assertThat(phases.seconds().getOrDefault("second", -1.0)).isBetween(0.0, once);
  }
}
