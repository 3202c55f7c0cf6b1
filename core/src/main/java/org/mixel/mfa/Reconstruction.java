package org.mixel.mfa;

import java.util.Arrays;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.io.SampleWriter;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * Every row by its most probable component alone: {@code mu + A E[z given x]}. The most probable
 * component and {@code z} are those of the observed values where others are missing (NaN); the
 * reconstruction is always of the whole row.
 */
public final class Reconstruction {
  private final Samples samples;
  private double squares;
  private long values;

  private Reconstruction(Samples samples) {
    this.samples = samples;
  }

  /**
   * Reconstructs rows.
   *
   * @param target receives batches of whole rows in order
   * @return the mean squared error of the observed values; NaN if there are none
   * @throws InputException if the rows have another number of values than the model, or a value is
   *     infinite or too large
   */
  public static double of(
      MixtureOfFactorAnalyzers model,
      Samples samples,
      Progress progress,
      Consumer<float[]> target) {
    return new Reconstruction(samples)
        .run(model, progress, rows -> target.accept(Tensors.floats(rows)));
  }

  /**
   * {@link #of} into a file, in float64 if the writer takes that.
   *
   * @param target receives whole rows in order
   */
  public static double write(
      MixtureOfFactorAnalyzers model, Samples samples, Progress progress, SampleWriter target) {
    return new Reconstruction(samples).run(model, progress, rows -> Inpainting.write(rows, target));
  }

  /**
   * The factors of rows, {@code E[z given x]} under one component each, such as the {@linkplain
   * Scoring#mostProbable most probable} one.
   *
   * @param samples rows of {@code d} values; NaN where missing
   * @param components one for each row
   * @return {@code l} numbers for each row
   * @throws InputException if the rows have another number of values than the model
   */
  public static float[] factors(
      MixtureOfFactorAnalyzers model, Samples samples, int[] components, Progress progress) {
    int factors = model.factors();
    float[] all = new float[Math.multiplyExact(samples.rows(), factors)];
    int[] done = {0};
    Inpainting.ask(
        model,
        samples,
        everything(model),
        1,
        (conditional, rows) -> {
          int to = done[0] + (int) rows.size(0);
          Tensor labels = Tensors.indices(Arrays.copyOfRange(components, done[0], to));
          return conditional.factors(rows, labels.to(model.device(), ScalarType.Long));
        },
        progress.begin("factors", samples.rows()),
        batch -> {
          float[] own = Tensors.floats(batch);
          System.arraycopy(own, 0, all, done[0] * factors, own.length);
          done[0] += own.length / factors;
        });
    return all;
  }

  private double run(MixtureOfFactorAnalyzers model, Progress progress, Consumer<Tensor> target) {
    Inpainting.ask(
        model,
        samples,
        everything(model),
        1,
        (conditional, rows) -> {
          Tensor reconstructed = conditional.mostProbable(rows);
          addErrors(rows, reconstructed);
          return reconstructed;
        },
        progress.begin("reconstruction", samples.rows()),
        target);
    return squares / values;
  }

  private static boolean[] everything(MixtureOfFactorAnalyzers model) {
    boolean[] all = new boolean[model.dims()];
    Arrays.fill(all, true);
    return all;
  }

  private void addErrors(Tensor rows, Tensor reconstructed) {
    try (NativeScope scope = new NativeScope()) {
      Tensor observed = rows.isnan().logical_not();
      Tensor errors = rows.sub(reconstructed).masked_select(observed).to(ScalarType.Double);
      squares += errors.square().sum().item().toDouble();
      values += observed.sum().item().toLong();
    }
  }
}
