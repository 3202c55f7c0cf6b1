package org.mixel.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/** Rows reach tensors with their values and order intact, whatever their stored form. */
class BatchesTest {
  @Test
  void bytesAreScaledToUnitInterval() {
    byte[] pixels = {0, 51, 102, (byte) 153, (byte) 204, (byte) 255};
    Samples samples = StoredSamples.ofBytes("bytes", new ImageShape(1, 1, 2), pixels);
    try (NativeScope scope = new NativeScope();
        Batches batches = Batches.of(samples, Devices.cpu())) {
      Tensor batch = batches.rows(0, 3);
      assertThat(batch.sizes().vec().get()).containsExactly(3, 2);
      assertThat(Tensors.floats(batch)).containsExactly(0f, 0.2f, 0.4f, 0.6f, 0.8f, 1f);
    }
  }

  @Test
  void chosenRowsComeInTheOrderAskedForAndOutliveTheNextBatch() {
    Samples samples = StoredSamples.ofFloats("floats", 2, null, new float[] {0, 1, 10, 11, 20, 21});
    try (NativeScope scope = new NativeScope();
        Batches batches = Batches.of(samples, Devices.cpu())) {
      Tensor chosen = batches.rows(new int[] {2, 0, 2});
      batches.rows(1, 1);
      assertThat(Tensors.floats(chosen)).containsExactly(20, 21, 0, 1, 20, 21);
      assertThat(samples.select(new int[] {1}).row(0)).containsExactly(10, 11);
    }
  }
}
