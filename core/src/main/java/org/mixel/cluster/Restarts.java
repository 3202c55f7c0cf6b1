package org.mixel.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mixel.Progress;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;

/**
 * Several seedings race on a sketch: after every round of steps the worse half gives up, and the
 * last one left steps on until it settles.
 */
final class Restarts {
  /** Steps per round. The ranking by then says little about fine differences, so only half go. */
  private static final int ROUND = 16;

  /** Rows that seeds are chosen from, per cluster; more do not give better seeds. */
  private static final int SEEDING_ROWS = 128;

  private Restarts() {}

  /**
   * @param enough summed squared movement of the centres at which a restart has settled
   * @return the winner; the caller closes it
   */
  static Lloyd best(
      Sketch sketch,
      KMeans.Options options,
      double enough,
      RandomStream random,
      Progress progress) {
    List<Lloyd> field = new ArrayList<>();
    try (Progress.Stage stage = progress.begin("k-means restarts", options.restarts())) {
      for (int restart = 0; restart < options.restarts(); restart++) {
        try (RandomStream draws = random.split(restart)) {
          field.add(start(sketch, options.clusters(), draws));
        }
      }
      int left = options.maxIterations();
      while (field.size() > 1) {
        for (Lloyd lloyd : field) {
          lloyd.run(enough, Math.min(ROUND, left));
        }
        left -= Math.min(ROUND, left);
        field.sort(Comparator.comparingDouble(Lloyd::relativeInertia));
        int keep = (field.size() + 1) / 2;
        stage.advance(field.size() - keep);
        field.subList(keep, field.size()).forEach(Lloyd::close);
        field.subList(keep, field.size()).clear();
      }
      field.get(0).run(enough, left);
      stage.advance(1);
    }
    return field.remove(0);
  }

  private static Lloyd start(Sketch sketch, int clusters, RandomStream draws) {
    int rows = (int) Math.min(sketch.count(), (long) SEEDING_ROWS * clusters);
    try (NativeScope scope = new NativeScope();
        Sketch some = sketch.sample(rows, draws)) {
      return new Lloyd(sketch, Seeding.plusPlus(some, clusters, draws), 1);
    }
  }
}
