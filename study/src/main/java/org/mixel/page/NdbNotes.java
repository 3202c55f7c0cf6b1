package org.mixel.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mixel.data.Coding;
import org.mixel.data.Samples;
import org.mixel.ndb.Clustering;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.NdbSummary;
import org.mixel.ndb.ReferenceMode;
import org.mixel.ndb.VoronoiBins;

/** Remarks on the figures of an NDB evaluation, in sentences without a full stop. */
public final class NdbNotes {
  private NdbNotes() {}

  /**
   * The notes that apply, the most important first.
   *
   * @param advice where a candidate may share rows with the reference
   */
  public static List<String> of(NdbReport report, String advice) {
    List<String> notes = new ArrayList<>();
    VoronoiBins bins = report.bins().get(0);
    boolean random = bins.options().clustering() == Clustering.RANDOM;
    if (bins.options().mode() == ReferenceMode.PAPER && !bins.countsOthers() && !random) {
      notes.add(
          "paper mode counts the rows that placed the bins: NDB/K of equal sets is then not alpha"
              + " (with few rows and many dimensions it is far larger), and what is said of equal"
              + " sets holds for held-out mode only");
    }
    for (NdbResult each : report.results()) {
      if (each.js() < each.expected().jsBand().low()) {
        notes.add(
            String.format(
                Locale.ROOT,
                "%s, %d bins: closer to %s than fresh rows would be; does it share rows with %3$s?"
                    + " %s",
                each.candidate(),
                each.bins(),
                bins.countsOthers() ? bins.countedName() : "the reference",
                advice));
      }
    }
    if (!bins.countsOthers()) {
      notes.add(
          "rows of the reference itself are counted: a model that was trained on them and repeats"
              + " them fills their bins perfectly and gains by it; count rows from the same source"
              + " that no model has seen (`counted`)");
    }
    for (NdbSummary each : report.summaries()) {
      if (each.sparseBins() > 0) {
        notes.add(
            String.format(
                Locale.ROOT,
                "%s, %d bins: %d of them expect fewer than %d rows (the least %.1f), where the"
                    + " tests are rough; ask for fewer bins or give more rows",
                each.candidate(),
                each.bins(),
                each.sparseBins(),
                NdbResult.FEW_ROWS,
                each.fewestExpectedRows()));
      }
    }
    notes.addAll(power(report));
    return notes;
  }

  /**
   * Whether images were saved in ways that differ.
   *
   * @param sets the reference first
   */
  public static List<String> ofCodings(List<Samples> sets) {
    Samples known = sets.get(0);
    List<String> notes = new ArrayList<>();
    for (Samples other : sets.subList(1, sets.size())) {
      Optional<Coding> coding = known.coding();
      if (coding.isPresent() && other.coding().isPresent() && !coding.equals(other.coding())) {
        boolean first = coding.get() == Coding.LOSSY;
        notes.add(
            String.format(
                "%s was saved as JPEG or another lossy format, %s was not: bins may differ for that"
                    + " alone; compare images that were saved alike",
                first ? known.name() : other.name(), first ? other.name() : known.name()));
      }
    }
    return notes;
  }

  /** One note for each number of candidate rows. */
  private static List<String> power(NdbReport report) {
    Map<Integer, Set<String>> smallest = new LinkedHashMap<>();
    for (NdbSummary each : report.summaries()) {
      smallest
          .computeIfAbsent(each.rows(), rows -> new LinkedHashSet<>())
          .add(
              String.format(
                  Locale.ROOT, "%.2g%% at %d bins", 100 * each.smallestLostMode(), each.bins()));
    }
    List<String> notes = new ArrayList<>();
    smallest.forEach(
        (rows, shares) ->
            notes.add(
                String.format(
                    Locale.ROOT,
                    "with %,d rows, a mode that is lost in one bin of average size is found 4 times"
                        + " in 5, by Fisher's exact test adjusted for all bins (Holm), if it is at"
                        + " least this share of the data: %s",
                    rows,
                    String.join(", ", shares))));
    return notes;
  }
}
