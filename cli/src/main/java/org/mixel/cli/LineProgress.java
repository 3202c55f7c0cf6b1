package org.mixel.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.mixel.Progress;

/** Progress for log files: a line now and then, and one at the end of whatever took long. */
final class LineProgress implements Progress {
  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(30);

  private final PrintStream err;
  private final LongSupplier nanoTime;

  LineProgress(PrintStream err, LongSupplier nanoTime) {
    this.err = err;
    this.nanoTime = nanoTime;
  }

  @Override
  public Stage begin(String name, long steps) {
    return new Lines(name, steps);
  }

  private final class Lines implements Stage {
    private final String name;
    private final long steps;
    private final long start = nanoTime.getAsLong();
    private long lastLine = start;
    private long done;
    private String note = "";

    Lines(String name, long steps) {
      this.name = name;
      this.steps = steps;
    }

    @Override
    public void advance(long by) {
      done += by;
      long now = nanoTime.getAsLong();
      if (now - lastLine >= INTERVAL) {
        print(now);
      }
    }

    @Override
    public void note(String text) {
      note = text;
    }

    @Override
    public void close() {
      long now = nanoTime.getAsLong();
      if (now - start >= INTERVAL) {
        print(now);
      }
    }

    private void print(long now) {
      lastLine = now;
      long seconds = TimeUnit.NANOSECONDS.toSeconds(now - start);
      String count = steps > 0 ? done + " of " + steps : Long.toString(done);
      err.println(
          name + ": " + count + ", " + seconds + " s" + (note.isEmpty() ? "" : ", " + note));
    }
  }
}
