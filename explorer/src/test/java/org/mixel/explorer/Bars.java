package org.mixel.explorer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Sampler;
import org.mixel.tensor.Tensors;

/**
 * A small world for the page: eight components of images with a bright bar each, whose brightness
 * and place are its two factors, and the same of vectors in units that differ by thousands.
 */
final class Bars {
  static final int COMPONENTS = 8;
  static final int SIDE = 12;

  private Bars() {}

  /** Images of one bar: four across, four down. */
  static MixtureOfFactorAnalyzers images() {
    int dims = SIDE * SIDE;
    float[] means = new float[COMPONENTS * dims];
    float[] loadings = new float[COMPONENTS * 2 * dims];
    for (int k = 0; k < COMPONENTS; k++) {
      for (int j = 0; j < dims; j++) {
        int across = k < 4 ? j / SIDE : j % SIDE;
        int from = 1 + k % 4 * 3;
        boolean bar = across == from || across == from + 1;
        means[k * dims + j] = bar ? 0.7f : 0.1f;
        loadings[(2 * k) * dims + j] = bar ? 0.1f : 0;
        loadings[(2 * k + 1) * dims + j] =
            across == from - 1 ? 0.15f : across == from + 1 ? -0.15f : 0;
      }
    }
    float[] noise = new float[COMPONENTS * dims];
    Arrays.fill(noise, 0.002f);
    return MixtureOfFactorAnalyzers.of(
        Tensors.of(weights(), COMPONENTS),
        Tensors.of(means, COMPONENTS, dims),
        Tensors.of(loadings, COMPONENTS, 2, dims),
        Tensors.of(noise, COMPONENTS, dims),
        new ImageShape(1, SIDE, SIDE),
        Map.of());
  }

  /** The last component is twice as heavy as the first. */
  private static float[] weights() {
    float[] logs = new float[COMPONENTS];
    for (int k = 0; k < COMPONENTS; k++) {
      logs[k] = (float) Math.log(COMPONENTS - 1 + k);
    }
    return logs;
  }

  /** Vectors of six columns, the last in thousands. */
  static MixtureOfFactorAnalyzers vectors() {
    double[] units = {1, 1, 0.01, 1, 1, 1000};
    int dims = units.length;
    double[] means = new double[3 * dims];
    double[] loadings = new double[3 * dims];
    double[] noise = new double[3 * dims];
    for (int i = 0; i < means.length; i++) {
      means[i] = ((i * 7) % 5 - 2) * units[i % dims];
      loadings[i] = (i % 2 == 0 ? 0.5 : -0.3) * units[i % dims];
      noise[i] = 0.01 * units[i % dims] * units[i % dims];
    }
    return MixtureOfFactorAnalyzers.of(
        Tensors.of(new double[3], 3),
        Tensors.of(means, 3, dims),
        Tensors.of(loadings, 3, 1, dims),
        Tensors.of(noise, 3, dims),
        null,
        Map.of());
  }

  /** Rows of a model, its noise included. */
  static Samples rows(MixtureOfFactorAnalyzers model, String name, int rows, long seed) {
    try (Sampler sampler = Sampler.of(model, true, seed)) {
      return sampler.take(name, rows, Progress.SILENT);
    }
  }

  /** 800 rows with their components as classes, and two candidates: one lacks components 0 to 2. */
  static Exploration explored(MixtureOfFactorAnalyzers model) {
    Samples data = rows(model, "bars.npy", 800, 1);
    Samples equal = rows(model, "equal.npy", 800, 2);
    Samples more = rows(model, "lacking.npy", 1200, 3);
    int[] components = model.mostProbable(more);
    int[] kept = IntStream.range(0, more.rows()).filter(row -> components[row] > 2).toArray();
    return Exploration.of("bars.mfa", model)
        .withData(data, model.mostProbable(data))
        .withCandidates(List.of(more.select(kept), equal));
  }
}
