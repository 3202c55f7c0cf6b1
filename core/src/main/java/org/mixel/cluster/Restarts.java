package org.mixel.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mixel.Progress;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;

/**
 * Several seedings race: after every round of steps the worse half is dropped, and the last one
 * left steps on until it settles. Seeds and the first round need few rows, a pilot of the sketch;
 * later rounds run on all of it.
 */
final class Restarts {
  /** Steps per round. */
  private static final int ROUND = 16;

  /** Rows of the pilot per cluster. */
  private static final int PILOT_ROWS = 128;

  private final List<Lloyd> field = new ArrayList<>();
  private final double enough;
  private int stepsLeft;

  private Restarts(double enough, int mostSteps) {
    this.enough = enough;
    stepsLeft = mostSteps;
  }

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
    int pilotRows = (int) Math.min(sketch.count(), (long) PILOT_ROWS * options.clusters());
    Restarts race = new Restarts(enough, options.maxIterations());
    try (Progress.Stage stage = progress.begin("k-means restarts", options.restarts());
        RandomStream choice = random.split(options.restarts());
        Sketch pilot = sketch.sample(pilotRows, choice)) {
      try {
        return race.run(pilot, sketch, options, random, stage);
      } catch (RuntimeException | Error e) {
        race.field.forEach(Lloyd::close);
        throw e;
      }
    }
  }

  private Lloyd run(
      Sketch pilot,
      Sketch sketch,
      KMeans.Options options,
      RandomStream random,
      Progress.Stage stage) {
    for (int restart = 0; restart < options.restarts(); restart++) {
      enter(pilot, options.clusters(), random.split(restart));
    }
    stage.advance(round());
    moveTo(sketch);
    while (field.size() > 1) {
      stage.advance(round());
    }
    Lloyd winner = field.get(0);
    winner.run(enough, stepsLeft);
    stage.advance(1);
    return winner;
  }

  private void enter(Sketch pilot, int clusters, RandomStream random) {
    try (NativeScope scope = new NativeScope();
        RandomStream draws = random) {
      field.add(new Lloyd(pilot, Seeding.of(pilot, clusters, draws), 1));
    }
  }

  /** Steps all, drops the worse half and returns how many were dropped. */
  private int round() {
    int steps = Math.min(ROUND, stepsLeft);
    stepsLeft -= steps;
    for (Lloyd lloyd : field) {
      lloyd.run(enough, steps);
    }
    field.sort(Comparator.comparingDouble(Lloyd::relativeInertia));
    List<Lloyd> worse = field.subList((field.size() + 1) / 2, field.size());
    int dropped = worse.size();
    worse.forEach(Lloyd::close);
    worse.clear();
    return dropped;
  }

  private void moveTo(Sketch sketch) {
    try (NativeScope scope = new NativeScope()) {
      field.replaceAll(
          lloyd -> {
            try (lloyd) {
              return new Lloyd(sketch, lloyd.centers(), 1);
            }
          });
    }
  }
}
