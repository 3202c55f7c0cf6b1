package org.mixel.mfa.training;

import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.PointerConsumer;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DispatchKey;

/**
 * Counts the calls of libtorch's operators on all threads, through the hook that its profilers use.
 * What an operator calls itself does not count: on the CPU a batched product is a loop over
 * products, on a GPU it is one.
 */
final class OperatorCalls {
  private OperatorCalls() {}

  /** What libtorch calls at the end of an operator; it hands over more than is taken here. */
  private static final class End extends PointerConsumer {
    private final AtomicLong calls = new AtomicLong();

    @Override
    public void call(Pointer operator) {
      // Inside an operator this key is left out.
      if (!torch.tls_is_dispatch_key_excluded(DispatchKey.ADInplaceOrView)) {
        calls.incrementAndGet();
      }
    }
  }

  /** How many operators some work calls. */
  static long during(Runnable work) {
    try (End end = new End();
        LongPointer address = new LongPointer(end);
        LongPointer callback = new LongPointer(8)) {
      // An at::RecordFunctionCallback: no start, the end, the probability that a call is told, and
      // a byte for each kind of event, of which the first is operators.
      callback.fill(0);
      callback.put(1, address.get()).put(2, Double.doubleToLongBits(1)).put(3, 1);
      long handle = torch.addGlobalCallback(callback);
      try {
        work.run();
      } finally {
        torch.removeCallback(handle);
      }
      return end.calls.get();
    }
  }
}
