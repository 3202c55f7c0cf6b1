package org.mixel.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.mixel.metric.ClassifierTest;
import org.mixel.metric.ClassifierTest.Giveaway;

/**
 * The rows by which a classifier tells the sets apart most surely, as places in the whole sets.
 *
 * @param reference rows of the set that the candidate was compared with, such as it lacks
 * @param candidate rows of the candidate, such as only it has
 */
public record Giveaways(List<Giveaway> reference, List<Giveaway> candidate) {
  /** Keeps its own copies of the lists. */
  public Giveaways {
    reference = List.copyOf(reference);
    candidate = List.copyOf(candidate);
  }

  /**
   * @param referenceRows the rows that were compared
   * @param candidateRows the same of the candidate
   */
  static Giveaways of(ClassifierTest test, int[] referenceRows, int[] candidateRows) {
    return new Giveaways(
        placed(test.reference(), referenceRows), placed(test.candidate(), candidateRows));
  }

  private static List<Giveaway> placed(List<Giveaway> rows, int[] places) {
    return rows.stream().map(each -> new Giveaway(places[each.row()], each.share())).toList();
  }

  ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    put(node.putArray("candidate"), candidate);
    put(node.putArray("reference"), reference);
    return node;
  }

  private static void put(ArrayNode array, List<Giveaway> rows) {
    rows.forEach(each -> array.addObject().put("row", each.row()).put("share", each.share()));
  }
}
