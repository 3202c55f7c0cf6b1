package org.mixel.metric;

import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;

/**
 * The figures that look at all pairs of rows, in one pass over them: the products of rows, which
 * cost most where rows are wide, are taken once. Immutable.
 *
 * @param kernel as {@link KernelDistance#of}
 * @param balls as {@link NeighbourBalls#of}
 * @param classifier as {@link ClassifierTest#of}
 */
public record PairwiseFigures(
    KernelDistance kernel, NeighbourBalls balls, ClassifierTest classifier) {
  /**
   * Compares two sets.
   *
   * @param reference pixels in [0, 1], or features
   * @param candidate rows of as many values
   * @throws InputException if a set has no more rows than neighbours, the rows differ in their
   *     number of values, or a value is not finite
   */
  public static PairwiseFigures of(
      Samples reference,
      Samples candidate,
      KernelDistance.Options kernel,
      NeighbourBalls.Options balls,
      ClassifierTest.Options classifier,
      ComputeDevice device,
      Progress progress) {
    NeighbourBalls.requireNeighbours(reference, balls);
    NeighbourBalls.requireNeighbours(candidate, balls);
    try (NativeScope scope = new NativeScope();
        PooledProducts products = PooledProducts.of(reference, candidate, device);
        KernelSums sums = KernelSums.of(products, kernel);
        NeighbourLists lists =
            NeighbourLists.of(
                products,
                Math.max(
                    BallCounts.length(products, balls), NeighbourVotes.neighbours(products.rows())),
                classifier.seed());
        Progress.Stage stage = progress.begin("pairs of rows", products.pairs())) {
      products.forEach(
          stage,
          (first, second, block) -> {
            sums.visit(first, second, block);
            lists.visit(first, second, block);
          });
      return new PairwiseFigures(
          sums.distance(),
          BallCounts.of(products, lists, balls).balls(),
          NeighbourVotes.of(products, lists, classifier).test());
    }
  }
}
