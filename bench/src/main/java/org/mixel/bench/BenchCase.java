package org.mixel.bench;

import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;

/**
 * Work whose speed, memory or result matters.
 *
 * @param name its name on the command line
 * @param measures the work and its floor, in one line
 * @param preparation obtains the data
 */
public record BenchCase(String name, String measures, Preparation preparation) {
  /** Obtains the data of a case; not timed. */
  @FunctionalInterface
  public interface Preparation {
    /**
     * @param seed fixes every random choice
     * @throws org.mixel.InputException if the data cannot be had; the case is then left out
     */
    Trial prepare(long seed, Progress progress);
  }

  /** A case with its data at hand. */
  public interface Trial extends AutoCloseable {
    /** Does the work once and times it, and its floor right after. */
    Timing time();

    /** A remark on the figures, in one line; asked for after the last timing. */
    String note();

    @Override
    default void close() {}
  }

  /**
   * One repetition.
   *
   * @param seconds that the work took
   * @param floorSeconds the least that the work takes on this machine, or null where time is not
   *     judged
   * @param ratio of the two, or the figure that is judged; null if there is nothing to compare with
   */
  public record Timing(double seconds, @Nullable Double floorSeconds, @Nullable Double ratio) {
    Timing(double seconds, double floorSeconds) {
      this(seconds, floorSeconds, seconds / floorSeconds);
    }

    /**
     * Work and its floor in turns, so that both meet the same machine.
     *
     * @param turns how often
     * @param work does it and returns the seconds
     * @param floor likewise
     * @return sums over the turns
     */
    static Timing inTurns(int turns, DoubleSupplier work, DoubleSupplier floor) {
      double seconds = 0;
      double floorSeconds = 0;
      for (int i = 0; i < turns; i++) {
        seconds += work.getAsDouble();
        floorSeconds += floor.getAsDouble();
      }
      return new Timing(seconds, floorSeconds);
    }

    /** The seconds that work takes. */
    static double secondsOf(Runnable work) {
      long start = System.nanoTime();
      work.run();
      return (System.nanoTime() - start) / 1e9;
    }
  }
}
