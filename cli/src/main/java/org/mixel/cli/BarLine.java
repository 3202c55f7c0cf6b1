package org.mixel.cli;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * The line of a bar: name, per cent, bar, time and what is left of it, note, count. The bar keeps
 * {@value #LEAST} cells; what does not fit beside it is cut or left out, the count first, then the
 * note, the time, and the end of the name.
 */
final class BarLine implements ProgressBarRenderer {
  private static final int LEAST = 10;
  private static final int MOST = 40;
  private static final int SHORTEST_NOTE = 12;
  private static final String CUT = "...";
  private static final String RUNNER = "<=>";

  @Override
  public String render(ProgressState state, int width) {
    long steps = state.isIndefinite() ? -1 : state.getMax();
    String note = state.getExtraMessage();
    return of(
        state.getTaskName(),
        state.getCurrent(),
        steps,
        state.getTotalElapsed(),
        note == null ? "" : note,
        width);
  }

  /**
   * @param steps of the whole, or below 0 when that is not known
   * @param note may be empty
   * @param width columns that there are, at least 20
   */
  static String of(String name, long done, long steps, Duration elapsed, String note, int width) {
    double part = steps > 0 ? Math.min(1, (double) done / steps) : 0;
    String percent = steps < 0 ? "" : " %3d%%".formatted((int) Math.floor(100 * part));
    String time = " " + time(elapsed, part);
    int room = width - name.length() - percent.length() - LEAST - " []".length();
    if (room < time.length()) {
      time = "";
    }
    room -= time.length();
    String shownName = room < 0 ? cut(name, Math.max(0, name.length() + room)) : name;
    room = Math.max(0, room);
    String shownNote = note.isEmpty() ? "" : "  " + note;
    if (shownNote.length() > room) {
      shownNote = room < SHORTEST_NOTE ? "" : cut(shownNote, room);
    }
    room -= shownNote.length();
    String count = steps < 0 ? "  %,d".formatted(done) : "  %,d of %,d".formatted(done, steps);
    if (done == 0 || count.length() > room) {
      count = "";
    }
    int cells = Math.min(MOST, LEAST + room - count.length());
    String bar = steps < 0 ? running(elapsed, cells) : filled(part, cells);
    return shownName + percent + " [" + bar + "]" + time + shownNote + count;
  }

  private static String filled(double part, int cells) {
    int full = (int) Math.floor(part * cells);
    String head = full < cells ? ">" : "";
    return "=".repeat(full) + head + " ".repeat(cells - full - head.length());
  }

  private static String running(Duration elapsed, int cells) {
    int ends = cells - RUNNER.length();
    int at = (int) (elapsed.toMillis() / 250 % (2L * ends));
    int left = Math.min(at, 2 * ends - at);
    return " ".repeat(left) + RUNNER + " ".repeat(ends - left);
  }

  /** Time taken and, once something is done, about how much is left. */
  private static String time(Duration elapsed, double part) {
    if (part == 0 || part == 1) {
      return clock(elapsed);
    }
    long left = Math.round(elapsed.toMillis() * (1 - part) / part);
    return clock(elapsed) + ", " + clock(Duration.ofMillis(left)) + " left";
  }

  private static String clock(Duration time) {
    return time.toHours() > 0
        ? "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }

  private static String cut(String text, int length) {
    return text.length() <= length
        ? text
        : length < CUT.length()
            ? text.substring(0, length)
            : text.substring(0, length - CUT.length()) + CUT;
  }
}
