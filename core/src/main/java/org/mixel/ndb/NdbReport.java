package org.mixel.ndb;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mixel.stat.Interval;

/**
 * Several candidates on several sets of bins of one reference.
 *
 * @param bins the sets of bins, at least one
 * @param results candidate by candidate, each on every set of bins in turn
 * @param joint one p-value for all sets of bins, candidate by candidate
 */
public record NdbReport(List<VoronoiBins> bins, List<NdbResult> results, List<JointTest> joint) {
  /** Keeps its own copies of the lists. */
  public NdbReport {
    bins = List.copyOf(bins);
    results = List.copyOf(results);
    joint = List.copyOf(joint);
  }

  /** The bins that a result of this report was counted in. */
  public VoronoiBins binsOf(NdbResult result) {
    return bins.stream()
        .filter(b -> b.bins() == result.bins() && b.options().seed() == result.seed())
        .findFirst()
        .orElseThrow();
  }

  /** Means and deviations over the seeds, for each candidate and number of bins in turn. */
  public List<NdbSummary> summaries() {
    record Case(String candidate, int bins) {}
    Map<Case, List<NdbResult>> cases = new LinkedHashMap<>();
    for (NdbResult result : results) {
      cases
          .computeIfAbsent(new Case(result.candidate(), result.bins()), c -> new ArrayList<>())
          .add(result);
    }
    return cases.values().stream().map(NdbSummary::of).toList();
  }

  /**
   * The document that {@code mixel ndb --json} prints. Proportions are in the order of the bins;
   * {@code different} begins with the largest difference of proportions; {@code summaries} are over
   * the seeds.
   */
  public ObjectNode toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    VoronoiBins any = bins.get(0);
    ObjectNode reference = root.putObject("reference");
    reference
        .put("name", any.referenceName())
        .put("rows", any.referenceRows())
        .put("dims", any.dims())
        .put("mode", any.options().mode().toString())
        .put("binning", any.options().clustering().toString());
    reference.putObject("counted").put("name", any.countedName()).put("rows", any.countedRows());
    ArrayNode array = root.putArray("results");
    results.forEach(result -> array.add(toJson(result)));
    ArrayNode means = root.putArray("summaries");
    summaries().forEach(summary -> means.add(toJson(summary)));
    ArrayNode tests = root.putArray("joint");
    for (JointTest test : joint) {
      ObjectNode node = tests.addObject();
      node.put("candidate", test.candidate()).put("p", test.p()).put("p_holm", test.pHolm());
      test.each().forEach(node.putArray("p_each")::add);
    }
    return root;
  }

  private static ObjectNode toJson(NdbSummary summary) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("candidate", summary.candidate())
        .put("rows", summary.rows())
        .put("reference_rows", summary.referenceRows())
        .put("bins", summary.bins())
        .put("seeds", summary.seeds())
        .put("ndb_over_k", summary.ndbOverK())
        .put("ndb_over_k_deviation", summary.ndbOverKDeviation())
        .put("expected_ndb_over_k", summary.expectedNdbOverK())
        .put("js", summary.js())
        .put("js_deviation", summary.jsDeviation())
        .put("expected_js", summary.expectedJs())
        .put("js_excess", summary.jsExcess())
        .put("js_excess_deviation", summary.jsExcessDeviation());
  }

  private static ObjectNode toJson(NdbResult result) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("candidate", result.candidate())
            .put("rows", result.rows())
            .put("reference_rows", result.referenceRows())
            .put("bins", result.bins())
            .put("alpha", result.alpha())
            .put("ndb", result.ndb())
            .put("ndb_over_k", result.ndbOverK())
            .put("js", result.js())
            .put("chi_square_p", result.chiSquareP())
            .put("expected_ndb_over_k", result.expectedNdbOverK())
            .put("expected_js", result.expectedJs())
            .put("js_excess", result.excess().value());
    putInterval(node.putArray("js_excess_interval"), result.excess().interval());
    PermutationNull expected = result.expected();
    putInterval(node.putArray("expected_ndb_over_k_band"), result.expectedNdbOverKBand());
    putInterval(node.putArray("expected_js_band"), expected.jsBand());
    node.put("permutation_p", expected.p())
        .put("smallest_lost_mode", result.smallestLostMode())
        .put("sparse_bins", result.sparseBins())
        .put("fewest_expected_rows", result.fewestExpectedRows());
    result.different().forEach(node.putArray("different")::add);
    result.differentByHolm().forEach(node.putArray("different_by_holm")::add);
    result
        .differentByBenjaminiHochberg()
        .forEach(node.putArray("different_by_benjamini_hochberg")::add);
    putNumbers(node.putArray("p_values"), result.pValues());
    putNumbers(node.putArray("exact_p_values"), result.exactPValues());
    putNumbers(node.putArray("proportions"), result.proportions());
    putNumbers(node.putArray("reference_proportions"), result.referenceProportions());
    return node.put("seed", result.seed());
  }

  private static void putInterval(ArrayNode array, Interval interval) {
    array.add(interval.low()).add(interval.high());
  }

  private static void putNumbers(ArrayNode array, double[] values) {
    for (double value : values) {
      array.add(value);
    }
  }
}
