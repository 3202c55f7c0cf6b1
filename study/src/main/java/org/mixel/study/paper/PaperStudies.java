package org.mixel.study.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mixel.data.DataOptions;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.neural.AdversarialMfa;
import org.mixel.neural.Began;
import org.mixel.neural.Dcgan;
import org.mixel.neural.Likelihood;
import org.mixel.neural.Pix2Pix;
import org.mixel.neural.Recipe;
import org.mixel.neural.Vae;
import org.mixel.neural.VaeDfc;
import org.mixel.neural.Wgan;
import org.mixel.neural.WganGp;
import org.mixel.study.paper.ImageStudy.Description;
import org.mixel.study.stage.Effort;
import org.mixel.study.stage.MixtureSetting;
import org.mixel.study.stage.NetworkSetting;
import org.mixel.study.stage.TrainingStage;

/** The comparisons of the paper's Tables 1 to 3 and its Figure 3, each on one set of images. */
public final class PaperStudies {
  /** The part of an aligned face that the paper took, and its size. */
  private static final DataOptions FACES =
      DataOptions.defaults()
          .withCrop(new DataOptions.Box(25, 50, 128, 128))
          .withSize(new DataOptions.Size(64, 64));

  /** How aligned faces are read: as the paper did, but for what the options say. */
  public static DataOptions faces(DataOptions options) {
    return new DataOptions(
        options.layout(),
        options.size() == null ? FACES.size() : options.size(),
        options.crop() == null ? FACES.crop() : options.crop());
  }

  /** Of networks that two cores train in less than an hour. */
  private static final int WIDTH = 32;

  /** As in its authors' code. */
  private static final Wgan AUTHORS_WGAN = new Wgan(true, false);

  /** With free scales: its digits come nearer to images than the authors', its faces do not. */
  private static final Wgan DIGITS_WGAN = new Wgan(true, true);

  private static final double NOT_GIVEN = Double.NaN;
  private static final int SAMPLES = 20_000;
  private static final List<Integer> BINS = List.of(100, 200, 300);

  /**
   * BEGAN's ratio of digits: below it, black images are satisfactory, as they are reproduced better
   * than digits by that ratio.
   */
  private static final double DIGITS_DIVERSITY = 1;

  /** Numbers of components beside the study's own, for the paper's Figure 21. */
  private static final List<Integer> FEW = List.of(1, 4, 16, 64);

  /** The last is twenty times the study's own, as in section 5 of the paper. */
  private static final List<Integer> DIGITS = List.of(1, 4, 16, 64, 1_024, 5_120);

  /** As many as the faces at hand carry. */
  private static final List<Integer> FACES_COMPONENTS = List.of(1, 4, 16, 64, 1_000);

  private static final int ROOTS = 10;

  private PaperStudies() {}

  /** Handwritten digits: Table 2. */
  public static Description mnist(Effort effort) {
    boolean full = effort == Effort.FULL;
    return new Description(
        "GANs and a mixture on MNIST",
        new Split.Shares(1 / 12.0, 1 / 4.0),
        BINS,
        false,
        mixtures(256, 4, full ? 3 : 1, full ? DIGITS : FEW),
        full
            ? seeds(
                List.of(
                    network(new Pix2Pix(), 10_000, 32, null).decaying(),
                    faster(new AdversarialMfa(), 5_000, 64, 3e-4),
                    network(new Vae(Likelihood.BERNOULLI), 20_000, 64, null).decaying(),
                    network(new VaeDfc(), 10_000, 64, 20).decaying(),
                    faster(new Dcgan(), 20_000, 64, 5e-4).decaying(),
                    network(new Began(DIGITS_DIVERSITY, 0.01, 1_000), 15_000, 16, null),
                    faster(DIGITS_WGAN, 10_000, 64, 5e-4).decaying(),
                    faster(new WganGp(), 8_000, 64, 3e-4)))
            : quick(new Began(DIGITS_DIVERSITY, 0.01, 0)),
        SAMPLES,
        full ? 20 : 8,
        false,
        new PublishedScores(
            2,
            BINS,
            Map.of(
                TrainingStage.MIXTURE,
                List.of(0.14, 0.13, 0.14),
                "dcgan",
                List.of(0.41, 0.38, 0.46),
                "wgan",
                List.of(0.16, 0.20, 0.21))));
  }

  /** House numbers: Table 3. */
  public static Description svhn(Effort effort) {
    return new Description(
        "GANs and a mixture on SVHN",
        new Split.Shares(1 / 12.0, 1 / 4.0),
        BINS,
        false,
        mixtures(256, 10, 1, FEW),
        gans(effort),
        SAMPLES,
        effort == Effort.FULL ? 20 : 8,
        false,
        new PublishedScores(
            3,
            BINS,
            Map.of(
                TrainingStage.MIXTURE,
                List.of(0.32, 0.23, 0.24),
                "dcgan",
                List.of(0.78, 0.74, 0.76),
                "wgan",
                List.of(0.87, 0.83, 0.82))));
  }

  /** Photographs of ten kinds: Figure 3. */
  public static Description cifar10(Effort effort) {
    return new Description(
        "GANs and a mixture on CIFAR-10",
        new Split.Shares(1 / 12.0, 1 / 4.0),
        BINS,
        false,
        mixtures(256, 4, 1, FEW),
        gans(effort),
        SAMPLES,
        25,
        true,
        PublishedScores.NONE);
  }

  /** Faces: Table 1. */
  public static Description celeba(Effort effort) {
    boolean full = effort == Effort.FULL;
    return new Description(
        "GANs and a mixture on CelebA",
        new Split.Shares(0.05, 0.1),
        BINS,
        true,
        full ? withHierarchical(mixtures(200, 10, 1, FACES_COMPONENTS)) : mixtures(200, 10, 1, FEW),
        full
            ? List.of(
                network(new Pix2Pix(), 10_000, 16, null).decaying(),
                faster(new AdversarialMfa(), 5_000, 64, 3e-4),
                network(new Vae(Likelihood.BERNOULLI), 20_000, 64, 200).decaying(),
                network(new VaeDfc(), 10_000, 64, null).decaying(),
                network(new Dcgan(), 20_000, 64, null),
                network(new Began(0.5, 0.01, 1_000), 15_000, 16, null),
                faster(AUTHORS_WGAN, 10_000, 64, 2e-4),
                faster(new WganGp(), 8_000, 64, 3e-4))
            : quick(new Began(0.5, 0.01, 0)),
        SAMPLES,
        full ? 20 : 8,
        false,
        new PublishedScores(
            1,
            BINS,
            Map.of(
                ImageStudy.TRAINING,
                List.of(0.01, 0.03, 0.03),
                TrainingStage.MIXTURE,
                List.of(0.21, 0.12, 0.16),
                "pix2pix",
                List.of(0.34, 0.34, 0.33),
                "adversarial-mfa",
                List.of(0.33, NOT_GIVEN, 0.22),
                "vae",
                List.of(0.78, 0.73, 0.72),
                "vae-dfc",
                List.of(0.77, 0.65, 0.62),
                "dcgan",
                List.of(0.68, 0.69, 0.65),
                "began",
                List.of(0.94, 0.85, 0.82),
                "wgan",
                List.of(0.76, 0.66, 0.62),
                "wgan-gp",
                List.of(0.42, 0.32, 0.27))));
  }

  /** The study's own mixture from several seeds, and those of other numbers of components. */
  private static List<MixtureSetting> mixtures(
      int components, int factors, int seeds, List<Integer> others) {
    MixtureSetting own =
        MixtureSetting.of(
            TrainingOptions.defaults(components, factors).withAlgorithm(new Algorithm.ExactEm()));
    return Stream.concat(
            IntStream.range(0, seeds).mapToObj(own::repeated),
            others.stream()
                .map(k -> TrainingOptions.defaults(k, factors).withAlgorithm(Algorithm.bestFor(k)))
                .map(MixtureSetting::ofComponents))
        .toList();
  }

  /**
   * Adds the study's own mixture as the paper trained many components: ten first, then their parts.
   */
  private static List<MixtureSetting> withHierarchical(List<MixtureSetting> mixtures) {
    return Stream.concat(mixtures.stream(), Stream.of(mixtures.get(0).hierarchical(ROOTS)))
        .toList();
  }

  /** The two that the paper's Table 3 has. */
  private static List<NetworkSetting> gans(Effort effort) {
    return effort == Effort.FULL
        ? List.of(network(new Dcgan(), 20_000, 64, null), faster(AUTHORS_WGAN, 10_000, 64, 2e-4))
        : List.of(network(new Dcgan(), 1_500, 64, null), network(new Wgan(), 500, 64, null));
  }

  private static List<NetworkSetting> quick(Began began) {
    return List.of(
        new NetworkSetting(new Pix2Pix(), 2_000, 32, null, 32, null),
        new NetworkSetting(new AdversarialMfa(), 1_000, 64, 5e-4, 32, null),
        new NetworkSetting(new Vae(Likelihood.BERNOULLI), 3_000, 64, null, 32, null),
        new NetworkSetting(new VaeDfc(), 1_000, 64, null, 32, 20),
        new NetworkSetting(new Dcgan(), 3_000, 64, null, 32, null),
        new NetworkSetting(began, 1_500, 16, 3e-4, 16, null),
        new NetworkSetting(new Wgan(), 1_500, 64, 2e-4, 32, null),
        new NetworkSetting(new WganGp(), 800, 64, 5e-4, 32, null));
  }

  /** At the authors' rate. */
  private static NetworkSetting network(
      Recipe recipe, int steps, int batch, @Nullable Integer latent) {
    return new NetworkSetting(recipe, steps, batch, null, WIDTH, latent).averaged();
  }

  /** At another rate: that of the authors is for ten times as many steps. */
  private static NetworkSetting faster(Recipe recipe, int steps, int batch, double rate) {
    return new NetworkSetting(recipe, steps, batch, rate, WIDTH, null).averaged();
  }

  /** DCGAN and WGAN, whose scores the paper gives, from three seeds each. */
  private static List<NetworkSetting> seeds(List<NetworkSetting> networks) {
    List<NetworkSetting> all = new ArrayList<>();
    for (NetworkSetting each : networks) {
      boolean several = each.recipe() instanceof Dcgan || each.recipe() instanceof Wgan;
      IntStream.range(0, several ? 3 : 1).mapToObj(each::repeated).forEach(all::add);
    }
    return all;
  }
}
