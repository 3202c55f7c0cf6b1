package org.mixel.spark;

import java.util.Iterator;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.BlockExpectation;
import org.mixel.mfa.training.Pass;
import org.mixel.mfa.training.SufficientStatistics;
import org.mixel.spark.KeyedSums.Component;
import org.mixel.spark.KeyedSums.Part;
import org.mixel.spark.KeyedSums.Total;

/**
 * Exact EM whose E-step is made where the rows are. A task fills one set of statistics from all its
 * blocks; its sums leave it component by component ({@link KeyedSums}).
 */
record DistributedEm(DistributedRows rows) implements Algorithm {
  @Override
  public String trainer() {
    return "em";
  }

  @Override
  public Map<String, String> toMetadata() {
    return Map.of("engine", "spark");
  }

  @Override
  public boolean allowsMissing() {
    return true;
  }

  @Override
  public boolean allowsWeights() {
    return true;
  }

  @Override
  public boolean remembers() {
    return false;
  }

  @Override
  public Pass begin(Pass.Setting setting) {
    return this::expect;
  }

  private SufficientStatistics expect(
      org.mixel.mfa.MixtureOfFactorAnalyzers model, Progress.Stage stage) {
    return SufficientStatistics.gather(
        model,
        statistics ->
            rows.pass(model, DistributedEm::expect).forEach(part -> add(part, statistics, stage)));
  }

  /** Adds the sums of a component, or counts rows. */
  static void add(Part part, SufficientStatistics statistics, Progress.Stage stage) {
    if (part.load() instanceof Component component && component.sums() != null) {
      statistics.add(part.component(), component.sums());
    } else if (part.load() instanceof Total total) {
      statistics.count(total.rows(), total.logLikelihood());
      stage.advance((long) total.rows());
    }
  }

  /** The sums of a task's rows, one component after the other. */
  private static Iterator<Part> expect(
      int task, Iterator<Samples> rows, org.mixel.mfa.MixtureOfFactorAnalyzers model) {
    BlockExpectation expectation = BlockExpectation.of(model);
    DistributedRows.closeAfterTask(expectation);
    rows.forEachRemaining(expectation::add);
    SufficientStatistics statistics = expectation.statistics();
    int components = model.components();
    Total total = new Total(statistics.rows(), statistics.logLikelihood());
    return Stream.concat(
            IntStream.range(0, components)
                .mapToObj(k -> new Part(k, task, new Component(statistics.sums(k), null, 0))),
            Stream.of(new Part(components, task, total)))
        .iterator();
  }
}
