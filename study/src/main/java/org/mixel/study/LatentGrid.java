package org.mixel.study;

import java.util.ArrayList;
import java.util.List;
import org.mixel.figure.Ink;
import org.mixel.figure.PlaneLayer;
import org.mixel.figure.PlanePoint;
import org.mixel.neural.model.LatentGenerator;
import org.mixel.neural.model.NetworkModel;

/**
 * A grid in the plane of latent rows, and where a generator puts it (paper, Fig. 20 b). It covers
 * the square of uniform noise, or two standard deviations of normal noise to each side.
 */
final class LatentGrid {
  /** Lines are this many and their nodes so many: steps are larger in one direction. */
  private static final int LINES = 25;

  private static final int NODES = 401;

  /** Every so manieth node is joined across the lines. */
  private static final int CROSSING = 50;

  private LatentGrid() {}

  /**
   * The grid as the generator folds it: lines of one second latent value, and some across.
   *
   * @param model of points in the plane, with two latent values
   */
  static List<PlaneLayer> folded(NetworkModel model) {
    double reach = reach(model.latentNoise().orElseThrow());
    List<PlanePoint> nodes = PlanePoint.rows(model.decode(nodes(reach)));
    return List.of(PlaneLayer.Lines.alongRows("z1 varies", nodes, NODES, Ink.FIRST), across(nodes));
  }

  private static PlaneLayer across(List<PlanePoint> nodes) {
    List<List<PlanePoint>> all =
        PlaneLayer.Lines.alongColumns("", nodes, NODES, Ink.SECOND).lines();
    List<List<PlanePoint>> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i += CROSSING) {
      some.add(all.get(i));
    }
    return new PlaneLayer.Lines("z2 varies", some, Ink.SECOND);
  }

  /** Latent rows, {@code LINES * NODES} of two values. */
  private static float[] nodes(double reach) {
    float[] rows = new float[2 * LINES * NODES];
    for (int i = 0; i < LINES * NODES; i++) {
      rows[2 * i] = (float) (reach * (2.0 * (i % NODES) / (NODES - 1) - 1));
      rows[2 * i + 1] = (float) (reach * (2.0 * (i / NODES) / (LINES - 1) - 1));
    }
    return rows;
  }

  private static double reach(LatentGenerator.Noise noise) {
    return switch (noise) {
      case UNIFORM -> 1;
      case NORMAL -> 2;
    };
  }
}
