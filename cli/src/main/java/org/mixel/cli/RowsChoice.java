package org.mixel.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.RowSize;
import org.mixel.data.Samples;
import org.mixel.mfa.training.Holdout;
import picocli.CommandLine.Option;

/** The rows that {@code fit} judges models on, and whether it dequantises rows. */
final class RowsChoice {
  @Option(
      names = "--validation",
      paramLabel = "DATA|none",
      description =
          "Rows to stop on; the model that is best on them is kept (default: a tenth of the rows, at"
              + " most 5,000, if there are 1,000; a fiftieth if there are fewer than 20 for each"
              + " component).")
  private @Nullable String validation;

  @Option(
      names = "--test",
      paramLabel = "DATA",
      description = "Rows to score the model on when it is done.")
  private @Nullable String test;

  @Option(
      names = "--dequantize",
      description =
          "8-bit images: train on (x + u) / 256 with u uniform in [0, 1), drawn anew for each pass;"
              + " for likelihoods that score --bits-per-dim compares.")
  private boolean dequantize;

  /** The rows to train on, to validate with and to test with. */
  record Rows(Samples all, Samples train, @Nullable Samples held, @Nullable Samples test) {
    /** The same with the mirror images of the training rows, too. */
    Rows mirrored() {
      return new Rows(all, train.mirrored(), held, test);
    }
  }

  /** Says what will be read. */
  void addTo(Places places) {
    places.reads(validation).reads(test);
  }

  /** Training rows, dequantised in each pass if that was asked for. */
  Samples dequantizedAfresh(Samples samples, long seed) {
    return dequantize ? samples.dequantizedAfresh(seed) : samples;
  }

  /**
   * Opens the validation and test rows, or holds out a part of the data for validation.
   *
   * @param all the data
   * @param components of the largest model to train
   * @throws InputException if rows of a set have another size than the data
   */
  Rows of(Samples all, int components, DataReading reading, Session session) {
    Samples tested = test == null ? null : judges(test, reading, session);
    requireSameSize("--test", tested, all);
    if (validation == null) {
      Optional<Holdout> parts = Holdout.of(all, components, session.seed());
      parts.ifPresent(
          held ->
              session.note(
                  "%,d random rows are held out for validation; --validation none trains on all"
                      .formatted(held.validation().rows())));
      return new Rows(
          all,
          parts.map(Holdout::train).orElse(all),
          parts.map(Holdout::validation).orElse(null),
          tested);
    }
    Samples held = validation.equals("none") ? null : judges(validation, reading, session);
    requireSameSize("--validation", held, all);
    return new Rows(all, all, held, tested);
  }

  /** Rows to judge models on, dequantised once if the training rows are in each pass. */
  private Samples judges(String text, DataReading reading, Session session) {
    Samples samples = reading.open(text, session);
    return dequantize ? samples.dequantized(session.seed()) : samples;
  }

  private static void requireSameSize(String option, @Nullable Samples set, Samples all) {
    if (set != null && set.dims() != all.dims()) {
      RowSize its = RowSize.of(set);
      RowSize wanted = RowSize.of(all);
      throw new InputException(
          "%s %s: its rows have %s, those of %s %s%s"
              .formatted(option, set.name(), its, all.name(), wanted, its.remedy(wanted)));
    }
  }
}
