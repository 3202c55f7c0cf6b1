package org.mixel.metric;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/**
 * Divides pooled rows into two sets at random, as often as wanted: what sets of these sizes from
 * one source look like. The same seed gives the same deals. Immutable.
 *
 * @param rows of both sets
 * @param referenceRows of the first set
 * @param count how many deals
 * @param seed chooses them
 */
record Deals(int rows, int referenceRows, int count, long seed) {
  /** The rows that a deal puts into the first set, in random order. */
  int[] reference(int deal) {
    try (RandomStream random = RandomStream.of(seed)) {
      try (RandomStream own = random.split(deal)) {
        return own.choose(referenceRows, rows);
      }
    }
  }

  /**
   * Marks the rows of the first set by 1: in column 0 those of the sets as they are, then those of
   * each deal.
   *
   * @return bytes {@code [rows, 1 + count]}
   */
  Tensor marks(Device device) {
    return NativeScope.compute(
        () -> {
          Tensor assigned = Devices.zeros(device, ScalarType.Byte, count + 1L, rows);
          Scalar one = new Scalar(1);
          assigned.select(0, 0).narrow(0, 0, referenceRows).fill_(one);
          for (int b = 0; b < count; b++) {
            try (NativeScope scope = new NativeScope()) {
              Tensor chosen = Tensors.indices(reference(b)).to(device, ScalarType.Long);
              assigned.select(0, b + 1L).index_fill_(0, chosen, one);
            }
          }
          return assigned.t().contiguous();
        });
  }
}
