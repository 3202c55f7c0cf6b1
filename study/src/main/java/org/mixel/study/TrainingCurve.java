package org.mixel.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mixel.figure.CurvePlot;
import org.mixel.neural.MetricsLog;
import org.mixel.report.Block;
import org.mixel.report.Report;

/** The evaluations during a training, as curves (the paper's Figure 3). */
final class TrainingCurve {
  private TrainingCurve() {}

  /**
   * @param model the file that the training's log is beside
   */
  static Report.Section of(Path model) {
    List<Map<String, Double>> lines =
        MetricsLog.read(model).stream().filter(line -> line.containsKey("sharpness")).toList();
    List<Block.Picture> pictures = new ArrayList<>();
    if (!lines.isEmpty()) {
      lines.get(0).keySet().stream()
          .filter(name -> name.startsWith("ndb_over_k_"))
          .forEach(
              name ->
                  pictures.add(
                      picture(
                          lines,
                          name,
                          "NDB/K at " + name.substring("ndb_over_k_".length()) + " bins")));
      if (lines.get(0).containsKey("classifier_score")) {
        pictures.add(picture(lines, "classifier_score", "score by a classifier of the labels"));
      }
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Block.Text(
            "WGAN-GP during its training: NDB/K (held-out, lower is better), and the Inception"
                + " Score by a small classifier that was trained on the labels (higher is better),"
                + " of samples from the same noise."));
    blocks.addAll(pictures);
    return new Report.Section("NDB during training", blocks);
  }

  private static Block.Picture picture(List<Map<String, Double>> lines, String name, String title) {
    double[] x = lines.stream().mapToDouble(line -> line.get("step")).toArray();
    double[] y = lines.stream().mapToDouble(line -> line.getOrDefault(name, Double.NaN)).toArray();
    return new Block.Picture(
        CurvePlot.of("step", title, List.of(new CurvePlot.Curve("wgan-gp", x, y))),
        title + " by step of training",
        title + ", by step of training.");
  }
}
