package org.mixel.study.power;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often each figure found each fault in rows of one source, at one size.
 *
 * @param data name of the source
 * @param rows of the reference and of candidates
 * @param found for each fault, in order: each figure's share
 */
record PowerTable(String data, int rows, Map<String, Map<String, Share>> found) {
  /**
   * A share of repetitions.
   *
   * @param found how many in which p was at most the level
   * @param repetitions in which there was a p
   */
  record Share(int found, int repetitions) {
    double value() {
      return (double) found / repetitions;
    }

    Share plus(double p) {
      return new Share(found + (p <= PowerStudy.LEVEL ? 1 : 0), repetitions + 1);
    }
  }

  /** Keeps its own copy of the map, in its order. */
  PowerTable {
    found = new LinkedHashMap<>(found);
  }

  /** A figure's share of the repetitions, of a row of the table; NaN if it has none. */
  static double value(Map<String, Share> row, String figure) {
    Share share = row.get(figure);
    return share == null ? Double.NaN : share.value();
  }

  static PowerTable of(String data, int rows, List<Fault> faults, List<PowerRecord> records) {
    Map<String, Map<String, Share>> all = new LinkedHashMap<>();
    for (Fault fault : faults) {
      Map<String, Share> shares = new TreeMap<>();
      for (PowerRecord record : records) {
        record
            .p(fault.key())
            .forEach(
                (figure, p) ->
                    shares.put(figure, shares.getOrDefault(figure, new Share(0, 0)).plus(p)));
      }
      all.put(fault.name(), shares);
    }
    return new PowerTable(data, rows, all);
  }
}
