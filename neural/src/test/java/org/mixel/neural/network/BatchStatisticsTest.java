package org.mixel.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/** Statistics of batches are plain means over the batches, whatever they were before. */
class BatchStatisticsTest {
  @Test
  void theyAreMeansOverBatches() {
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(1);
        Parameters parameters =
            Parameters.from(Parameters.Source.fresh(random, ComputeDevice.CPU, ScalarType.Float))) {
      Stack network =
          Stack.Builder.ofRows(parameters, "network", WeightRule.HE, 1)
              .unflatten(1, 1, 1)
              .batchNorm()
              .build();
      network.forward(Tensors.of(new float[] {100, 900}, 2, 1), true);
      Deque<float[]> batches =
          new ArrayDeque<>(List.of(new float[] {1, 3}, new float[] {5, 9}, new float[] {-6, 0}));
      BatchStatistics.recompute(
          parameters, 3, () -> network.forward(Tensors.of(batches.remove(), 2, 1), true));
      assertThat(batches).isEmpty();
      List<Tensor> statistics = parameters.statistics();
      // Means of 2, 7 and -3; variances of 2, 8 and 18.
      assertThat(Tensors.floats(statistics.get(0))[0]).isCloseTo(2, within(1e-5f));
      assertThat(Tensors.floats(statistics.get(1))[0]).isCloseTo(28f / 3, within(1e-5f));
    }
  }

  @Test
  void aNetworkWithoutThemIsLeftAlone() {
    try (Parameters parameters =
        Parameters.from(
            Parameters.Source.fresh(RandomStream.of(1), ComputeDevice.CPU, ScalarType.Float))) {
      BatchStatistics.recompute(
          parameters,
          3,
          () -> {
            throw new AssertionError("a batch for nothing");
          });
    }
  }
}
