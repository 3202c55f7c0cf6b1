package org.mixel.mfa;

import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;
import org.mixel.io.SampleWriter;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/** Completes the hidden values of every row of a data set. */
public final class Inpainting {
  private Inpainting() {}

  /** How hidden values are filled in. */
  public enum Mode {
    /** The most probable component alone, {@code z} at its posterior mean: the paper's way. */
    PAPER,
    /** The mean under the whole mixture: least mean squared error. */
    MEAN,
    /** A draw from the posterior of the component and of {@code z}, without pixel noise. */
    SAMPLE;

    /**
     * @param name {@code paper}, {@code mean} or {@code sample}
     * @throws InputException if it is none of these
     */
    public static Mode of(String name) {
      for (Mode mode : values()) {
        if (mode.toString().equals(name)) {
          return mode;
        }
      }
      throw new InputException("mode must be paper, mean or sample, got " + name);
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Completes rows. Hidden values are NaN in the row, covered by a mask, or both.
   *
   * @param model the mixture
   * @param samples rows, of which the hidden values are not read
   * @param observed which of the {@code d} values are known, for all rows, or null if the rows
   *     alone tell
   * @param mode how hidden values are filled in
   * @param draws completions of each row, one after the other; only {@link Mode#SAMPLE} gives
   *     different ones
   * @param seed fixes the draws
   * @param target receives batches of whole rows in order, {@code draws} for each row of the data
   * @throws InputException if rows or mask have another number of values than the model, the mask
   *     hides everything, or draws are below 1
   */
  public static void complete(
      MixtureOfFactorAnalyzers model,
      Samples samples,
      boolean @Nullable [] observed,
      Mode mode,
      int draws,
      long seed,
      Progress progress,
      Consumer<float[]> target) {
    completeTensors(
        model,
        samples,
        observed,
        mode,
        draws,
        seed,
        progress,
        rows -> target.accept(Tensors.floats(rows)));
  }

  /**
   * {@link #complete} into a file, in float64 where the writer is of it.
   *
   * @param target receives whole rows in order, {@code draws} for each row of the data
   */
  public static void write(
      MixtureOfFactorAnalyzers model,
      Samples samples,
      boolean @Nullable [] observed,
      Mode mode,
      int draws,
      long seed,
      Progress progress,
      SampleWriter target) {
    completeTensors(
        model, samples, observed, mode, draws, seed, progress, rows -> write(rows, target));
  }

  private static void write(Tensor rows, SampleWriter target) {
    if (target.type() == ElementType.FLOAT64) {
      target.write(Tensors.doubles(rows));
    } else {
      target.write(Tensors.floats(rows));
    }
  }

  private static void completeTensors(
      MixtureOfFactorAnalyzers model,
      Samples samples,
      boolean @Nullable [] observed,
      Mode mode,
      int draws,
      long seed,
      Progress progress,
      Consumer<Tensor> target) {
    if (draws < 1) {
      throw new InputException("draws must be at least 1, got " + draws);
    }
    try (RandomStream random = RandomStream.of(seed)) {
      ask(
          model,
          samples,
          observed,
          draws,
          (conditional, rows) -> {
            Tensor repeated =
                draws == 1
                    ? rows
                    : rows.repeat_interleave(draws, new LongOptional(0), new LongOptional());
            return switch (mode) {
              case PAPER -> conditional.mostProbable(repeated);
              case MEAN -> conditional.mean(repeated);
              case SAMPLE -> conditional.sample(repeated, random);
            };
          },
          progress.begin("in-painting", samples.rows()),
          target);
    }
  }

  /**
   * How uncertain the hidden values are: their variances under the whole mixture ({@link
   * Conditional#variance}), 0 for observed values.
   *
   * @param model the mixture
   * @param samples rows, of which the hidden values are not read
   * @param observed which of the {@code d} values are known, for all rows, or null if the rows
   *     alone tell
   * @param target receives whole rows in order
   * @throws InputException if rows or mask have another number of values than the model, or the
   *     mask hides everything
   */
  public static void writeVariance(
      MixtureOfFactorAnalyzers model,
      Samples samples,
      boolean @Nullable [] observed,
      Progress progress,
      SampleWriter target) {
    ask(
        model,
        samples,
        observed,
        1,
        Conditional::variance,
        progress.begin("variances", samples.rows()),
        rows -> write(rows, target));
  }

  private static void ask(
      MixtureOfFactorAnalyzers model,
      Samples samples,
      boolean @Nullable [] observed,
      int answers,
      BiFunction<Conditional, Tensor, Tensor> question,
      Progress.Stage progress,
      Consumer<Tensor> target) {
    try (progress;
        NativeScope scope = new NativeScope()) {
      Scoring.requireSameDims(model, samples);
      try (Conditional conditional =
              observed == null ? Conditional.ofMissing(model) : Conditional.of(model, observed);
          RowReader rows = RowReader.of(samples, model.device(), model.type())) {
        rows.forEach(
            Math.max(1, Density.blockRows(model) / answers),
            progress,
            batch -> target.accept(question.apply(conditional, batch.rows())));
      }
    }
  }
}
