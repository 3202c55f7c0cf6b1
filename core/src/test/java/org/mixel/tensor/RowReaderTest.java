package org.mixel.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/**
 * Rows reach tensors with their values and order intact, whatever their stored form and the size of
 * the batches; what goes wrong on the reading thread is thrown to the caller.
 */
class RowReaderTest {
  private static Samples floats(int rows) {
    float[] values = new float[rows * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return StoredSamples.ofFloats("rows", 2, null, values);
  }

  @Test
  void bytesAreScaledToUnitInterval() {
    byte[] pixels = {0, 51, 102, (byte) 153, (byte) 204, (byte) 255};
    Samples samples = StoredSamples.ofBytes("bytes", new ImageShape(1, 1, 2), pixels);
    try (NativeScope scope = new NativeScope();
        RowReader reader = RowReader.of(samples, ComputeDevice.CPU)) {
      Tensor batch = reader.rows(0, 3);
      assertThat(batch.sizes().vec().get()).containsExactly(3, 2);
      assertThat(Tensors.floats(batch)).containsExactly(0f, 0.2f, 0.4f, 0.6f, 0.8f, 1f);
    }
  }

  @Test
  void chosenRowsComeInTheOrderAskedForAndOutliveTheNextBatch() {
    Samples samples = StoredSamples.ofFloats("floats", 2, null, new float[] {0, 1, 10, 11, 20, 21});
    try (NativeScope scope = new NativeScope();
        RowReader reader = RowReader.of(samples, ComputeDevice.CPU);
        RowReader selected = reader.select(new int[] {2, 0, 2})) {
      Tensor chosen = reader.rows(new int[] {2, 0, 2});
      reader.rows(1, 1);
      assertThat(Tensors.floats(chosen)).containsExactly(20, 21, 0, 1, 20, 21);
      assertThat(Tensors.floats(selected.rows(0, 3))).containsExactly(20, 21, 0, 1, 20, 21);
      assertThat(samples.select(new int[] {1}).row(0)).containsExactly(10, 11);
    }
  }

  @Test
  void everyRowComesOnceWhateverTheBatchesPassAfterPass() {
    for (int size : new int[] {1, 3, 7, 100}) {
      try (NativeScope scope = new NativeScope();
          RowReader reader = RowReader.of(floats(7), ComputeDevice.CPU)) {
        Tensor shift = Tensors.of(new float[] {10, 0}, 2);
        for (int pass = 0; pass < 2; pass++) {
          List<Float> seen = new ArrayList<>();
          reader.forEach(
              size,
              batch -> {
                assertThat(batch.from()).isEqualTo(seen.size() / 2);
                for (float value : Tensors.floats(batch.less(shift, 0, batch.count()))) {
                  seen.add(value);
                }
              });
          assertThat(seen).hasSize(14);
          for (int i = 0; i < 14; i++) {
            assertThat(seen.get(i)).isEqualTo(i + (i % 2 == 0 ? 10f : 0f));
          }
        }
      }
    }
  }

  @Test
  void rowsThatStayAreHandedOutInSmallerBatches() {
    AtomicInteger reads = new AtomicInteger();
    Samples counted = new Watched(floats(7), reads::addAndGet);
    try (RowReader reader = RowReader.of(counted, ComputeDevice.CPU)) {
      reader.forEach(7, batch -> assertThat(batch.count()).isEqualTo(7));
      List<Float> seen = new ArrayList<>();
      reader.forEach(
          3,
          batch -> {
            for (float value : Tensors.floats(batch.rows())) {
              seen.add(value);
            }
          });
      assertThat(seen).hasSize(14).startsWith(0f, 1f).endsWith(13f);
      assertThat(reads).hasValue(7);
    }
  }

  @Test
  void severalThreadsSeeEveryRowOnce() {
    int[] seen = new int[100];
    try (RowReader reader = RowReader.of(floats(100), ComputeDevice.CPU)) {
      reader.divide(
          9,
          Progress.SILENT.begin("rows", 100),
          batch -> {
            float[] values = Tensors.floats(batch.storedRows());
            for (int i = 0; i < batch.count(); i++) {
              seen[batch.from() + i] += (int) values[2 * i] + 1;
            }
          });
    }
    for (int i = 0; i < 100; i++) {
      assertThat(seen[i]).isEqualTo(2 * i + 1);
    }
  }

  @Test
  void chosenRowsOfBytesAreScaled() {
    byte[] bytes = {0, (byte) 255, 51, 102};
    Samples samples = StoredSamples.ofBytes("bytes", new ImageShape(1, 1, 2), bytes);
    try (NativeScope scope = new NativeScope();
        RowReader reader = RowReader.of(samples, ComputeDevice.CPU)) {
      reader.forEach(
          reader.blockRows(),
          block -> {
            Tensor rows = block.less(Tensors.of(new float[2], 2), Tensors.of(new long[] {1, 0}, 2));
            assertThat(Tensors.floats(rows))
                .containsExactly(new float[] {0.2f, 0.4f, 0, 1}, within(1e-7f));
          });
    }
  }

  @Test
  void aFailureToReadIsThrownWhereTheBatchIsAskedFor() {
    AtomicInteger batches = new AtomicInteger();
    Samples broken =
        new Watched(
            floats(5),
            count -> {
              if (batches.get() > 0) {
                throw new IllegalStateException("the disk is gone");
              }
            });
    try (RowReader reader = RowReader.of(broken, ComputeDevice.CPU)) {
      assertThatThrownBy(
              () ->
                  reader.forEach(
                      1,
                      batch -> {
                        batches.incrementAndGet();
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the disk is gone");
      assertThat(batches.get()).isBetween(1, 3);
    }
  }

  @Test
  void aPassWithinAPassIsRefused() {
    for (int size : new int[] {3, 100}) {
      try (RowReader reader = RowReader.of(floats(7), ComputeDevice.CPU)) {
        assertThatThrownBy(() -> reader.forEach(size, batch -> reader.forEach(size, inner -> {})))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("a pass within a pass needs a reader of its own");
        int[] rows = {0};
        reader.forEach(size, batch -> rows[0] += batch.count());
        assertThat(rows[0]).isEqualTo(7);
      }
    }
  }

  @Test
  void aBatchThatIsTooLargeIsRefusedInWordsThatFitAllWork() {
    ImageShape large = new ImageShape(1, 1 << 12, 1 << 12);
    Samples samples =
        StoredSamples.ofBytes("large", large, new byte[large.dims()]).select(new int[128]);
    try (RowReader reader = RowReader.of(samples, ComputeDevice.CPU)) {
      assertThatThrownBy(() -> reader.rows(0, 128))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "large: a batch of 128 rows takes more than 2 GiB; take smaller batches or smaller"
                  + " rows");
    }
  }

  @Test
  void aRowThatIsNotFiniteIsNamedByItsNumberInTheSet() {
    Samples samples =
        StoredSamples.ofFloats("vectors", 1, null, new float[] {0, 1, Float.NaN, 3})
            .select(new int[] {3, 2});
    try (RowReader reader = RowReader.of(samples, ComputeDevice.CPU)) {
      assertThatThrownBy(() -> reader.forEach(1, batch -> batch.requireFinite(batch.rows().sum(1))))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("vectors: row 2 (counted from 0)");
    }
  }

  /** Tells how many rows are read at a time. */
  private record Watched(Samples source, java.util.function.IntConsumer reads) implements Samples {
    @Override
    public int rows() {
      return source.rows();
    }

    @Override
    public int dims() {
      return source.dims();
    }

    @Override
    public ElementType type() {
      return source.type();
    }

    @Override
    public Optional<ImageShape> shape() {
      return source.shape();
    }

    @Override
    public String name() {
      return "watched";
    }

    @Override
    public void read(int from, int count, ByteBuffer target) {
      reads.accept(count);
      source.read(from, count, target);
    }
  }
}
