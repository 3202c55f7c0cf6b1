package org.mixel.neural;

import java.util.Map;
import java.util.TreeMap;
import org.mixel.neural.network.DenseNetworks;
import org.mixel.neural.network.Losses;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.neural.network.Pyramid;
import org.mixel.neural.network.Stack;
import org.mixel.neural.network.WeightRule;

/**
 * BEGAN (Berthelot, Schumm and Metz 2017): the critic is an auto-encoder. Its networks (section 3.4
 * and figure 1) are 3x3 convolutions with exponential linear units, two to a level, down to 7 or 8
 * pixels; nearest neighbours on the way up, strides on the way down. The generator has the shape of
 * the decoder. The settings are those of section 4.1.
 *
 * @param gamma the diversity ratio, in (0, 1]: lower is sharper and less varied
 * @param lambdaK how much of the imbalance the balance moves by in a step, in (0, 1]
 * @param stall steps to a look at the convergence, whose stall halves the rates; 0 never halves
 */
public record Began(double gamma, double lambdaK, int stall) implements Recipe {
  static final int SMALLEST_SIDE = 7;

  /** Between the bounds of figure 3. */
  private static final double GAMMA = 0.5;

  private static final double LAMBDA_K = 0.001;

  /**
   * @throws org.mixel.InputException if a number is out of its range
   */
  public Began {
    // Checks the numbers.
    new Losses.Equilibrium(gamma, lambdaK, stall);
  }

  /** Another diversity ratio. */
  public Began(double gamma) {
    this(gamma, LAMBDA_K, 0);
  }

  /** A diversity ratio of 0.5, the authors' 0.001 for the balance, rates that stay. */
  public Began() {
    this(GAMMA);
  }

  @Override
  public String kind() {
    return "began";
  }

  @Override
  public Defaults defaults() {
    return new Defaults(16, 1e-4, 64, 64, 1);
  }

  @Override
  public int smallestSide() {
    return SMALLEST_SIDE;
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(Map.of("gamma", Double.toString(gamma)));
    if (lambdaK != LAMBDA_K) {
      settings.put("lambda_k", Double.toString(lambdaK));
    }
    if (stall > 0) {
      settings.put("stall", Integer.toString(stall));
    }
    return settings;
  }

  @Override
  public Generator generator(Architecture architecture, Parameters.Source source) {
    int latent = architecture.latent();
    int width = architecture.width();
    return LatentGenerator.of(
        architecture,
        source,
        LatentGenerator.Noise.UNIFORM,
        parameters ->
            architecture.image() == null
                ? DenseNetworks.of(parameters, "generator", latent, width, architecture.dims())
                : generator(parameters, architecture.pyramid(), latent, width));
  }

  @Override
  public Learner learner(Learner.Setup setup) {
    return new AdversarialLearner(
        setup,
        parameters -> critic(parameters, setup.architecture()),
        new Losses.Equilibrium(gamma, lambdaK, stall),
        Descent.Rule.adam());
  }

  private static Network critic(Parameters parameters, Architecture architecture) {
    int latent = architecture.latent();
    int width = architecture.width();
    return architecture.image() == null
        ? DenseNetworks.autoEncoder(parameters, "critic", architecture.dims(), width, latent)
        : autoEncoder(parameters, architecture.pyramid(), latent, width);
  }

  /**
   * Turns latent rows into images.
   *
   * @param width channels of every level
   * @return a network from {@code [n, latent]} to {@code [n, d]}
   */
  static Stack generator(Parameters parameters, Pyramid pyramid, int latent, int width) {
    Stack.Builder stack = Stack.Builder.ofRows(parameters, "generator", WeightRule.HE, latent);
    return decode(stack, pyramid, width);
  }

  /**
   * Encodes and decodes images.
   *
   * @param width channels of the first level; every further level has as many more
   * @return a network from {@code [n, d]} to {@code [n, d]}
   */
  static Stack autoEncoder(Parameters parameters, Pyramid pyramid, int latent, int width) {
    Stack.Builder stack =
        Stack.Builder.ofImages(parameters, "critic", WeightRule.HE, pyramid.shape());
    stack.convolution(width, 3, 1, 1).elu();
    for (int level = 1; level <= pyramid.levels(); level++) {
      stack.convolution(level * width, 3, 1, 1).elu();
      stack.convolution((level + 1) * width, 3, 2, 1).elu();
    }
    int channels = (pyramid.levels() + 1) * width;
    stack.convolution(channels, 3, 1, 1).elu().convolution(channels, 3, 1, 1).elu();
    return decode(stack.linear(latent), pyramid, width);
  }

  private static Stack decode(Stack.Builder stack, Pyramid pyramid, int width) {
    int top = pyramid.levels();
    stack
        .linear(width * pyramid.height(top) * pyramid.width(top))
        .unflatten(width, pyramid.height(top), pyramid.width(top));
    for (int level = top; level >= 0; level--) {
      stack.convolution(width, 3, 1, 1).elu().convolution(width, 3, 1, 1).elu();
      if (level > 0) {
        stack.enlargeNearest(pyramid.height(level - 1), pyramid.width(level - 1));
      }
    }
    return stack.convolution(pyramid.shape().channels(), 3, 1, 1).flatten().build();
  }
}
