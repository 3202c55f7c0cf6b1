package org.mixel.optimizer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;

/** Running averages of something about the gradients, one tensor for each parameter. */
final class Moments implements AutoCloseable {
  private final String name;
  private final Tensor[] averages;

  /** Zeros, made when the first parameters are seen. */
  Moments(String name, int tensors) {
    this.name = name;
    averages = new Tensor[tensors];
  }

  /**
   * As they were {@linkplain #save saved}.
   *
   * @param shapes tensors like the parameters
   * @throws org.mixel.InputException if the state does not fit them
   */
  static Moments restore(String name, List<Tensor> shapes, SafeTensors state) {
    Moments moments = new Moments(name, shapes.size());
    try (NativeScope scope = new NativeScope()) {
      for (int i = 0; i < moments.averages.length; i++) {
        Tensor like = shapes.get(i);
        Tensor stored = state.get(name + i, like.sizes().vec().get());
        moments.averages[i] = NativeScope.own(torch.zeros_like(like).copy_(stored));
      }
      return moments;
    } catch (RuntimeException e) {
      moments.close();
      throw e;
    }
  }

  /** The average that belongs to a parameter. */
  Tensor of(int index, Tensor parameter) {
    if (averages[index] == null) {
      averages[index] = NativeScope.own(torch.zeros_like(parameter));
    }
    return averages[index];
  }

  void save(Map<String, Tensor> state) {
    for (int i = 0; i < averages.length; i++) {
      if (averages[i] != null) {
        state.put(name + i, averages[i]);
      }
    }
  }

  @Override
  public void close() {
    Arrays.stream(averages).filter(Objects::nonNull).forEach(Tensor::close);
  }
}
