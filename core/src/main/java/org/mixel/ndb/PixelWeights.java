package org.mixel.ndb;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.data.ColumnMoments;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * Semi-whitening: one over each pixel's standard deviation.
 *
 * <p>A pixel that hardly varies in the reference would decide every distance as soon as a candidate
 * varies there, so pixels whose deviation is below one hundredth of the root mean square deviation
 * of all pixels get weight 0.
 */
final class PixelWeights {
  private static final double NEGLIGIBLE = 0.01;

  private PixelWeights() {}

  /**
   * @return {@code dims} factors; all 1 when no pixel varies
   */
  static float[] of(Samples samples, ComputeDevice device) {
    if (samples.areVectors()) {
      return ofVectors(samples);
    }
    double[] variance = variances(samples, device);
    double mean = Arrays.stream(variance).average().orElseThrow();
    float[] weights = new float[variance.length];
    Arrays.fill(weights, 1);
    double negligible = NEGLIGIBLE * NEGLIGIBLE * mean;
    for (int j = 0; mean > 0 && j < weights.length; j++) {
      boolean varies = variance[j] > negligible;
      weights[j] = varies ? (float) (1 / Math.sqrt(variance[j])) : 0;
    }
    return weights;
  }

  /** Columns of vectors have units of their own: only one that is constant does not count. */
  private static float[] ofVectors(Samples samples) {
    double[] deviations = ColumnMoments.of(samples).deviations();
    float[] weights = new float[deviations.length];
    boolean varies = Arrays.stream(deviations).anyMatch(deviation -> deviation > 0);
    for (int j = 0; j < weights.length; j++) {
      weights[j] = deviations[j] > 0 ? (float) (1 / deviations[j]) : varies ? 0 : 1;
    }
    return weights;
  }

  /** Two passes, so that a large mean costs no digits. */
  private static double[] variances(Samples samples, ComputeDevice device) {
    try (NativeScope scope = new NativeScope();
        RowReader rows = RowReader.of(samples, device)) {
      Tensor mean = ColumnMeans.of(rows, x -> x);
      return Tensors.doubles(
          ColumnMeans.of(rows, x -> x.to(ScalarType.Double).sub_(mean).square_()));
    }
  }
}
