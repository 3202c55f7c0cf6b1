package org.mixel.neural;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.neural.network.BatchStatistics;
import org.mixel.neural.network.Custody;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;

/**
 * Takes a generator from the state in which it is trained to that in which it draws samples: the
 * average of its weights, if there is one, and the statistics of batches at just these weights.
 *
 * @param generator stays its owner's
 * @param average of its weights, or null to sample from the last ones
 * @param batch rows of a batch
 * @param seed fixes the noise of the batches
 */
record SamplingWeights(
    Generator generator, @Nullable AveragedWeights average, int batch, long seed) {
  /** Batches for the statistics of a finished model, or of one that is evaluated. */
  static final int BATCHES = 200;

  /** Batches for a picture on the way. */
  static final int FEW_BATCHES = 20;

  private static final long STREAM = -4;

  /** Changes the generator for good. */
  void settle(int batches) {
    if (average != null) {
      average.apply();
    }
    try (RandomStream all = RandomStream.of(seed);
        RandomStream random = all.split(STREAM)) {
      BatchStatistics.recompute(
          generator.parameters(), batches, () -> generator.draw(random, batch, true));
    }
  }

  /** Changes the generator until the result is closed. */
  Training settleForNow(int batches) {
    Parameters parameters = generator.parameters();
    if (average == null && parameters.statistics().isEmpty()) {
      return new Training(List.of(), List.of());
    }
    List<Tensor> tensors = List.copyOf(parameters.named().values());
    List<Tensor> copies = new ArrayList<>();
    try (NativeScope scope = new NativeScope();
        Custody custody = new Custody()) {
      for (Tensor tensor : tensors) {
        copies.add(custody.add(NativeScope.own(tensor.detach().clone())));
      }
      Training training = custody.handOver(new Training(tensors, copies));
      settle(batches);
      return training;
    }
  }

  /**
   * The state that training goes on from; on closing, the generator is in it again.
   *
   * @param tensors of the generator
   * @param copies owned
   */
  record Training(List<Tensor> tensors, List<Tensor> copies) implements AutoCloseable {
    @Override
    public void close() {
      try (NoGradGuard constant = new NoGradGuard()) {
        for (int i = 0; i < tensors.size(); i++) {
          tensors.get(i).copy_(copies.get(i));
          copies.get(i).close();
        }
      }
    }
  }
}
