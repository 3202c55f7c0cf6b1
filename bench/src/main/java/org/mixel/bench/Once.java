package org.mixel.bench;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mixel.bench.BenchCase.Timing;

/** Work that is done once for all repetitions. */
final class Once implements BenchCase.Trial {
  /**
   * @param timings one for each repetition, or one for all
   * @param note what they do not say
   */
  record Outcome(List<Timing> timings, String note) {
    Outcome(Timing timing, String note) {
      this(List.of(timing), note);
    }
  }

  private final Supplier<Outcome> work;
  private @Nullable Outcome outcome;
  private int repetition;

  Once(Supplier<Outcome> work) {
    this.work = work;
  }

  private Outcome outcome() {
    if (outcome == null) {
      outcome = work.get();
    }
    return outcome;
  }

  @Override
  public Timing time() {
    List<Timing> timings = outcome().timings();
    return timings.get(Math.min(repetition++, timings.size() - 1));
  }

  @Override
  public String note() {
    return outcome().note();
  }
}
