package org.mixel.neural.model;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.mixel.InputException;

/** The kinds of models that networks are trained for, with their authors' settings. */
public enum ModelKind {
  /** Radford, Metz and Chintala 2016, section 4; the width is that of their code. */
  DCGAN("dcgan", new Defaults(128, 2e-4, 64, 100, 1)),
  /** Arjovsky, Chintala and Bottou 2017, algorithm 1 and their code. */
  WGAN("wgan", new Defaults(64, 5e-5, 64, 100, 5)),
  /** Gulrajani et al. 2017, algorithm 1 and their code. */
  WGAN_GP("wgan-gp", new Defaults(64, 1e-4, 64, 128, 5)),
  /** Berthelot, Schumm and Metz 2017, section 4.1. */
  BEGAN("began", new Defaults(16, 1e-4, 64, 64, 1)),
  /** Kingma and Welling 2014, with the network and rates of Hou et al. 2017, section 4.1. */
  VAE("vae", new Defaults(64, 5e-4, 32, 100, 0)),
  /** Hou, Shen, Sun and Qiu 2017, section 4.1. */
  VAE_DFC("vae-dfc", new Defaults(64, 5e-4, 32, 100, 0)),
  /** Richardson and Weiss 2018, section 5.2: trained as WGAN-GP is. */
  ADVERSARIAL_MFA("adversarial-mfa", new Defaults(64, 1e-4, 64, 0, 5)),
  /** Isola et al. 2017, section 3.3 and appendix 6. */
  PIX2PIX("pix2pix", new Defaults(1, 2e-4, 64, 0, 1));

  /** Values of a hidden layer of the dense networks for rows that are no images. */
  private static final int DENSE_WIDTH = 256;

  private final String text;
  private final Defaults defaults;

  /**
   * What the authors took.
   *
   * @param batch rows of a step
   * @param learningRate step size of the optimiser
   * @param width channels of the first level
   * @param latent values of a latent row; 0 where a mixture is what is drawn from
   * @param criticSteps of the critic for each of the generator; 0 where there is no critic
   */
  public record Defaults(int batch, double learningRate, int width, int latent, int criticSteps) {}

  ModelKind(String text, Defaults defaults) {
    this.text = text;
    this.defaults = defaults;
  }

  /**
   * @throws InputException if no kind is called so
   */
  public static ModelKind of(String text) {
    return Arrays.stream(values())
        .filter(kind -> kind.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "no model is called '"
                        + text
                        + "'; there are "
                        + Arrays.stream(values())
                            .map(ModelKind::toString)
                            .collect(Collectors.joining(", "))));
  }

  /** What the authors took. */
  public Defaults defaults() {
    return defaults;
  }

  /**
   * The width to begin with.
   *
   * @param images whether rows are images; others get dense networks
   */
  public int defaultWidth(boolean images) {
    return images ? defaults.width() : DENSE_WIDTH;
  }

  /** Whether it is made of a mixture. */
  public boolean needsMixture() {
    return this == ADVERSARIAL_MFA || this == PIX2PIX;
  }

  /** Whether rows must be images. */
  public boolean needsImages() {
    return this == VAE || this == VAE_DFC || this == PIX2PIX;
  }

  /** Whether it learns from an auto-encoder's bound, in the units of the data. */
  public boolean isVariational() {
    return this == VAE || this == VAE_DFC;
  }

  /** What users call it. */
  @Override
  public String toString() {
    return text;
  }
}
