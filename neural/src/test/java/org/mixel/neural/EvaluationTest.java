package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSampler;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;

/** States of a training are chosen by what is tested in the end. */
@ExtendWith(OneThread.class)
class EvaluationTest {
  private static final ImageShape SHAPE = new ImageShape(1, 6, 6);
  private static final int ROWS = 300;

  private static final Evaluation.Options OPTIONS =
      Evaluation.Options.defaults().withBins(List.of(5)).withRows(ROWS);

  /** Rows that come out of the range of pixels, or as an image file would keep them. */
  private record Drawn(boolean clipped) implements RowSampler {
    @Override
    public int dims() {
      return SHAPE.dims();
    }

    @Override
    public Optional<ImageShape> shape() {
      return Optional.of(SHAPE);
    }

    @Override
    public int batchRows() {
      return ROWS;
    }

    @Override
    public float[] nextRows(int count) {
      float[] rows = values(2, count, 2.5f, -0.7f);
      for (int i = 0; clipped && i < rows.length; i++) {
        rows[i] = Math.round(255 * Math.min(1, Math.max(0, rows[i]))) / 255f;
      }
      return rows;
    }

    @Override
    public void close() {}
  }

  private static float[] values(long seed, int rows, float scale, float shift) {
    Random random = new Random(seed);
    float[] values = new float[rows * SHAPE.dims()];
    for (int i = 0; i < values.length; i++) {
      // Columns of very different variance, so that whitening places other bins.
      values[i] = shift + scale * random.nextFloat() / (1 + i % SHAPE.dims());
    }
    return values;
  }

  private static Map<String, Double> figures(Evaluation.Options options, boolean clipped) {
    Samples data =
        StoredSamples.ofFloats("data", SHAPE.dims(), SHAPE, values(1, 2 * ROWS, 0.9f, 0.05f));
    try (Evaluation evaluation = new Evaluation(data, options, ComputeDevice.CPU, null);
        RowSampler drawn = new Drawn(clipped)) {
      return evaluation.of(drawn, Progress.SILENT);
    }
  }

  @Test
  void samplesCountAsAnImageFileKeepsThem() {
    Map<String, Double> asImages = figures(OPTIONS.asImages(false), false);
    assertThat(asImages).isEqualTo(figures(OPTIONS, true)).isNotEqualTo(figures(OPTIONS, false));
  }

  @Test
  void binsAreWhitenedWhereTheTestWhitens() {
    double white = js(figures(OPTIONS.asImages(true), false));
    assertThat(white).isNotEqualTo(js(figures(OPTIONS.asImages(false), false)));
  }

  private static double js(Map<String, Double> figures) {
    return Objects.requireNonNull(figures.get("js_5"));
  }
}
