package org.mixel.explorer;

import org.jspecify.annotations.Nullable;
import org.mixel.InputException;

/**
 * The state of long work.
 *
 * @param state {@code none}, {@code running}, {@code done} or {@code failed}
 * @param error one line, if it failed
 */
record Task(String state, @Nullable String error) {
  static final Task NONE = new Task("none", null);
  static final Task RUNNING = new Task("running", null);
  static final Task DONE = new Task("done", null);

  private static final System.Logger LOG = System.getLogger(Task.class.getName());

  static Task failed(Throwable cause) {
    if (cause instanceof InputException) {
      return new Task("failed", String.valueOf(cause.getMessage()));
    }
    if (cause instanceof OutOfMemoryError) {
      return new Task("failed", "out of memory; give Java more with MIXEL_JAVA_OPTS=-Xmx8g");
    }
    LOG.log(System.Logger.Level.WARNING, "work in the background failed", cause);
    return new Task("failed", "internal error: " + cause.getClass().getSimpleName());
  }
}
