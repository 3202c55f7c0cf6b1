package org.mixel.optimizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;

/**
 * RMSProp (Tieleman and Hinton, lecture 6.5 of <i>Neural networks for machine learning</i>, 2012):
 * {@code v = 0.99 v + 0.01 g^2}, {@code p -= rate g / (sqrt(v) + 1e-8)}, with the constants that
 * the code of Wasserstein GAN relies on.
 */
public final class RmsProp implements Optimizer {
  private static final String SQUARES = "rmsprop_square_";
  private static final double KEPT = 0.99;
  private static final double EPSILON = 1e-8;

  private final double learningRate;
  private final Moments squares;

  private RmsProp(double learningRate, Moments squares) {
    this.learningRate = learningRate;
    this.squares = squares;
  }

  /** No steps yet, for so many tensors. */
  public static RmsProp of(double learningRate, int tensors) {
    return new RmsProp(learningRate, new Moments(SQUARES, tensors));
  }

  /**
   * Goes on from a {@link #state}.
   *
   * @param shapes tensors like the parameters
   * @throws org.mixel.InputException if the state does not fit them
   */
  public static RmsProp resume(double learningRate, List<Tensor> shapes, SafeTensors state) {
    return new RmsProp(learningRate, Moments.restore(SQUARES, shapes, state));
  }

  @Override
  public void step(Tensor[] parameters, Tensor[] gradients, double factor) {
    try (NativeScope scope = new NativeScope()) {
      Scalar kept = new Scalar(KEPT);
      Scalar newer = new Scalar(1 - KEPT);
      Scalar epsilon = new Scalar(EPSILON);
      Scalar move = new Scalar(-learningRate * factor);
      for (int i = 0; i < parameters.length; i++) {
        Tensor square = squares.of(i, parameters[i]);
        square.mul_(kept).addcmul_(gradients[i], gradients[i], newer);
        parameters[i].addcdiv_(gradients[i], square.sqrt().add_(epsilon), move);
      }
    }
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    squares.save(state);
    return state;
  }

  @Override
  public void close() {
    squares.close();
  }
}
