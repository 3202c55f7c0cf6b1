package org.mixel.evaluation;

import org.mixel.data.Samples;
import org.mixel.metric.ClassifierTest;
import org.mixel.metric.FrechetDistance;
import org.mixel.metric.KernelDistance;
import org.mixel.metric.NeighbourBalls;
import org.mixel.metric.PairwiseFigures;
import org.mixel.metric.PqMass;

/** Figures of the rows of a candidate and of those that it is compared with. */
final class PairFigures {
  private PairFigures() {}

  /** Kernel distance, the figures of balls and the classifier: in one pass over all pairs. */
  static void findOfAllPairs(Run run) {
    long seed = run.options().seed();
    KernelDistance.Options kernel = KernelDistance.Options.defaults().withSeed(seed);
    NeighbourBalls.Options balls =
        NeighbourBalls.Options.defaults().withNeighbours(run.options().neighbours()).withSeed(seed);
    ClassifierTest.Options classifier = ClassifierTest.Options.defaults().withSeed(seed);
    run.forEachPair(
        (reference, candidate, found) -> {
          PairwiseFigures all =
              PairwiseFigures.of(
                  reference, candidate, kernel, balls, classifier, run.device(), run.progress());
          if (run.wants(Measure.C2ST)) {
            found.put(Measure.C2ST, all.classifier().accuracy());
          }
          if (run.wants(Measure.MMD)) {
            put(all.kernel(), candidate, run, found);
          }
          put(all.balls(), run, found);
        });
  }

  /** The test of random tessellations. */
  static void findPqMass(Run run) {
    PqMass.Options options = PqMass.Options.defaults().withSeed(run.options().seed());
    run.forEachPair(
        (reference, candidate, found) ->
            found.put(
                Measure.PQMASS,
                PqMass.of(reference, candidate, options, run.device(), run.progress())
                    .statistic()));
  }

  private static void put(KernelDistance kernel, Samples candidate, Run run, Findings found) {
    found.put(
        Measure.MMD, Finding.of(kernel.distance()).with("aggregated_p", kernel.aggregatedP()));
    double level = CandidateReport.LEVEL / run.sets().candidates().size();
    Double p = kernel.distance().p();
    if (kernel.aggregatedP() <= level && p != null && p > level) {
      run.note(
          "%s: Gaussian kernels show a difference (p %.3f) that mmd's cubic kernel does not see"
              .formatted(candidate.name(), kernel.aggregatedP()));
    }
  }

  private static void put(NeighbourBalls balls, Run run, Findings found) {
    if (run.wants(Measure.PRECISION)) {
      found.put(Measure.PRECISION, balls.precision());
    }
    if (run.wants(Measure.RECALL)) {
      found.put(Measure.RECALL, balls.recall());
    }
    if (run.wants(Measure.DENSITY)) {
      found.put(Measure.DENSITY, balls.density());
    }
    if (run.wants(Measure.COVERAGE)) {
      found.put(Measure.COVERAGE, balls.coverage());
    }
  }

  /** The Frechet distance. */
  static void findFrechet(Run run) {
    run.forEachPair(
        (reference, candidate, found) -> {
          FrechetDistance frechet =
              FrechetDistance.of(
                  reference, candidate, run.options().seed(), run.device(), run.progress());
          found.put(
              Measure.FRECHET, Finding.of(frechet.distance()).with("infinite", frechet.infinite()));
          frechet.notes().forEach(run::note);
        });
  }
}
