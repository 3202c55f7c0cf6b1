package org.mixel;

/**
 * Where long tasks report how far they have come. Implementations are called from one thread at a
 * time.
 */
public interface Progress {
  /** Reports to nobody. */
  Progress SILENT =
      (name, steps) ->
          new Stage() {
            @Override
            public void advance(long by) {}

            @Override
            public void note(String text) {}

            @Override
            public void close() {}
          };

  /**
   * Starts a stage; the caller closes it.
   *
   * @param name what is being done, in a few words
   * @param steps how many steps it has, or -1 when that is not known
   */
  Stage begin(String name, long steps);

  /**
   * Tells what the user should know beside the answer, such as what was left out of the data. Not
   * called while a stage of the caller's is open.
   *
   * @param note one line
   */
  default void tell(String note) {}

  /** One task on its way. */
  interface Stage extends AutoCloseable {
    /**
     * @param by steps done since the last call
     */
    void advance(long by);

    /**
     * @param text the figure to show beside the bar, such as the current log-likelihood
     */
    void note(String text);

    @Override
    void close();
  }
}
