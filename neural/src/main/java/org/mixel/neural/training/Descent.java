package org.mixel.neural.training;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.mixel.neural.model.ModelKind;
import org.mixel.neural.network.Parameters;
import org.mixel.optimizer.Adam;
import org.mixel.optimizer.Optimizer;
import org.mixel.optimizer.RmsProp;
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

  /**
   * With the optimiser of the kind's authors.
   *
   * @param state what the optimiser remembered, empty at the start
   * @throws org.mixel.InputException if the state does not fit the parameters
   */
  static Descent of(List<Parameters> parameters, ModelKind kind, double rate, SafeTensors state) {
    List<Tensor> shapes = leaves(parameters);
    Device device = parameters.get(0).device();
    boolean start = state.tensors().isEmpty();
    if (kind == ModelKind.WGAN) {
      return new Descent(
          parameters,
          start ? RmsProp.of(rate, shapes.size()) : RmsProp.resume(rate, shapes, state, device));
    }
    Adam.Options options =
        switch (kind) {
          case DCGAN, PIX2PIX -> new Adam.Options(rate, 0.5, 0.999);
          case WGAN_GP, ADVERSARIAL_MFA -> new Adam.Options(rate, 0, 0.9);
          default -> Adam.Options.of(rate);
        };
    return new Descent(
        parameters,
        start ? Adam.of(options, shapes.size()) : Adam.resume(options, shapes, state, device));
  }

  /** One step against the gradient of a loss. */
  void step(Tensor loss) {
    TensorVector leaves = new TensorVector(leaves(parameters).toArray(Tensor[]::new));
    Tensor[] gradients = torch.grad(new TensorVector(loss), leaves).get();
    Tensor[] values =
        parameters.stream().flatMap(each -> Stream.of(each.values())).toArray(Tensor[]::new);
    optimizer.step(values, gradients);
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
