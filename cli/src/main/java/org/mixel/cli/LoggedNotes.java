package org.mixel.cli;

import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Makes notes of what is logged, in place of the lines that Java would print; until it is closed.
 */
final class LoggedNotes extends Handler implements AutoCloseable {
  private static final Logger ROOT = Logger.getLogger("");

  private final Consumer<String> notes;
  private final SimpleFormatter text = new SimpleFormatter();
  private final Handler[] replaced;

  /**
   * @param notes receives one line for each message
   */
  LoggedNotes(Consumer<String> notes) {
    this.notes = notes;
    setLevel(Level.INFO);
    replaced = ROOT.getHandlers();
    for (Handler handler : replaced) {
      ROOT.removeHandler(handler);
    }
    ROOT.addHandler(this);
  }

  @Override
  public void publish(LogRecord message) {
    if (isLoggable(message)) {
      notes.accept(Failure.oneLine(text.formatMessage(message)));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    ROOT.removeHandler(this);
    for (Handler handler : replaced) {
      ROOT.addHandler(handler);
    }
  }
}
