package org.mixel.cli;

import static org.mixel.InputException.require;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mixel.data.Samples;
import org.mixel.page.MixturePictures;
import org.mixel.stat.LowerTail;
import picocli.CommandLine.Option;

/** Which share of normal rows may be taken for outliers. */
final class FalseAlarmChoice {
  @Option(
      names = "--false-alarms",
      paramLabel = "R",
      description =
          "Mark rows less likely than a threshold below which a share R of normal rows falls, such as"
              + " 0.01 (needs --normal).")
  private @Nullable Double falseAlarms;

  @Option(
      names = "--normal",
      paramLabel = "DATA",
      description =
          "Normal rows that set the threshold. Rows the model was trained on will not do: it finds"
              + " them more likely than others.")
  private @Nullable String normal;

  /**
   * @throws org.mixel.InputException if an option is out of its range or alone
   */
  void check() {
    require(
        (falseAlarms == null) == (normal == null),
        "--false-alarms and --normal go together: which share, and of which rows");
    if (falseAlarms != null) {
      LowerTail.requireShare(falseAlarms);
    }
  }

  /** The normal rows as the user wrote them; null without the option. */
  @Nullable String normal() {
    return normal;
  }

  /** The threshold that the normal rows set; those of which nothing is observed do not count. */
  LowerTail tail(Samples rows, double[] scores) {
    int[] observed = MixturePictures.leastLikely(rows, scores, scores.length);
    double share = falseAlarms == null ? 0 : falseAlarms;
    return LowerTail.of(Arrays.stream(observed).mapToDouble(row -> scores[row]).toArray(), share);
  }

  /** Which rows lie below the threshold; never those of which nothing is observed. */
  static boolean[] marks(LowerTail tail, Samples rows, double[] scores) {
    boolean[] marks = new boolean[scores.length];
    for (int row : MixturePictures.leastLikely(rows, scores, scores.length)) {
      marks[row] = tail.marks(scores[row]);
    }
    return marks;
  }
}
