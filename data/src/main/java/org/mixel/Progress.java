package org.mixel;

/** Where long tasks report their progress. Implementations are called from one thread at a time. */
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
   * @param name the task, in a few words
   * @param steps the number of steps, or -1 if unknown
   */
  Stage begin(String name, long steps);

  /**
   * Tells the user something beside the answer, such as which files were left out. Not called while
   * a stage of the caller is open.
   *
   * @param note one line
   */
  default void tell(String note) {}

  /** One running task. */
  interface Stage extends AutoCloseable {
    /**
     * @param by steps done since the last call
     */
    void advance(long by);

    /**
     * @param text a figure to show beside the bar, such as the log-likelihood
     */
    void note(String text);

    @Override
    void close();
  }
}
