package org.mixel.evaluation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.mixel.stat.TwoProportionTest;

/**
 * A candidate's rows of one class.
 *
 * @param label the class
 * @param rows rows of the candidate in it
 * @param referenceRows rows in it that they are compared with
 * @param share the test of the class's share of all rows
 * @param pHolm Fisher's p-value of that test, adjusted for the number of classes and candidates
 *     (Holm)
 * @param figures all figures of the class's rows, tested as if there were no other class; null
 *     where a set has too few rows of the class
 */
public record ClassReport(
    int label,
    int rows,
    int referenceRows,
    TwoProportionTest share,
    double pHolm,
    @Nullable CandidateReport figures) {
  /** How a class's share compares with that of the reference. */
  public enum Production {
    /** Significantly above. */
    TOO_MUCH("too much"),
    /** Significantly below. */
    TOO_LITTLE("too little"),
    /** Neither. */
    ALIKE("alike");

    private final String words;

    Production(String words) {
      this.words = words;
    }

    /** In words, as tables show it. */
    @Override
    public String toString() {
      return words;
    }
  }

  ClassReport withHolm(double adjusted) {
    return new ClassReport(label, rows, referenceRows, share, adjusted, figures);
  }

  /** The conclusion from {@link #pHolm} at {@link CandidateReport#LEVEL}. */
  public Production production() {
    if (pHolm > CandidateReport.LEVEL) {
      return Production.ALIKE;
    }
    return share.difference() > 0 ? Production.TOO_MUCH : Production.TOO_LITTLE;
  }

  ObjectNode toJson() {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("class", label)
            .put("rows", rows)
            .put("reference_rows", referenceRows)
            .put("share", share.candidateProportion())
            .put("reference_share", share.referenceProportion())
            .put("p", share.exactP())
            .put("p_holm", pHolm)
            .put("production", production().toString());
    ObjectNode found = figures == null ? null : figures.toJson();
    node.set("metrics", found == null ? null : found.get("metrics"));
    return node.put("metrics_p_holm", figures == null ? null : figures.pHolm());
  }
}
