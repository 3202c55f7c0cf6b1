package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mixel.figure.Mark.Anchor;

/**
 * Shares of classes in two sets as bars: of each class the reference's above the candidate's. The
 * candidate's has the colour of over-filled bins where it is significantly longer, of under-filled
 * ones where it is significantly shorter.
 */
public final class ClassBars {
  private static final double WIDTH = 348;
  private static final double LEFT = 58;
  private static final double RIGHT = 46;
  private static final double THICK = 12;
  private static final double STEP = 2 * THICK + 10;
  private static final double SIZE = 12;

  private ClassBars() {}

  /**
   * The shares of one class.
   *
   * @param label its name
   * @param reference share of the reference's rows, in [0, 1]
   * @param candidate share of the candidate's rows, in [0, 1]
   * @param differs whether they differ significantly
   */
  public record Shares(String label, double reference, double candidate, boolean differs) {
    Ink ink() {
      if (!differs) {
        return Ink.MUTED;
      }
      return candidate > reference ? Ink.OVER : Ink.UNDER;
    }
  }

  /**
   * The bars of all classes.
   *
   * @param classes at least one, from the top
   */
  public static Drawing of(List<Shares> classes) {
    List<Mark> marks = new ArrayList<>();
    double top = legend().draw(marks, 0, 0, WIDTH) + 8;
    double longest =
        classes.stream()
            .mapToDouble(each -> Math.max(each.reference(), each.candidate()))
            .max()
            .orElseThrow();
    double room = WIDTH - LEFT - RIGHT;
    for (int i = 0; i < classes.size(); i++) {
      Shares each = classes.get(i);
      double y = top + i * STEP;
      String label = Mark.Text.fitted(each.label(), SIZE, LEFT - 10);
      marks.add(Mark.Text.of(LEFT - 8, y + THICK + 3, label, SIZE, Anchor.END, Ink.TEXT));
      bar(marks, y, each.reference() / longest * room, each.reference(), Ink.BAR);
      bar(marks, y + THICK, each.candidate() / longest * room, each.candidate(), each.ink());
    }
    marks.add(Mark.Path.line(LEFT, top - 4, LEFT, top + classes.size() * STEP - 6, Ink.GRID, 1));
    return new Drawing(WIDTH, top + classes.size() * STEP, marks);
  }

  private static void bar(List<Mark> marks, double y, double length, double share, Ink ink) {
    marks.add(new Mark.Rect(LEFT, y, length, THICK - 1, ink));
    String text = String.format(Locale.ROOT, "%.1f %%", 100 * share);
    marks.add(Mark.Text.of(LEFT + length + 5, y + THICK - 3, text, 10, Anchor.START, Ink.MUTED));
  }

  private static Legend legend() {
    Legend legend = new Legend();
    legend.add("reference", (x, y) -> new Mark.Rect(x - 8, y - 4, 16, 8, Ink.BAR));
    legend.add("candidate", (x, y) -> new Mark.Rect(x - 8, y - 4, 16, 8, Ink.MUTED));
    legend.add("too much", (x, y) -> new Mark.Rect(x - 8, y - 4, 16, 8, Ink.OVER));
    legend.add("too little", (x, y) -> new Mark.Rect(x - 8, y - 4, 16, 8, Ink.UNDER));
    return legend;
  }
}
