package org.mixel.mfa.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mixel.Progress;

/** Passes progress on, and notes how long each stage takes. */
final class Phases implements Progress {
  private final Progress progress;
  private final Map<String, Double> seconds = Collections.synchronizedMap(new LinkedHashMap<>());

  Phases(Progress progress) {
    this.progress = progress;
  }

  /** Seconds by the names of the stages, in the order in which they began. */
  Map<String, Double> seconds() {
    return new LinkedHashMap<>(seconds);
  }

  @Override
  public void tell(String note) {
    progress.tell(note);
  }

  @Override
  public Stage begin(String name, long steps) {
    Stage stage = progress.begin(name, steps);
    long began = System.nanoTime();
    seconds.putIfAbsent(name, 0.0);
    return new Stage() {
      @Override
      public void advance(long by) {
        stage.advance(by);
      }

      @Override
      public void note(String text) {
        stage.note(text);
      }

      @Override
      public void close() {
        seconds.merge(name, (System.nanoTime() - began) / 1e9, Double::sum);
        stage.close();
      }
    };
  }
}
