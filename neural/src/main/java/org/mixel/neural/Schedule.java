package org.mixel.neural;

import org.mixel.InputException;

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
   * @throws InputException if a number is negative, or that of the log is 0
   */
  public Schedule {
    require("`logEvery`", log, 1);
    require("`pictureEvery`", picture, 0);
    require("`evaluateEvery`", evaluation, 0);
    require("`checkpointEvery`", checkpoint, 0);
  }

  private static void require(String name, int value, int least) {
    if (value < least) {
      throw new InputException("%s must be at least %d, got %d".formatted(name, least, value));
    }
  }

  /** 200 lines and 20 pictures in all, a checkpoint every 500 steps, no evaluation. */
  public static Schedule defaults(int steps) {
    return new Schedule(Math.max(1, steps / LINES), Math.max(1, steps / PICTURES), 0, CHECKPOINT);
  }

  static boolean due(int every, long step) {
    return every > 0 && step % every == 0;
  }
}
