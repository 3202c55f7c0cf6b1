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
 * @param more further numbers by name, such as the Frechet distance for infinitely many rows
 */
public record Finding(Estimate estimate, @Nullable Double pHolm, Map<String, Double> more) {
  /** Keeps its own copy of the map, in its order. */
  public Finding {
    more = new LinkedHashMap<>(more);
  }

  static Finding of(Estimate estimate) {
    return new Finding(estimate, null, Map.of());
  }

  /** The same with one further number; a null is left out. */
  Finding with(String name, @Nullable Double number) {
    Map<String, Double> all = new LinkedHashMap<>(more);
    if (number != null) {
      all.put(name, number);
    }
    return new Finding(estimate, pHolm, all);
  }

  Finding withHolm(double adjusted) {
    return new Finding(estimate, adjusted, more);
  }

  /** The p-value that a verdict goes by: the adjusted one where there is one; null without a p. */
  public @Nullable Double p() {
    return pHolm == null ? estimate.p() : pHolm;
  }

  ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("value", estimate.value()).put("error", estimate.error());
    if (estimate.ifEqual() == null) {
      node.putNull("if_equal");
    } else {
      node.putArray("if_equal").add(estimate.ifEqual().low()).add(estimate.ifEqual().high());
    }
    node.put("p", estimate.p());
    if (pHolm != null) {
      node.put("p_holm", pHolm);
    }
    more.forEach(node::put);
    return node;
  }
}
