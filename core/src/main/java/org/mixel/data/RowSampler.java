package org.mixel.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.mixel.Progress;
import org.mixel.data.format.RowStore;

/**
 * Draws rows of a model, whatever its kind, batch by batch in a fixed order. Owns what it needs
 * until {@link #close()}; not safe for use by several threads.
 */
public interface RowSampler extends AutoCloseable {
  /** Values per row. */
  int dims();

  /** The shape of a row when rows are images. */
  Optional<ImageShape> shape();

  /** A good number of rows to ask for at a time. */
  int batchRows();

  /**
   * The next rows.
   *
   * @param count how many
   * @return a new array, {@code count * dims} values, row after row; values may leave [0, 1]
   */
  float[] nextRows(int count);

  /**
   * The next rows as a set, in memory or, when they are many, in a temporary file.
   *
   * @param name what the set is called
   * @param rows how many
   */
  default Samples take(String name, int rows, Progress progress) {
    try (RowStore store = new RowStore(ElementType.FLOAT32, dims(), rows);
        Progress.Stage stage = progress.begin("sampling", rows)) {
      for (int done = 0; done < rows; ) {
        int count = Math.min(batchRows(), rows - done);
        float[] values = nextRows(count);
        for (int at = 0; at < values.length; at += dims()) {
          store.append(Arrays.copyOfRange(values, at, at + dims()));
        }
        done += count;
        stage.advance(count);
      }
      return store.finish(name, shape().orElse(null));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the samples: " + e.getMessage(), e);
    }
  }

  @Override
  void close();
}
