package org.mixel.neural;

import static org.mixel.neural.NetworkOptions.requireAtLeast;

/**
 * The number of steps from one event to the next; 0 is never.
 *
 * @param log steps that a line of the log is the mean of, at least 1
 * @param picture when rows are drawn from the same noise
 * @param evaluation when samples are compared with the data
 * @param checkpoint when a checkpoint is saved
 */
public record Schedule(int log, int picture, int evaluation, int checkpoint) {
  private static final int PICTURES = 20;
  private static final int LINES = 200;
  private static final int CHECKPOINT = 500;

  /**
   * @throws org.mixel.InputException if a number is negative, or that of the log is 0
   */
  public Schedule {
    requireAtLeast("logEvery", log, 1);
    requireAtLeast("pictureEvery", picture, 0);
    requireAtLeast("evaluateEvery", evaluation, 0);
    requireAtLeast("checkpointEvery", checkpoint, 0);
  }

  /** 200 lines and 20 pictures in all, a checkpoint every 500 steps, no evaluation. */
  public static Schedule defaults(int steps) {
    return new Schedule(Math.max(1, steps / LINES), Math.max(1, steps / PICTURES), 0, CHECKPOINT);
  }

  static boolean due(int every, long step) {
    return every > 0 && step % every == 0;
  }
}
