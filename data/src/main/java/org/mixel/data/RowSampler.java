package org.mixel.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.mixel.Progress;

/**
 * Draws rows from a model, batch by batch in a fixed order. Owns its memory until {@link #close()};
 * not safe for use by several threads.
 */
public interface RowSampler extends AutoCloseable {
  /** Values per row. */
  int dims();

  /** The shape of a row when rows are images. */
  Optional<ImageShape> shape();

  /** A good number of rows to ask for at a time. */
  int batchRows();

  /** How the rows' values are best kept: {@code FLOAT64} for vectors of a mixture. */
  default ElementType type() {
    return ElementType.FLOAT32;
  }

  /**
   * The next rows.
   *
   * @param count their number
   * @return a new array, {@code count * dims} values, row after row; values may leave [0, 1]
   */
  float[] nextRows(int count);

  /** The next rows in float64: those of {@link #nextRows}, not rounded. */
  default double[] nextDoubles(int count) {
    float[] rows = nextRows(count);
    double[] wide = new double[rows.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = rows[i];
    }
    return wide;
  }

  /**
   * The next rows as a set, in memory or, when they are many, in a temporary file.
   *
   * @param name the name of the set
   * @param rows their number
   */
  default Samples take(String name, int rows, Progress progress) {
    try (RowStore store = new RowStore(type(), dims(), rows);
        Progress.Stage stage = progress.begin("sampling", rows)) {
      for (int done = 0; done < rows; ) {
        int count = Math.min(batchRows(), rows - done);
        if (type() == ElementType.FLOAT64) {
          store.append(nextDoubles(count));
        } else {
          store.append(nextRows(count));
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
