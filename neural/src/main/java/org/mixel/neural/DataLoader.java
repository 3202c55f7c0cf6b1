package org.mixel.neural;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;

/**
 * Batches of shuffled rows without end: every epoch goes through all rows in an order of its own,
 * less a rest that does not fill a batch. Which rows the n-th batch holds depends on the seed and
 * on n alone.
 */
final class DataLoader implements AutoCloseable {
  private static final long FIRST_EPOCH = 1L << 40;

  private final RowReader reader;
  private final int batch;
  private final long seed;
  private long next;
  private long epoch = -1;
  private int[] order = {};

  private DataLoader(RowReader reader, int batch, long seed, long next) {
    this.reader = reader;
    this.batch = batch;
    this.seed = seed;
    this.next = next;
  }

  /**
   * @param batch rows of a batch
   * @param next which batch is to be the first
   * @throws InputException if there are fewer rows than one batch holds
   */
  static DataLoader of(Samples rows, ComputeDevice device, int batch, long seed, long next) {
    if (rows.rows() < batch) {
      throw new InputException(
          "%s: a batch of %d needs at least as many rows, got %d; use a smaller `batch`"
              .formatted(rows.name(), batch, rows.rows()));
    }
    return new DataLoader(RowReader.of(rows, device), batch, seed, next);
  }

  /** The next batch, {@code [batch, d]} in the units of the data, owned by the current scope. */
  Tensor next() {
    return rows(nextIndices());
  }

  /** Chosen rows, likewise. */
  Tensor rows(int[] indices) {
    return reader.rows(indices);
  }

  /** Which rows the next batch holds. */
  int[] nextIndices() {
    int rows = reader.samples().rows();
    int perEpoch = rows / batch;
    if (next / perEpoch != epoch) {
      epoch = next / perEpoch;
      try (RandomStream all = RandomStream.of(seed);
          RandomStream random = all.split(FIRST_EPOCH + epoch)) {
        order = random.choose(rows, rows);
      }
    }
    int from = (int) (next % perEpoch) * batch;
    next++;
    return Arrays.copyOfRange(order, from, from + batch);
  }

  /** How many batches came before the next one. */
  long position() {
    return next;
  }

  @Override
  public void close() {
    reader.close();
  }
}
