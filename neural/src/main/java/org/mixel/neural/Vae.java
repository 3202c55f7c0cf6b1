package org.mixel.neural;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.mixel.data.ImageShape;
import org.mixel.neural.network.Losses;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.neural.network.Pyramid;
import org.mixel.neural.network.Stack;
import org.mixel.neural.network.WeightRule;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;

/**
 * A variational auto-encoder (Kingma and Welling 2014) with the networks and settings of Hou, Shen,
 * Sun and Qiu (2017, section 4.1 and figure 2): 4x4 convolutions with stride 2 on the way down,
 * nearest neighbours and 3x3 convolutions on the way up, batch normalisation and leaky rectifiers.
 *
 * @param likelihood of pixels
 */
public record Vae(Likelihood likelihood) implements Recipe {
  private static final String LIKELIHOOD = "likelihood";
  static final int SMALLEST_SIDE = 4;
  private static final double SLOPE = 0.2;

  /** Nothing overflows within this distance of 0, and no posterior is that wide or narrow. */
  private static final double MOST_LOG_VARIANCE = 30;

  /** That of the continuous Bernoulli distribution. */
  public Vae() {
    this(Likelihood.CONTINUOUS_BERNOULLI);
  }

  @Override
  public String kind() {
    return "vae";
  }

  @Override
  public Defaults defaults() {
    return new Defaults(64, 5e-4, 32, 100, 0);
  }

  @Override
  public int smallestSide() {
    return SMALLEST_SIDE;
  }

  @Override
  public boolean needsImages() {
    return true;
  }

  @Override
  public Scaling.Pixels pixels() {
    return Scaling.Pixels.AS_THEY_ARE;
  }

  @Override
  public Map<String, String> settings() {
    return likelihood == Likelihood.BERNOULLI
        ? Map.of()
        : Map.of(LIKELIHOOD, likelihood.toString());
  }

  /** Models of the first version name no likelihood, and have that of bits. */
  @Override
  public Vae withSettings(Map<String, String> texts) {
    String name = texts.get(LIKELIHOOD);
    return new Vae(name == null ? Likelihood.BERNOULLI : Likelihood.of(name));
  }

  @Override
  public Generator generator(Architecture architecture, Parameters.Source source) {
    return LatentGenerator.of(
            architecture,
            source,
            LatentGenerator.Noise.NORMAL,
            parameters ->
                decoder(
                    parameters,
                    architecture.pyramid(),
                    architecture.latent(),
                    architecture.width()))
        .with(likelihood);
  }

  @Override
  public Learner learner(Learner.Setup setup) {
    return learner(setup, likelihood);
  }

  /**
   * An encoder and the decoder move together.
   *
   * @param loss of the decoded rows
   */
  static Learner learner(Learner.Setup setup, Losses.Reconstruction loss) {
    Architecture architecture = setup.architecture();
    LatentGenerator generator = (LatentGenerator) setup.generator();
    Parameters parameters = setup.parameters("encoder.");
    Network encoder =
        encoder(parameters, architecture.pyramid(), architecture.latent(), architecture.width());
    Descent descent =
        setup.descent(
            "optimizer.",
            List.of(generator.parameters(), parameters),
            Descent.Rule.adam(),
            setup.options().learningRate());
    return new VariationalLearner(generator, encoder, descent, loss);
  }

  private record VariationalLearner(
      LatentGenerator generator, Network encoder, Descent descent, Losses.Reconstruction loss)
      implements Learner {
    @Override
    public Map<String, Double> step(Step step, DataLoader loader, RandomStream random) {
      try (NativeScope scope = new NativeScope()) {
        Tensor rows = loader.next();
        int latent = generator.latent();
        Tensor posterior = encoder.forward(rows, true);
        Tensor mean = posterior.narrow(1, 0, latent);
        Tensor logVariance =
            posterior
                .narrow(1, latent, latent)
                .clamp(
                    new ScalarOptional(new Scalar(-MOST_LOG_VARIANCE)),
                    new ScalarOptional(new Scalar(MOST_LOG_VARIANCE)));
        Tensor noise = random.normal(rows.device(), rows.size(0), latent);
        Tensor drawn = Losses.draw(mean, logVariance, noise);
        Tensor reconstruction = loss.of(generator.network().forward(drawn, true), rows);
        Tensor divergence = Losses.divergence(mean, logVariance);
        Tensor sum = reconstruction.add(divergence);
        descent.step(sum, step.rate());
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("loss", sum.item().toDouble());
        figures.put("reconstruction", reconstruction.item().toDouble());
        figures.put("divergence", divergence.item().toDouble());
        return figures;
      }
    }
  }

  /**
   * Gives the posterior of the latent row of an image.
   *
   * @param width channels of the first level; every further level has twice as many
   * @return a network from {@code [n, d]} to {@code [n, 2 latent]}: means, then logs of variances
   */
  static Stack encoder(Parameters parameters, Pyramid pyramid, int latent, int width) {
    Stack.Builder stack =
        Stack.Builder.ofImages(parameters, "encoder", WeightRule.HE, pyramid.shape());
    for (int level = 0; level < pyramid.levels(); level++) {
      stack.convolutionBeforeNorm(width << level, 4, 2, 1).batchNorm().leakyRelu(SLOPE);
    }
    return stack.linear(2 * latent).build();
  }

  /**
   * Turns latent rows into images.
   *
   * @param width channels of the largest level below the image
   * @return a network from {@code [n, latent]} to {@code [n, d]}: logits of pixels
   */
  static Stack decoder(Parameters parameters, Pyramid pyramid, int latent, int width) {
    ImageShape shape = pyramid.shape();
    int top = pyramid.levels();
    int channels = width << (top - 1);
    Stack.Builder stack =
        Stack.Builder.ofRows(parameters, "generator", WeightRule.HE, latent)
            .linear(channels * pyramid.height(top) * pyramid.width(top))
            .unflatten(channels, pyramid.height(top), pyramid.width(top));
    for (int level = top - 1; level >= 1; level--) {
      stack
          .enlargeNearest(pyramid.height(level), pyramid.width(level))
          .convolutionBeforeNorm(width << (level - 1), 3, 1, 1)
          .batchNorm()
          .leakyRelu(SLOPE);
    }
    return stack
        .enlargeNearest(shape.height(), shape.width())
        .convolution(shape.channels(), 3, 1, 1)
        .flatten()
        .build();
  }
}
