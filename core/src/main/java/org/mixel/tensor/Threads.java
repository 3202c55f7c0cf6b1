package org.mixel.tensor;

import org.bytedeco.pytorch.global.torch;

/**
 * How many threads the engine may use; by default as many as there are cores. Results do not depend
 * on it beyond rounding.
 */
public final class Threads {
  private static int limit;
  private static boolean loaded;

  private Threads() {}

  /**
   * Limits the engine to so many threads, now or when it is loaded.
   *
   * @param threads at least 1
   * @throws IllegalArgumentException if it is less
   */
  public static synchronized void limit(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
    limit = threads;
    apply();
  }

  /** Called once the engine is there. */
  static synchronized void engineLoaded() {
    loaded = true;
    apply();
  }

  private static void apply() {
    if (loaded && limit > 0) {
      torch.set_num_threads(limit);
    }
  }
}
