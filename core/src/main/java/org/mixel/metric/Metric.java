package org.mixel.metric;

import java.util.List;
import java.util.function.Predicate;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;

/**
 * A figure of merit that needs only the samples themselves. A training that is evaluated logs all
 * of {@link #ALL} that apply to its data.
 *
 * @param name its column in the log of a training
 * @param appliesTo whether samples of this kind have the figure
 * @param measure measures it
 */
public record Metric(String name, Predicate<Samples> appliesTo, Measure measure) {
  /** Every metric. A new one is added here. */
  public static final List<Metric> ALL =
      List.of(
          new Metric(
              "sharpness",
              samples -> samples.shape().isPresent(),
              (samples, device, progress) ->
                  Sharpness.of(samples, Sharpness.Options.defaults(), device, progress)
                      .sharpness()));

  /** Measures samples. */
  @FunctionalInterface
  public interface Measure {
    /**
     * @throws org.mixel.InputException if the figure of these samples does not exist
     */
    double of(Samples samples, ComputeDevice device, Progress progress);
  }
}
