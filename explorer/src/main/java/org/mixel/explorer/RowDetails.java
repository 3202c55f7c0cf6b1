package org.mixel.explorer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.mixel.data.Samples;
import org.mixel.explorer.Neighbours.Neighbour;
import org.mixel.mfa.Component;
import org.mixel.mfa.SingleRow;

/** One row of the data under the model, and the components and rows near it. */
final class RowDetails {
  private static final int SHOWN = 8;
  private static final long PATIENCE_SECONDS = 10;

  private final Exploration exploration;
  private final Samples data;
  private final Samples means;
  private final SingleRow model;
  private final Compute compute;

  /** All rows are searched for neighbours of one at a time. */
  private final Semaphore search = new Semaphore(1);

  /**
   * @param means of the components
   */
  RowDetails(
      Exploration exploration, Samples data, Samples means, SingleRow model, Compute compute) {
    this.exploration = exploration;
    this.data = data;
    this.means = means;
    this.model = model;
    this.compute = compute;
  }

  /** Log-likelihood, components and neighbours. */
  ObjectNode of(int row, int[] classes) {
    double[] values = data.exactRow(row);
    double[] joint = compute.ask(() -> model.logJoint(values));
    double largest = Arrays.stream(joint).max().orElseThrow();
    double sum = Arrays.stream(joint).map(each -> Math.exp(each - largest)).sum();
    double logLikelihood = largest + Math.log(sum);
    ObjectNode node =
        JsonNodeFactory.instance.objectNode().put("row", row).put("log_likelihood", logLikelihood);
    if (classes.length > 0) {
      node.put("label", classes[row]);
    }
    ArrayNode responsibilities = node.putArray("responsibilities");
    IntStream.range(0, joint.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer k) -> -joint[k]).thenComparing(k -> k))
        .limit(SHOWN)
        .forEach(
            k ->
                responsibilities
                    .addObject()
                    .put("component", k)
                    .put("share", Math.exp(joint[k] - logLikelihood)));
    add(node.putArray("nearest_components"), "component", Neighbours.nearest(values, means, SHOWN));
    List<Neighbour> rows = neighbours(values);
    add(
        node.putArray("nearest_rows"),
        "row",
        rows.stream().filter(each -> each.row() != row).limit(SHOWN).toList());
    return node;
  }

  private List<Neighbour> neighbours(double[] values) {
    try {
      Refusal.require(
          search.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS),
          Refusal.UNAVAILABLE,
          "too many rows are asked for at once; try again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal(Refusal.UNAVAILABLE, "the server is closing");
    }
    try {
      return Neighbours.nearest(values, data, SHOWN + 1);
    } finally {
      search.release();
    }
  }

  private static void add(ArrayNode array, String name, List<Neighbour> neighbours) {
    for (Neighbour each : neighbours) {
      array.addObject().put(name, each.row()).put("distance", each.distance());
    }
  }

  /** The row, its reconstruction, and the residual in standard deviations of the noise. */
  Reply reconstruction(int row) {
    double[] values = data.exactRow(row);
    boolean[] all = new boolean[values.length];
    Arrays.fill(all, true);
    return compute.ask(
        () -> {
          SingleRow.Completion completed = model.complete(values, all, 1, 0);
          Component component = exploration.model().component(completed.component());
          double[] residual = new double[values.length];
          for (int j = 0; j < residual.length; j++) {
            double error = values[j] - completed.mostProbable()[j];
            residual[j] = error / Math.sqrt(component.noiseVariance()[j]);
          }
          return Reply.floats(values, completed.mostProbable(), residual)
              .with("X-Component", String.valueOf(completed.component()));
        });
  }
}
