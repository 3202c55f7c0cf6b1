package org.mixel.evaluation;

import java.util.List;
import java.util.Locale;
import org.mixel.metric.Estimate;
import org.mixel.ndb.JsExcess;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.VoronoiBins;
import org.mixel.stat.Interval;

/** Figures of the shares of rows in Voronoi bins. */
final class BinFigures {
  /** Errors from the middle of a 95% interval to its end. */
  private static final double ERRORS = 1.959964;

  private BinFigures() {}

  static Ndb.Options options(List<Integer> bins, boolean equalRows, long seed) {
    return Ndb.Options.defaults().withBins(bins).withSeeds(seed, 1).withEqualRows(equalRows);
  }

  /** NDB/K on each number of bins, and the excess on the first; all bins at once give p. */
  static void find(Run run) {
    ComparedSets sets = run.sets();
    Evaluation.Options options = run.options();
    NdbReport report =
        Ndb.run(
            sets.reference(),
            sets.counted(),
            sets.candidates(),
            options(options.bins(), options.equalRows(), options.seed()),
            run.device(),
            run.progress());
    run.keep(report);
    int perCandidate = options.bins().size();
    for (int i = 0; i < sets.candidates().size(); i++) {
      Findings found = run.findings(i);
      List<NdbResult> results = report.results().subList(i * perCandidate, (i + 1) * perCandidate);
      List<Double> adjusted = report.joint().get(i).each();
      if (run.wants(Measure.NDB)) {
        for (int k = 0; k < perCandidate; k++) {
          NdbResult result = results.get(k);
          found.put(Measure.ndb(result.bins()), ndb(result), adjusted.get(k));
        }
      }
      if (run.wants(Measure.JS_EXCESS)) {
        found.put(Measure.JS_EXCESS.toString(), excess(results.get(0)), adjusted.get(0));
      }
    }
    VoronoiBins bins = report.bins().get(0);
    if (!bins.countsOthers()) {
      run.note(
          String.format(
              Locale.ROOT,
              "of %,d rows of %s, %,d are counted in bins that the others placed; the other figures"
                  + " look at all of them",
              bins.referenceRows(),
              bins.referenceName(),
              bins.countedRows()));
    }
  }

  private static Finding ndb(NdbResult result) {
    return Finding.of(
        new Estimate(
            result.ndbOverK(), null, result.expectedNdbOverKBand(), result.expected().p()));
  }

  private static Finding excess(NdbResult result) {
    JsExcess excess = result.excess();
    Interval dealt = result.expected().jsBand();
    Interval ifEqual =
        new Interval(dealt.low() - result.expectedJs(), dealt.high() - result.expectedJs());
    double error = (excess.interval().high() - excess.interval().low()) / (2 * ERRORS);
    return Finding.of(new Estimate(excess.value(), error, ifEqual, result.expected().p()));
  }
}
