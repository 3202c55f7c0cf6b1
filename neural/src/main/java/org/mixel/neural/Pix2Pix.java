package org.mixel.neural;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.mfa.Conditional;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.neural.network.Custody;
import org.mixel.neural.network.Losses;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.neural.network.Stack;
import org.mixel.neural.network.WeightRule;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;

/**
 * pix2pix (Isola et al. 2017, section 3.3 and appendix 6): a U-Net that turns a mixture's
 * reconstruction of an image back into the image, and a critic that rates every patch of a pair of
 * images by itself. Samples of the mixture are then made sharp by the U-Net (Richardson and Weiss
 * 2018, section 5.1).
 *
 * <p>Its authors normalise samples, too, by the statistics of their batch, which is one image
 * (section 3.4). A model that was trained so does the same; one of larger batches has statistics of
 * samples of the mixture.
 *
 * <p>The U-Net has no dropout, its authors' source of noise: Richardson and Weiss want a fixed map,
 * for the variety comes from the mixture.
 *
 * @param byImages whether samples are normalised image by image
 */
public record Pix2Pix(boolean byImages) implements Recipe {
  private static final int MOST_DOUBLINGS = 3;
  private static final int DEEPEST = 8;
  private static final double SLOPE = 0.2;
  private static final String MIXTURE = "mixture.";

  /** Halved once, what is left holds the two convolutions of the critic. */
  private static final int SMALLEST_SIDE = 6;

  /** As its authors train it, an image at a step. */
  public Pix2Pix() {
    this(true);
  }

  @Override
  public String kind() {
    return "pix2pix";
  }

  @Override
  public Defaults defaults() {
    return new Defaults(1, 2e-4, 64, 0, 1);
  }

  @Override
  public boolean needsImages() {
    return true;
  }

  @Override
  public boolean needsMixture() {
    return true;
  }

  @Override
  public boolean translates() {
    return true;
  }

  @Override
  public void requireFit(MixtureOfFactorAnalyzers mixture, Samples rows) {
    if (mixture.shape().isEmpty()) {
      throw new InputException("the mixture is not one of images, which pix2pix needs");
    }
  }

  @Override
  public Parameters.Source begin(Parameters.Source fresh, Parameters.Source mixture) {
    return fresh.with(MIXTURE, mixture);
  }

  @Override
  public Pix2Pix trainedBy(int batch) {
    return new Pix2Pix(batch == 1);
  }

  /** Models of the first version keep the running averages of their training. */
  @Override
  public Pix2Pix withSettings(Map<String, String> texts) {
    return new Pix2Pix(
        texts.containsKey(TrainingRun.STATISTICS) && "1".equals(texts.get(NetworkOptions.BATCH)));
  }

  @Override
  public Generator generator(Architecture architecture, Parameters.Source source) {
    ImageShape given = requireNonNull(architecture.given());
    ImageShape image = requireNonNull(architecture.image());
    try (Custody custody = new Custody()) {
      MixtureGenerator mixture =
          custody.add(MixtureGenerator.of(source.below(MIXTURE), given.dims(), false));
      Parameters parameters = custody.add(Parameters.from(source));
      Network network = generator(parameters, image, architecture.width(), byImages);
      return custody.handOver(new TranslatedMixture(mixture, parameters, network, given, image));
    }
  }

  @Override
  public Learner learner(Learner.Setup setup) {
    Architecture architecture = setup.architecture();
    TranslatedMixture generator = (TranslatedMixture) setup.generator();
    Parameters parameters = setup.parameters("critic.");
    Network critic = critic(parameters, requireNonNull(architecture.image()), architecture.width());
    Descent.Rule rule = Descent.Rule.adam(0.5, 0.999);
    double rate = setup.options().learningRate();
    // The U-Net computes in float32, also beside a mixture whose file holds float64.
    MixtureOfFactorAnalyzers mixture =
        setup.state().own(requireNonNull(setup.mixture()).to(ScalarType.Float));
    return new TranslationLearner(
        generator,
        critic,
        setup.descent("generator_optimizer.", List.of(generator.parameters()), rule, rate),
        setup.descent("critic_optimizer.", List.of(parameters), rule, rate),
        setup.state().own(Conditional.ofEverything(mixture)),
        setup.scaling(),
        Losses.Translation.defaults());
  }

  /** The U-Net learns from images and their reconstructions by their most probable component. */
  private record TranslationLearner(
      TranslatedMixture generator,
      Network critic,
      Descent generatorDescent,
      Descent criticDescent,
      Conditional reconstruction,
      Scaling scaling,
      Losses.Translation loss)
      implements Learner {
    @Override
    public Map<String, Double> step(Step step, DataLoader loader, RandomStream random) {
      try (NativeScope scope = new NativeScope()) {
        Tensor rows = loader.next();
        Tensor real = scaling.toNetwork(rows);
        Tensor reconstructed = reconstruction.mostProbable(generator.reduce(rows));
        Tensor given = generator.enlarge(scaling.toNetwork(reconstructed));
        Tensor made = generator.network().forward(given, true);
        Tensor ofCritic = loss.ofCritic(critic, given, real, made.detach());
        criticDescent.step(ofCritic, step.rate());
        Losses.Translation.Parts ofGenerator = loss.ofGenerator(critic, given, real, made);
        generatorDescent.step(ofGenerator.sum(), step.rate());
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("critic_loss", ofCritic.item().toDouble());
        figures.put("generator_loss", ofGenerator.adversarial().item().toDouble());
        figures.put("error", ofGenerator.error().item().toDouble());
        return figures;
      }
    }
  }

  /**
   * A U-Net: every level sees, beside what comes from below, what went down at its size.
   *
   * @param width channels of the first level; they double to at most eight times as many
   * @param byImages whether samples are normalised image by image
   * @return a network from {@code [n, d]} to {@code [n, d]}, values in [-1, 1]
   * @throws InputException if images are too small
   */
  static Network generator(Parameters parameters, ImageShape shape, int width, boolean byImages) {
    requireSize(shape);
    List<Network> down = new ArrayList<>();
    List<Network> up = new ArrayList<>();
    List<int[]> sizes = new ArrayList<>();
    sizes.add(new int[] {shape.channels(), shape.height(), shape.width()});
    while (smaller(last(sizes)) > 1 && down.size() < DEEPEST) {
      int level = down.size();
      int[] from = last(sizes);
      int channels = width << Math.min(level, MOST_DOUBLINGS);
      int[] to = {channels, from[1] / 2, from[2] / 2};
      Stack.Builder stack =
          Stack.Builder.ofMaps(
              parameters,
              "generator.down" + level,
              WeightRule.SMALL_NORMAL,
              from[0],
              from[1],
              from[2]);
      if (level > 0) {
        stack.leakyRelu(SLOPE);
      }
      stack.normalisingRowsAlone(byImages);
      // One pixel of one image has no variance to divide by.
      if (level > 0 && smaller(to) > 1) {
        stack.convolutionBeforeNorm(channels, 4, 2, 1).batchNorm();
      } else {
        stack.convolution(channels, 4, 2, 1);
      }
      down.add(stack.build());
      sizes.add(to);
    }
    for (int level = down.size() - 1; level >= 0; level--) {
      int[] from = sizes.get(level + 1);
      int[] to = sizes.get(level);
      boolean deepest = level == down.size() - 1;
      Stack.Builder stack =
          Stack.Builder.ofMaps(
                  parameters,
                  "generator.up" + level,
                  WeightRule.SMALL_NORMAL,
                  deepest ? from[0] : 2 * from[0],
                  from[1],
                  from[2])
              .normalisingRowsAlone(byImages)
              .relu();
      up.add(
          level > 0
              ? stack.enlarge(to[0], to[1], to[2]).batchNorm().build()
              : stack.enlargeWithBias(to[0], to[1], to[2]).tanh().flatten().build());
    }
    return new UNet(down, up);
  }

  private static void requireSize(ImageShape shape) {
    if (Math.min(shape.height(), shape.width()) < SMALLEST_SIDE) {
      throw new InputException(
          "%s images are too small for pix2pix, which needs %d pixels on either side; add `size`"
              .formatted(shape, SMALLEST_SIDE));
    }
  }

  private static int[] last(List<int[]> sizes) {
    return sizes.get(sizes.size() - 1);
  }

  private static int smaller(int[] size) {
    return Math.min(size[1], size[2]);
  }

  /** The levels from the top down, and from the bottom up. */
  private record UNet(List<Network> down, List<Network> up) implements Network {
    @Override
    public Tensor forward(Tensor rows, boolean training) {
      List<Tensor> seen = new ArrayList<>();
      Tensor value = rows;
      for (Network level : down) {
        value = level.forward(value, training);
        seen.add(value);
      }
      for (int i = 0; i < up.size(); i++) {
        Tensor across = seen.get(seen.size() - 1 - i);
        Tensor input = i == 0 ? value : torch.cat(new TensorVector(value, across), 1);
        value = up.get(i).forward(input, training);
      }
      return value;
    }
  }

  /**
   * Rates the patches of an image beside the image it was made from; a patch is about half as wide
   * as the image, and at most 70 pixels.
   *
   * @param width channels of the first level
   * @return a network from {@code [n, 2 d]}, the given image before the other, to {@code [n,
   *     patches]}
   * @throws InputException if images are too small
   */
  static Network critic(Parameters parameters, ImageShape shape, int width) {
    requireSize(shape);
    int smaller = Math.min(shape.height(), shape.width());
    int halvings = smaller <= 32 ? 1 : smaller <= 64 ? 2 : 3;
    Stack.Builder stack =
        Stack.Builder.ofMaps(
                parameters,
                "critic",
                WeightRule.SMALL_NORMAL,
                2 * shape.channels(),
                shape.height(),
                shape.width())
            .convolution(width, 4, 2, 1)
            .leakyRelu(SLOPE);
    for (int level = 1; level < halvings; level++) {
      stack.convolutionBeforeNorm(width << level, 4, 2, 1).batchNorm().leakyRelu(SLOPE);
    }
    return stack
        .convolutionBeforeNorm(width << halvings, 4, 1, 1)
        .batchNorm()
        .leakyRelu(SLOPE)
        .convolution(1, 4, 1, 1)
        .flatten()
        .build();
  }
}
