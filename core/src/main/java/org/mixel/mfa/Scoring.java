package org.mixel.mfa;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ElementType;
import org.mixel.data.RowSize;
import org.mixel.data.Samples;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/** Scores every row of a data set under a mixture. */
public final class Scoring {
  private Scoring() {}

  /**
   * Natural logs of the density of every row, in the units of the data ([0, 1] for pixels). Where
   * values are missing (NaN), the density is that of the others; of a row without any, the log is
   * 0.
   *
   * @return a new array, one value per row, in nats
   * @throws InputException if the rows have another number of values than the model, or a row has
   *     no finite log-likelihood
   */
  public static double[] logLikelihood(
      MixtureOfFactorAnalyzers model, Samples samples, Progress progress) {
    requireSameDims(model, samples);
    double[] scores = new double[samples.rows()];
    try (NativeScope scope = new NativeScope();
        Density density = Density.of(model);
        RowReader rows = RowReader.of(samples, model.device(), model.type());
        Progress.Stage stage = progress.begin("log-likelihood", samples.rows())) {
      ObservedDensity observed = ObservedDensity.of(density);
      boolean complete = samples.type() == ElementType.UINT8;
      rows.forEach(
          complete ? density.batchRows() : Density.blockRows(model),
          stage,
          batch -> {
            double[] block = Tensors.doubles(observed.logLikelihood(batch.rows()));
            System.arraycopy(block, 0, scores, batch.from(), block.length);
            requireFinite(samples, block, batch.from());
          });
    }
    return scores;
  }

  /** Receives the scores of consecutive rows. */
  @FunctionalInterface
  public interface Target {
    /**
     * @param from the first row
     * @param logLikelihood of each row, in nats
     * @param mostProbable the most probable component of each row
     */
    void accept(int from, double[] logLikelihood, int[] mostProbable);
  }

  /**
   * {@link #logLikelihood} and {@link #mostProbable} in one pass, handed out as they are known.
   *
   * @param batchRows rows that are scored at a time
   * @param target receives batch after batch
   * @throws InputException if the rows have another number of values than the model, or a row has
   *     no finite log-likelihood
   */
  public static void forEach(
      MixtureOfFactorAnalyzers model,
      Samples samples,
      int batchRows,
      Progress progress,
      Target target) {
    requireSameDims(model, samples);
    try (NativeScope scope = new NativeScope();
        Density density = Density.of(model);
        RowReader rows = RowReader.of(samples, model.device(), model.type());
        Progress.Stage stage = progress.begin("scores", samples.rows())) {
      ObservedDensity observed = ObservedDensity.of(density);
      rows.forEach(
          batchRows,
          stage,
          batch -> {
            Tensor some = batch.rows();
            Tensor joint = observed.logJoint(some);
            double[] scores = Tensors.doubles(observed.logLikelihood(some, joint));
            requireFinite(samples, scores, batch.from());
            target.accept(
                batch.from(), scores, Tensors.ints(joint.argmax(new LongOptional(1), false)));
          });
    }
  }

  private static void requireFinite(Samples samples, double[] scores, int first) {
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        int row = first + i;
        boolean infinite = false;
        for (float value : samples.row(row)) {
          infinite |= Float.isInfinite(value);
        }
        throw new InputException(
            "%s: row %d (counted from 0) has no finite log-likelihood: %s"
                .formatted(
                    samples.name(),
                    samples.rowNumber(row),
                    infinite
                        ? "it holds a value that is infinite or too large; remove or repair it"
                        : "it lies too far from the model's means for the model's noise; look at the"
                            + " values of both"));
      }
    }
  }

  /**
   * The mean of {@link #logLikelihood} over the rows, in nats; by their {@linkplain Samples#weights
   * weights}, if they have some.
   */
  public static double meanLogLikelihood(
      MixtureOfFactorAnalyzers model, Samples samples, Progress progress) {
    double[] weights = samples.weights().orElse(null);
    double[] scores = logLikelihood(model, samples, progress);
    double sum = 0;
    double rows = 0;
    for (int i = 0; i < scores.length; i++) {
      double weight = weights == null ? 1 : weights[i];
      sum += weight * scores[i];
      rows += weight;
    }
    return sum / rows;
  }

  /**
   * The most probable component of every row, given its observed values where others are missing.
   *
   * @return a new array, one index per row
   * @throws InputException if the rows have another number of values than the model
   */
  public static int[] mostProbable(
      MixtureOfFactorAnalyzers model, Samples samples, Progress progress) {
    requireSameDims(model, samples);
    int[] components = new int[samples.rows()];
    try (NativeScope scope = new NativeScope();
        Density density = Density.of(model);
        RowReader rows = RowReader.of(samples, model.device(), model.type());
        Progress.Stage stage = progress.begin("most probable components", samples.rows())) {
      ObservedDensity observed = ObservedDensity.of(density);
      rows.forEach(
          Density.blockRows(model),
          stage,
          batch -> {
            int[] block = Tensors.ints(observed.mostProbable(batch.rows()));
            System.arraycopy(block, 0, components, batch.from(), block.length);
          });
    }
    return components;
  }

  /**
   * A mean log-density in bits per value of 8-bit pixels: {@code -(nats - d ln 256) / (d ln 2)}. A
   * density of pixels divided by 255 or 256 is the density of the pixels as integers, times {@code
   * 256^d}.
   *
   * @param meanLogLikelihood in nats per row, of pixels in [0, 1]
   * @param dims values per row
   */
  public static double bitsPerDim(double meanLogLikelihood, int dims) {
    return -(meanLogLikelihood / dims - Math.log(256)) / Math.log(2);
  }

  /**
   * @throws InputException if the rows have another number of values than the model
   */
  public static void requireSameDims(MixtureOfFactorAnalyzers model, Samples samples) {
    if (samples.dims() != model.dims()) {
      RowSize its = RowSize.of(samples);
      RowSize wanted = new RowSize(model.dims(), model.shape());
      String remedy = its.remedy(wanted);
      throw new InputException(
          "%s: rows have %s, but the model has %s%s"
              .formatted(
                  samples.name(),
                  its,
                  wanted,
                  remedy.isEmpty() ? "; give data of the model's size" : remedy));
    }
  }
}
