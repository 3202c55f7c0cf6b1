package org.mixel.mfa;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
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
      return InputException.choose("mode", values(), name);
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How to complete rows.
   *
   * @param mode what stands in the place of hidden values
   * @param draws completions of each row, at least 1; only {@link Mode#SAMPLE} gives different ones
   * @param seed fixes the draws
   */
  public record Options(Mode mode, int draws, long seed) {
    /**
     * @throws InputException if draws are below 1
     */
    public Options {
      InputException.require(draws >= 1, "draws must be at least 1, got " + draws);
    }

    /** One completion of each row in the paper's way, seed 0. */
    public static Options defaults() {
      return new Options(Mode.PAPER, 1, 0);
    }

    /** The same with another mode. */
    public Options withMode(Mode mode) {
      return new Options(mode, draws, seed);
    }

    /** The same with another number of completions of each row. */
    public Options withDraws(int draws) {
      return new Options(mode, draws, seed);
    }

    /** The same with another seed. */
    public Options withSeed(long seed) {
      return new Options(mode, draws, seed);
    }
  }

  /**
   * Completes rows. A value is hidden if it is NaN in the row, or by a mask.
   *
   * @param model the mixture
   * @param samples rows, of which the hidden values are not read
   * @param observed which of the {@code d} values are known, the same in all rows, or null if only
   *     NaN hides
   * @param target receives batches of whole rows in order, {@code draws} for each row of the data
   * @throws InputException if rows or mask have another number of values than the model, or the
   *     mask hides everything
   */
  public static void complete(
      MixtureOfFactorAnalyzers model,
      Samples samples,
      boolean @Nullable [] observed,
      Options options,
      Progress progress,
      Consumer<float[]> target) {
    completeTensors(
        model, samples, observed, options, progress, rows -> target.accept(Tensors.floats(rows)));
  }

  /**
   * {@link #complete} into a file, in float64 if the writer takes that.
   *
   * @param target receives whole rows in order, {@code draws} for each row of the data
   */
  public static void write(
      MixtureOfFactorAnalyzers model,
      Samples samples,
      boolean @Nullable [] observed,
      Options options,
      Progress progress,
      SampleWriter target) {
    completeTensors(model, samples, observed, options, progress, rows -> write(rows, target));
  }

  /**
   * {@link #complete} in memory: images in float32, vectors in float64.
   *
   * @return the completed rows, {@code draws} for each row of the data
   */
  public static Samples complete(
      MixtureOfFactorAnalyzers model,
      Samples samples,
      boolean @Nullable [] observed,
      Options options,
      Progress progress) {
    int dims = model.dims();
    int values = Math.multiplyExact(Math.multiplyExact(samples.rows(), options.draws()), dims);
    int[] done = {0};
    if (model.shape().isEmpty()) {
      double[] completed = new double[values];
      completeTensors(
          model,
          samples,
          observed,
          options,
          progress,
          rows -> done[0] += append(Tensors.doubles(rows), completed, done[0]));
      return StoredSamples.ofDoubles(samples.name(), dims, completed);
    }
    float[] completed = new float[values];
    completeTensors(
        model,
        samples,
        observed,
        options,
        progress,
        rows -> done[0] += append(Tensors.floats(rows), completed, done[0]));
    return StoredSamples.ofFloats(samples.name(), dims, model.shape().orElse(null), completed);
  }

  /** Copies an array into a longer one, and gives its length. */
  private static int append(Object part, Object whole, int at) {
    int length = Array.getLength(part);
    System.arraycopy(part, 0, whole, at, length);
    return length;
  }

  /** Appends rows, in float64 if the writer takes that. */
  static void write(Tensor rows, SampleWriter target) {
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
      Options options,
      Progress progress,
      Consumer<Tensor> target) {
    int draws = options.draws();
    try (RandomStream random = RandomStream.of(options.seed())) {
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
            return switch (options.mode()) {
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
   * @param observed which of the {@code d} values are known, the same in all rows, or null if only
   *     NaN hides
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

  /** Asks the same of every row, batch by batch. */
  static void ask(
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
        Tensor limits = limits(model, observed);
        rows.forEach(
            Math.max(1, Density.blockRows(model) / answers),
            progress,
            batch -> {
              Tensor some = batch.rows();
              requireWithin(limits, some, samples, batch.from());
              target.accept(question.apply(conditional, some));
            });
      }
    }
  }

  /**
   * Of each value: beyond it, squares in units of the noise overflow, and nothing is likely any
   * more. A hidden value has none.
   */
  private static Tensor limits(MixtureOfFactorAnalyzers model, boolean @Nullable [] observed) {
    double most = model.type() == ScalarType.Double ? Double.MAX_VALUE : Float.MAX_VALUE;
    double least = Math.min(1, model.noiseVariance().min().item().toDouble());
    double[] limits = new double[model.dims()];
    Arrays.fill(limits, Math.sqrt(most / model.dims()) * Math.sqrt(least));
    for (int j = 0; observed != null && j < limits.length; j++) {
      limits[j] = observed[j] ? limits[j] : Double.POSITIVE_INFINITY;
    }
    return Tensors.of(limits, limits.length).to(model.device(), model.type());
  }

  private static void requireWithin(Tensor limits, Tensor rows, Samples samples, int first) {
    Tensor beyond = rows.abs().gt(limits).any(1, false);
    if (beyond.any().item().toBool()) {
      int row = first + (int) beyond.to(ScalarType.Int).argmax().item().toLong();
      throw new InputException(
          "%s: row %d (counted from 0) holds a value that is infinite or too large; remove or repair"
                  .formatted(samples.name(), samples.rowNumber(row))
              + " it");
    }
  }
}
