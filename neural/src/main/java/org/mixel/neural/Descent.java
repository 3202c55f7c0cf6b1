package org.mixel.neural;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.mixel.neural.network.Parameters;
import org.mixel.optimizer.Adam;
import org.mixel.optimizer.Optimizer;
import org.mixel.optimizer.RmsProp;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;

/**
 * Parameters and the optimiser that moves them.
 *
 * @param parameters of one network or of several; stay their owner's
 * @param optimizer closed with this
 */
record Descent(List<Parameters> parameters, Optimizer optimizer) implements AutoCloseable {
  Descent {
    parameters = List.copyOf(parameters);
  }

  /** Which optimiser a recipe takes. */
  @FunctionalInterface
  interface Rule {
    /**
     * An optimiser at its start, or as it was stored.
     *
     * @param shapes tensors like the parameters
     * @param state empty at the start
     * @throws org.mixel.InputException if the state does not fit the parameters
     */
    Optimizer optimizer(double rate, List<Tensor> shapes, SafeTensors state);

    /** Adam with the constants of its authors. */
    static Rule adam() {
      return adam(Adam.Options.of(1).beta1(), Adam.Options.of(1).beta2());
    }

    /** Adam with other constants. */
    static Rule adam(double beta1, double beta2) {
      return (rate, shapes, state) -> {
        Adam.Options options = new Adam.Options(rate, beta1, beta2);
        return state.tensors().isEmpty()
            ? Adam.of(options, shapes.size())
            : Adam.resume(options, shapes, state);
      };
    }

    /** RMSProp. */
    static Rule rmsProp() {
      return (rate, shapes, state) ->
          state.tensors().isEmpty()
              ? RmsProp.of(rate, shapes.size())
              : RmsProp.resume(rate, shapes, state);
    }
  }

  /**
   * @param state of the optimiser, empty at the start
   * @throws org.mixel.InputException if the state does not fit the parameters
   */
  static Descent of(List<Parameters> parameters, Rule rule, double rate, SafeTensors state) {
    try (NativeScope scope = new NativeScope()) {
      return new Descent(parameters, rule.optimizer(rate, leaves(parameters), state));
    }
  }

  /**
   * One step against the gradient of a loss.
   *
   * @param rate factor of the learning rate
   */
  void step(Tensor loss, double rate) {
    TensorVector leaves = new TensorVector(leaves(parameters).toArray(Tensor[]::new));
    Tensor[] gradients = torch.grad(new TensorVector(loss), leaves).get();
    Tensor[] values =
        parameters.stream().flatMap(each -> Stream.of(each.values())).toArray(Tensor[]::new);
    optimizer.step(values, gradients, rate);
  }

  private static List<Tensor> leaves(List<Parameters> parameters) {
    return parameters.stream().flatMap(each -> each.trained().stream()).toList();
  }

  Map<String, Tensor> state() {
    return optimizer.state();
  }

  @Override
  public void close() {
    optimizer.close();
  }
}
