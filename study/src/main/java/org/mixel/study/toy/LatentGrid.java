package org.mixel.study.toy;

import java.util.List;
import org.mixel.figure.Ink;
import org.mixel.figure.PlaneLayer;
import org.mixel.figure.PlanePoint;
import org.mixel.neural.LatentGenerator;
import org.mixel.neural.NetworkModel;

/**
 * A grid in the plane of latent rows, and where a generator puts it (paper, Fig. 20 b). It covers
 * the square of uniform noise, or two standard deviations of normal noise to each side.
 */
final class LatentGrid {
  /** Lines along the first latent value; along the second there are fewer: larger steps. */
  private static final int LINES = 25;

  private static final int CROSSING = 9;

  /** Points that a line goes through. */
  private static final int NODES = 401;

  private LatentGrid() {}

  /**
   * The grid as the generator folds it; of one latent value, the line as it bends it.
   *
   * @param model of points in the plane, with one latent value or two
   */
  static List<PlaneLayer> folded(NetworkModel model) {
    if (model.latentValues().orElseThrow() == 1) {
      return List.of(PlaneLayer.Lines.alongRows("z varies", line(model), NODES, Ink.FIRST));
    }
    return List.of(
        PlaneLayer.Lines.alongRows("z1 varies", nodes(model, LINES, 0), NODES, Ink.FIRST),
        PlaneLayer.Lines.alongRows("z2 varies", nodes(model, CROSSING, 1), NODES, Ink.SECOND));
  }

  private static List<PlanePoint> line(NetworkModel model) {
    double reach = reach(model.latentNoise().orElseThrow());
    float[] latentRows = new float[NODES];
    for (int i = 0; i < NODES; i++) {
      latentRows[i] = node(reach, i, NODES);
    }
    return PlanePoint.rows(model.decode(latentRows));
  }

  /**
   * Nodes of lines along one latent value in the plane of the data.
   *
   * @param along the latent value that varies on a line, 0 or 1
   * @return {@code lines * NODES}, line after line
   */
  private static List<PlanePoint> nodes(NetworkModel model, int lines, int along) {
    double reach = reach(model.latentNoise().orElseThrow());
    float[] latentRows = new float[2 * lines * NODES];
    for (int i = 0; i < lines * NODES; i++) {
      latentRows[2 * i + along] = node(reach, i % NODES, NODES);
      latentRows[2 * i + 1 - along] = node(reach, i / NODES, lines);
    }
    return PlanePoint.rows(model.decode(latentRows));
  }

  /** The {@code number}-th of so many values from {@code -reach} to {@code reach}. */
  private static float node(double reach, int number, int count) {
    return (float) (reach * (2.0 * number / (count - 1) - 1));
  }

  private static double reach(LatentGenerator.Noise noise) {
    return switch (noise) {
      case UNIFORM -> 1;
      case NORMAL -> 2;
    };
  }
}
