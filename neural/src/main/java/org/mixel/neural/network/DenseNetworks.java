package org.mixel.neural.network;

/**
 * Small dense networks for rows without image shape, such as points in the plane: three hidden
 * layers, as the toy networks of Gulrajani et al. (2017, section 2.2 and their code).
 */
public final class DenseNetworks {
  private static final int HIDDEN_LAYERS = 3;
  private static final double SLOPE = 0.2;

  private DenseNetworks() {}

  /**
   * A network with rectifiers.
   *
   * @param name what the names of its parameters begin with
   * @param width values of a hidden layer
   * @return a network from {@code [n, inputs]} to {@code [n, outputs]}
   */
  public static Stack of(Parameters parameters, String name, int inputs, int width, int outputs) {
    Stack.Builder stack = Stack.Builder.ofRows(parameters, name, WeightRule.HE, inputs);
    hidden(stack, width);
    return stack.linear(outputs).build();
  }

  /** A network that squeezes rows through a latent layer, {@code [n, d]} to {@code [n, d]}. */
  public static Stack autoEncoder(
      Parameters parameters, String name, int dims, int width, int latent) {
    Stack.Builder stack = Stack.Builder.ofRows(parameters, name, WeightRule.HE, dims);
    hidden(stack, width);
    stack.linear(latent);
    hidden(stack, width);
    return stack.linear(dims).build();
  }

  private static void hidden(Stack.Builder stack, int width) {
    for (int i = 0; i < HIDDEN_LAYERS; i++) {
      stack.linear(width).leakyRelu(SLOPE);
    }
  }
}
