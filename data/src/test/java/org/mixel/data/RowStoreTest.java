package org.mixel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;

/** Rows return as they were put in, across chunks, and from memory on disk as from the heap. */
class RowStoreTest {
  private static final int DIMS = 3 << 20;

  @Test
  void rowsOfSeveralChunks() throws IOException {
    assertRowsReturn(Long.MAX_VALUE, -1);
    assertRowsReturn(Long.MAX_VALUE, 13);
  }

  @Test
  void rowsBeyondTheHeapShare() throws IOException {
    assertRowsReturn(DIMS, -1);
    assertRowsReturn(DIMS, 13);
  }

  private static void assertRowsReturn(long heapBytes, long expected) throws IOException {
    Samples samples;
    try (RowStore store = new RowStore(ElementType.UINT8, DIMS, expected, heapBytes)) {
      byte[] row = new byte[DIMS];
      for (int i = 0; i < 13; i++) {
        row[0] = (byte) i;
        row[DIMS - 1] = (byte) (100 + i);
        store.append(row);
      }
      samples = store.finish("name", null);
    }
    assertThat(samples.rows()).isEqualTo(13);
    ByteBuffer all = ByteBuffer.allocate(13 * DIMS);
    samples.read(0, 13, all);
    for (int i = 0; i < 13; i++) {
      assertThat(all.get(i * DIMS)).isEqualTo((byte) i);
      assertThat(all.get((i + 1) * DIMS - 1)).isEqualTo((byte) (100 + i));
    }
  }

  @Test
  void noRows() throws IOException {
    try (RowStore store = new RowStore(ElementType.FLOAT32, 4, -1)) {
      assertThatThrownBy(() -> store.finish("name", null))
          .isInstanceOf(InputException.class)
          .hasMessage("name: holds no rows");
    }
  }
}
