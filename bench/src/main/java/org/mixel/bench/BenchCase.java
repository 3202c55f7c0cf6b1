package org.mixel.bench;

import org.mixel.Progress;

/** Something whose speed matters. */
public interface BenchCase {
  /** Its name on the command line. */
  String name();

  /** What is timed, and what its floor is, in one line. */
  String measures();

  /**
   * Obtains the data; not timed.
   *
   * @param seed fixes every random choice
   * @throws org.mixel.InputException if the data cannot be had; the case is then left out
   */
  Trial prepare(long seed, Progress progress);

  /** A case with its data at hand. */
  interface Trial extends AutoCloseable {
    /** Does the work once and times it, and its floor right after. */
    Timing time();

    /** What the figures do not say, in one line; asked for after the last timing. */
    String note();

    @Override
    void close();
  }

  /**
   * One repetition.
   *
   * @param seconds what the work took
   * @param floorSeconds what the work takes at least on this machine
   */
  record Timing(double seconds, double floorSeconds) {}
}
