package org.mixel.cli;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import org.mixel.Progress;

/** A bar on the terminal. Of nested stages the innermost shows; bars vanish when they end. */
final class BarProgress implements Progress {
  private static final int INTERVAL_MILLIS = 250;

  private final PrintStream err;
  private final int columns;
  private final Deque<Bar> open = new ArrayDeque<>();

  BarProgress(PrintStream err, int columns) {
    this.err = err;
    this.columns = columns;
  }

  @Override
  public synchronized Stage begin(String name, long steps) {
    Bar bar = new Bar(name, steps);
    open.push(bar);
    return bar;
  }

  @Override
  public synchronized void tell(String text) {
    err.print("\r\u001b[K");
    err.println(Session.NOTE + text);
    err.flush();
  }

  private final class Bar implements Stage {
    private final ProgressBar bar;

    Bar(String name, long steps) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(steps)
              .setRenderer(new BarLine())
              .setUpdateIntervalMillis(INTERVAL_MILLIS)
              .setConsumer(new Line(this))
              .clearDisplayOnFinish()
              .build();
    }

    @Override
    public void advance(long by) {
      bar.stepBy(by);
    }

    @Override
    public void note(String text) {
      bar.setExtraMessage(text);
    }

    @Override
    public void close() {
      bar.close();
      synchronized (BarProgress.this) {
        open.remove(this);
      }
    }
  }

  /** The terminal's current line, rewritten by the innermost bar. */
  private final class Line implements ProgressBarConsumer {
    private final Bar owner;

    Line(Bar owner) {
      this.owner = owner;
    }

    @Override
    public int getMaxRenderedLength() {
      return columns - 1;
    }

    @Override
    public void accept(String text) {
      synchronized (BarProgress.this) {
        if (open.peek() == owner) {
          String shown = text.length() < columns ? text : text.substring(0, columns - 1);
          err.print("\r" + shown + "\u001b[K");
          err.flush();
        }
      }
    }

    @Override
    public void clear() {
      accept("");
    }

    @Override
    public void close() {
      synchronized (BarProgress.this) {
        clear();
        if (open.peek() == owner) {
          err.print("\r");
          err.flush();
        }
      }
    }
  }
}
