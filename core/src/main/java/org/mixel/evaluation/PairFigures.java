package org.mixel.evaluation;

import java.util.EnumSet;
import java.util.Set;
import org.mixel.data.Samples;
import org.mixel.metric.ClassifierTest;
import org.mixel.metric.Estimate;
import org.mixel.metric.FrechetDistance;
import org.mixel.metric.KernelDistance;
import org.mixel.metric.LearnedClassifier;
import org.mixel.metric.NeighbourBalls;
import org.mixel.metric.PairwiseFigures;
import org.mixel.metric.PqMass;
import org.mixel.stat.Interval;

/** Figures of the rows of a candidate and of those that it is compared with. */
final class PairFigures {
  private static final Set<Measure> BALLS =
      EnumSet.of(Measure.PRECISION, Measure.RECALL, Measure.DENSITY, Measure.COVERAGE);

  /** How often the pooled rows are dealt out anew; the same deals for all figures here. */
  static final int DEALS = 199;

  private PairFigures() {}

  /** Kernel distance, the figures of balls and the classifier: in one pass over all pairs. */
  static void findOfAllPairs(Run run) {
    long seed = run.options().seed();
    KernelDistance.Options kernel =
        KernelDistance.Options.defaults().withDeals(DEALS).withSeed(seed);
    ClassifierTest.Options classifier =
        ClassifierTest.Options.defaults().withDeals(DEALS).withSeed(seed);
    run.forEachBoundedPair(
        (reference, candidate, found) -> {
          PairwiseFigures all =
              PairwiseFigures.of(
                  reference,
                  candidate,
                  kernel,
                  balls(reference, candidate, run),
                  classifier,
                  run.device(),
                  run.progress());
          if (run.wants(Measure.C2ST)) {
            put(all.classifier(), reference, candidate, run, found);
          }
          if (run.wants(Measure.MMD)) {
            put(all.kernel(), candidate, run, found);
          }
          put(all.balls(), run, found);
        });
  }

  /** Where no figure of balls is wanted, sets may be smaller than those would need. */
  private static NeighbourBalls.Options balls(Samples reference, Samples candidate, Run run) {
    int neighbours = run.options().neighbours();
    boolean wanted = BALLS.stream().anyMatch(run::wants);
    int most = Math.max(1, Math.min(reference.rows(), candidate.rows()) - 1);
    return NeighbourBalls.Options.defaults()
        .withDeals(DEALS)
        .withNeighbours(wanted ? neighbours : Math.min(neighbours, most))
        .withSeed(run.options().seed());
  }

  /** The test of random tessellations. */
  static void findPqMass(Run run) {
    PqMass.Options options =
        PqMass.Options.defaults().withDeals(DEALS).withSeed(run.options().seed());
    run.forEachBoundedPair(
        (reference, candidate, found) ->
            found.put(
                Measure.PQMASS,
                PqMass.of(reference, candidate, options, run.device(), run.progress())
                    .statistic()));
  }

  /** An accuracy below that of equal sets is no difference of the kind that a verdict names. */
  private static void put(
      ClassifierTest test, Samples reference, Samples candidate, Run run, Findings found) {
    found.put(Measure.C2ST, byNetwork(Finding.of(test.accuracy()), reference, candidate, run));
    found.keep(test);
    Interval ifEqual = test.accuracy().ifEqual();
    if (ifEqual != null && test.accuracy().value() < ifEqual.low()) {
      run.note(
          "%s: its rows lie nearer to rows of %s than fresh rows would (c2st below what equal sets give); do the sets share rows?"
              .formatted(candidate.name(), reference.name()));
    }
  }

  private static Finding byNetwork(Finding finding, Samples reference, Samples candidate, Run run) {
    if (Math.min(reference.rows(), candidate.rows()) < LearnedClassifier.FEWEST_ROWS) {
      return finding;
    }
    Estimate accuracy =
        LearnedClassifier.of(
                reference, candidate, DEALS, run.options().seed(), run.device(), run.progress())
            .accuracy();
    return finding
        .with(Finding.NETWORK, accuracy.value())
        .with(Finding.NETWORK_ERROR, accuracy.error())
        .with(Finding.NETWORK_P, accuracy.p());
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
          RowCounts rows = new RowCounts(reference.rows(), candidate.rows());
          boolean dealtWithPairs = rows.equals(rows.bounded(reference.dims()));
          Estimate distance =
              dealtWithPairs ? frechet.distance() : frechet.distance().dealtByItself();
          found.put(Measure.FRECHET, Finding.of(distance).with("infinite", frechet.infinite()));
          frechet.notes().forEach(run::note);
        });
  }
}
