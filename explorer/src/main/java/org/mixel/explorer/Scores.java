package org.mixel.explorer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;

/**
 * The log-likelihood and the most probable component of every row, batch after batch; those that
 * are known can be read meanwhile.
 */
final class Scores {
  /** Multiplications of a batch: some 20 ms, the longest that a question waits for one. */
  private static final long BATCH_WORK = 1_000_000_000;

  private static final int FEWEST_ROWS = 32;
  private static final int MOST_ROWS = 4096;

  private final float[] logLikelihood;
  private final int[] components;
  private volatile Task task;

  /** Rows before this are known; written after them. */
  private volatile int done;

  /**
   * @param rows how many there are; 0 without data
   */
  Scores(int rows) {
    logLikelihood = new float[rows];
    components = new int[rows];
    task = rows == 0 ? Task.NONE : Task.RUNNING;
  }

  /** Scores all rows. */
  void run(MixtureOfFactorAnalyzers model, Samples data, Progress progress) {
    long rowWork = (long) model.dims() * model.components() * (model.factors() + 2);
    int batch = (int) Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, BATCH_WORK / rowWork));
    try {
      Scoring.forEach(model, data, batch, progress, this::put);
      task = Task.DONE;
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      task = Task.failed(e);
    }
  }

  private void put(int from, double[] scores, int[] mostProbable) {
    for (int i = 0; i < scores.length; i++) {
      logLikelihood[from + i] = (float) scores[i];
    }
    System.arraycopy(mostProbable, 0, components, from, mostProbable.length);
    done = from + scores.length;
  }

  /** How far it is. */
  ObjectNode progress() {
    // In this order, so that nothing is done while rows are missing.
    Task now = task;
    return JsonNodeFactory.instance
        .objectNode()
        .put("state", now.state())
        .put("done", done)
        .put("rows", logLikelihood.length)
        .put("error", now.error());
  }

  /** The count, log-likelihoods and components of the rows from this one on that are known. */
  ByteBuffer from(int first) {
    int count = Math.max(0, done - first);
    ByteBuffer bytes = Reply.buffer(1 + 2 * count);
    bytes.putInt(count);
    for (int i = first; i < first + count; i++) {
      bytes.putFloat(logLikelihood[i]);
    }
    for (int i = first; i < first + count; i++) {
      bytes.putInt(components[i]);
    }
    return bytes;
  }

  /** The most probable component of each row, or null while not all are known. */
  int @Nullable [] components() {
    return task == Task.DONE ? components : null;
  }
}
