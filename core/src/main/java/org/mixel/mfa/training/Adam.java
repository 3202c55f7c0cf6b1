package org.mixel.mfa.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * Adam (Kingma and Ba, <i>Adam: a method for stochastic optimization</i>, 2015), with its state as
 * plain tensors, so that it can lie in a checkpoint beside the model; libtorch's own keeps it in an
 * archive of another format.
 */
final class Adam implements AutoCloseable {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final double learningRate;
  private final Tensor[] first;
  private final Tensor[] second;
  private long steps;

  /** No steps yet, for so many tensors. */
  Adam(double learningRate, int tensors) {
    this.learningRate = learningRate;
    first = new Tensor[tensors];
    second = new Tensor[tensors];
  }

  /**
   * Goes on from a {@link #state}.
   *
   * @param shapes tensors like the parameters
   * @throws org.mixel.InputException if the state does not fit them
   */
  static Adam resume(double learningRate, List<Tensor> shapes, SafeTensors state, Device device) {
    int tensors = shapes.size();
    Adam adam = new Adam(learningRate, tensors);
    try (NativeScope scope = new NativeScope()) {
      for (int i = 0; i < tensors; i++) {
        long[] shape = shapes.get(i).sizes().vec().get();
        Tensor mean = state.get("adam_first_" + i, shape);
        Tensor square = state.get("adam_second_" + i, shape);
        adam.first[i] = NativeScope.own(mean.to(device, ScalarType.Float));
        adam.second[i] = NativeScope.own(square.to(device, ScalarType.Float));
      }
      adam.steps = Math.max(0, Tensors.longs(state.get("adam_steps", 1))[0]);
    }
    return adam;
  }

  /** Moves the parameters, in place, against their gradients. */
  void step(Tensor[] parameters, Tensor[] gradients) {
    steps++;
    double bias1 = 1 - Math.pow(BETA1, steps);
    double bias2 = 1 - Math.pow(BETA2, steps);
    try (NativeScope scope = new NativeScope()) {
      for (int i = 0; i < parameters.length; i++) {
        if (first[i] == null) {
          first[i] = NativeScope.own(torch.zeros_like(parameters[i]));
          second[i] = NativeScope.own(torch.zeros_like(parameters[i]));
        }
        Tensor gradient = gradients[i];
        first[i].mul_(new Scalar(BETA1)).add_(gradient, new Scalar(1 - BETA1));
        second[i].mul_(new Scalar(BETA2)).addcmul_(gradient, gradient, new Scalar(1 - BETA2));
        Tensor deviation = second[i].div(new Scalar(bias2)).sqrt_().add_(new Scalar(EPSILON));
        parameters[i].addcdiv_(first[i], deviation, new Scalar(-learningRate / bias1));
      }
    }
  }

  /** What the next step depends on besides the parameters; the moments stay this object's. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (int i = 0; i < first.length; i++) {
      if (first[i] != null) {
        state.put("adam_first_" + i, first[i]);
        state.put("adam_second_" + i, second[i]);
      }
    }
    state.put("adam_steps", Tensors.of(new long[] {steps}, 1));
    return state;
  }

  @Override
  public void close() {
    for (int i = 0; i < first.length; i++) {
      if (first[i] != null) {
        first[i].close();
        second[i].close();
      }
    }
  }
}
