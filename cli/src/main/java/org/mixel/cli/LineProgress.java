package org.mixel.cli;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.mixel.Progress;

/**
 * Progress for log files: a line every half minute, also while a stage does not advance, and one at
 * the end of whatever took long.
 */
final class LineProgress implements Progress {
  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(30);
  private static final long BEAT_MILLIS = 1000;

  private final PrintStream err;
  private final LongSupplier nanoTime;
  private final Deque<Lines> open = new ArrayDeque<>();
  private long lastLine;
  private boolean beating;

  LineProgress(PrintStream err, LongSupplier nanoTime) {
    this.err = err;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized Stage begin(String name, long steps) {
    Lines lines = new Lines(name, steps);
    if (open.isEmpty()) {
      lastLine = lines.start;
    }
    open.push(lines);
    if (!beating) {
      beating = true;
      Thread thread = new Thread(this::keepBeating, "progress-lines");
      thread.setDaemon(true);
      thread.start();
    }
    return lines;
  }

  @Override
  public synchronized void tell(String text) {
    err.println(Session.NOTE + text);
    lastLine = nanoTime.getAsLong();
  }

  private void keepBeating() {
    try {
      do {
        TimeUnit.MILLISECONDS.sleep(BEAT_MILLIS);
      } while (beat());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Prints a line of the innermost stage if there was none of any for a while.
   *
   * @return whether there is anything left to report on
   */
  synchronized boolean beat() {
    Lines innermost = open.peek();
    beating = innermost != null;
    long now = nanoTime.getAsLong();
    if (innermost != null && now - lastLine >= INTERVAL) {
      innermost.print(now);
    }
    return beating;
  }

  private final class Lines implements Stage {
    private final String name;
    private final long steps;
    private final long start = nanoTime.getAsLong();
    private long ownLastLine = start;
    private long done;
    private String note = "";

    Lines(String name, long steps) {
      this.name = name;
      this.steps = steps;
    }

    @Override
    public void advance(long by) {
      synchronized (LineProgress.this) {
        done += by;
        long now = nanoTime.getAsLong();
        if (now - ownLastLine >= INTERVAL) {
          print(now);
        }
      }
    }

    @Override
    public void note(String text) {
      synchronized (LineProgress.this) {
        note = text;
      }
    }

    @Override
    public void close() {
      synchronized (LineProgress.this) {
        long now = nanoTime.getAsLong();
        if (open.remove(this) && now - start >= INTERVAL) {
          print(now);
        }
      }
    }

    private void print(long now) {
      ownLastLine = now;
      lastLine = now;
      long seconds = TimeUnit.NANOSECONDS.toSeconds(now - start);
      String count = steps > 0 ? done + " of " + steps : Long.toString(done);
      err.println(
          name + ": " + count + ", " + seconds + " s" + (note.isEmpty() ? "" : ", " + note));
    }
  }
}
