package org.mixel.evaluation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mixel.metric.Estimate;

/**
 * One figure of one candidate.
 *
 * @param estimate value, error, what equal sets give, and p
 * @param pHolm p adjusted for the number of candidates (Holm); null where there is one candidate,
 *     or no p
 * @param pAdjusted p adjusted for the figures of the candidate, as {@link JointFigures} tells; null
 *     where there is no p, or it is not part of the verdict
 * @param more further numbers by name, such as the Frechet distance for infinitely many rows
 */
public record Finding(
    Estimate estimate,
    @Nullable Double pHolm,
    @Nullable Double pAdjusted,
    Map<String, Double> more) {
  /** The balanced accuracy of a network, beside {@link Measure#C2ST}. */
  public static final String NETWORK = "network";

  /** The error of {@link #NETWORK}. */
  public static final String NETWORK_ERROR = "network_error";

  /** The p-value of {@link #NETWORK}. */
  public static final String NETWORK_P = "network_p";

  /** Keeps its own copy of the map, in its order. */
  public Finding {
    more = new LinkedHashMap<>(more);
  }

  static Finding of(Estimate estimate) {
    return new Finding(estimate, null, null, Map.of());
  }

  /** The same with one further number; a null is left out. */
  Finding with(String name, @Nullable Double number) {
    Map<String, Double> all = new LinkedHashMap<>(more);
    if (number != null) {
      all.put(name, number);
    }
    return new Finding(estimate, pHolm, pAdjusted, all);
  }

  Finding withHolm(double adjusted) {
    return new Finding(estimate, adjusted, pAdjusted, more);
  }

  Finding withAdjusted(double adjusted) {
    return new Finding(estimate, pHolm, adjusted, more);
  }

  ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("value", estimate.value()).put("error", estimate.error());
    if (estimate.ifEqual() == null) {
      node.putNull("if_equal");
    } else {
      node.putArray("if_equal").add(estimate.ifEqual().low()).add(estimate.ifEqual().high());
    }
    node.put("p", estimate.p()).put("p_adjusted", pAdjusted);
    if (pHolm != null) {
      node.put("p_holm", pHolm);
    }
    more.forEach(node::put);
    return node;
  }
}
