package org.mixel.data.format;

import java.util.ArrayList;
import java.util.List;
import org.mixel.Progress;

/** Keeps what is told, and fails when that is while a stage is open. */
final class Notes implements Progress {
  private final List<String> told = new ArrayList<>();
  private int open;

  List<String> told() {
    return told;
  }

  @Override
  public Stage begin(String name, long steps) {
    open++;
    return new Stage() {
      @Override
      public void advance(long by) {}

      @Override
      public void note(String text) {}

      @Override
      public void close() {
        open--;
      }
    };
  }

  @Override
  public void tell(String note) {
    if (open > 0) {
      throw new IllegalStateException("told within a stage: " + note);
    }
    told.add(note);
  }
}
