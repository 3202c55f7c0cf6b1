package org.mixel.mfa.training;

import java.util.ArrayList;
import java.util.List;
import org.mixel.Progress;

/** Keeps all that it hears, in words. */
final class RecordedProgress implements Progress {
  private final List<String> heard = new ArrayList<>();

  /** The words so far, such as {@code EM begins 100}, {@code EM advances 50}, {@code EM ends}. */
  List<String> heard() {
    return heard;
  }

  @Override
  public void tell(String note) {
    heard.add("tells " + note);
  }

  @Override
  public Stage begin(String name, long steps) {
    heard.add(name + " begins " + steps);
    return new Stage() {
      @Override
      public void advance(long by) {
        heard.add(name + " advances " + by);
      }

      @Override
      public void note(String text) {
        heard.add(name + " notes " + text);
      }

      @Override
      public void close() {
        heard.add(name + " ends");
      }
    };
  }
}
