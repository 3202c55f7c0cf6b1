package org.mixel.neural.network;

import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mixel.tensor.NativeScope;

/**
 * The statistics by which batch normalisation normalises samples. The running averages of training
 * are of weights that moved meanwhile, and of the last few batches; these are plain means over
 * batches at the weights as they are, as Ioffe and Szegedy (2015, algorithm 2) have them.
 */
public final class BatchStatistics {
  private BatchStatistics() {}

  /**
   * Computes them anew.
   *
   * @param parameters of a network; their running averages are changed, their weights are not
   * @param batches how many, at least 1
   * @param pass takes one more batch through the network, once, normalised by its own statistics
   */
  public static void recompute(Parameters parameters, int batches, Runnable pass) {
    List<Tensor> running = parameters.statistics();
    if (running.isEmpty()) {
      return;
    }
    try (NativeScope scope = new NativeScope();
        NoGradGuard frozen = new NoGradGuard()) {
      List<Tensor> sums = running.stream().map(torch::zeros_like).toList();
      for (int i = 0; i < batches; i++) {
        // What a batch adds to averages of zero is its own share.
        running.forEach(Tensor::zero_);
        try (NativeScope batch = new NativeScope()) {
          pass.run();
        }
        for (int j = 0; j < sums.size(); j++) {
          sums.get(j).add_(running.get(j));
        }
      }
      Scalar share = new Scalar(Stack.Builder.MOMENTUM * batches);
      for (int j = 0; j < sums.size(); j++) {
        running.get(j).copy_(sums.get(j).div(share));
      }
    }
  }
}
