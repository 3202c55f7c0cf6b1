package org.mixel.optimizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/** Adam (Kingma and Ba, <i>Adam: a method for stochastic optimization</i>, 2015, algorithm 1). */
public final class Adam implements Optimizer {
  private static final String FIRST = "adam_first_";
  private static final String SECOND = "adam_second_";
  private static final String STEPS = "adam_steps";
  private static final double EPSILON = 1e-8;

  private final Options options;
  private final Moments first;
  private final Moments second;
  private long steps;

  /**
   * Step size and decay of the averages.
   *
   * @param learningRate step size
   * @param beta1 part of the average gradient that is kept at a step
   * @param beta2 part of the average squared gradient that is kept at a step
   */
  public record Options(double learningRate, double beta1, double beta2) {
    /** The paper's own 0.9 and 0.999. */
    public static Options of(double learningRate) {
      return new Options(learningRate, 0.9, 0.999);
    }
  }

  private Adam(Options options, Moments first, Moments second, long steps) {
    this.options = options;
    this.first = first;
    this.second = second;
    this.steps = steps;
  }

  /** No steps yet, for so many tensors. */
  public static Adam of(Options options, int tensors) {
    return new Adam(options, new Moments(FIRST, tensors), new Moments(SECOND, tensors), 0);
  }

  /**
   * Goes on from a {@link #state}.
   *
   * @param shapes tensors like the parameters
   * @throws org.mixel.InputException if the state does not fit them
   */
  public static Adam resume(Options options, List<Tensor> shapes, SafeTensors state) {
    long steps = Tensors.longs(state.get(STEPS, 1))[0];
    if (steps <= 0) {
      // There are no averages before the first step.
      return of(options, shapes.size());
    }
    Moments first = Moments.restore(FIRST, shapes, state);
    try {
      return new Adam(options, first, Moments.restore(SECOND, shapes, state), steps);
    } catch (RuntimeException e) {
      first.close();
      throw e;
    }
  }

  @Override
  public void step(Tensor[] parameters, Tensor[] gradients, double factor) {
    steps++;
    double bias1 = 1 - Math.pow(options.beta1(), steps);
    double bias2 = 1 - Math.pow(options.beta2(), steps);
    try (NativeScope scope = new NativeScope()) {
      Scalar newer1 = new Scalar(1 - options.beta1());
      Scalar kept2 = new Scalar(options.beta2());
      Scalar newer2 = new Scalar(1 - options.beta2());
      // sqrt(v / bias2) + eps in two passes: both sides of the quotient are scaled by sqrt(bias2).
      Scalar epsilon = new Scalar(EPSILON * Math.sqrt(bias2));
      Scalar move = new Scalar(-options.learningRate() * factor * Math.sqrt(bias2) / bias1);
      for (int i = 0; i < parameters.length; i++) {
        Tensor mean = first.of(i, parameters[i]).lerp_(gradients[i], newer1);
        Tensor square = second.of(i, parameters[i]);
        square.mul_(kept2).addcmul_(gradients[i], gradients[i], newer2);
        parameters[i].addcdiv_(mean, square.sqrt().add_(epsilon), move);
      }
    }
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    first.save(state);
    second.save(state);
    state.put(STEPS, Tensors.of(new long[] {steps}, 1));
    return state;
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
