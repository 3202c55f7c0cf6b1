package org.mixel.neural;

import java.util.Locale;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mixel.InputException;
import org.mixel.neural.network.Losses;

/**
 * The distribution of pixels {@code x} in [0, 1] given the numbers {@code a} that a decoder gives,
 * one for each pixel. With {@code p = 1 / (1 + e^-a)}:
 *
 * <pre>
 *   continuous Bernoulli   C(a) p^x (1 - p)^(1 - x),   C(a) = a / tanh(a / 2)
 *   Gaussian               N(p, v), v one for all pixels
 *   Bernoulli              p^x (1 - p)^(1 - x), of bits
 * </pre>
 */
public enum Likelihood implements Losses.Reconstruction {
  /**
   * The Bernoulli form as a density on [0, 1] (Loaiza-Ganem and Cunningham 2019, section 3):
   * without its normaliser {@code C} grey pixels are underrated, and decoders are the more blurred
   * for it.
   */
  CONTINUOUS_BERNOULLI {
    @Override
    public Tensor of(Tensor numbers, Tensor rows) {
      return BERNOULLI.of(numbers, rows).sub(logNormaliser(numbers).sum(1).mean());
    }

    /** {@code p - 1/a + 1/sinh(a)}: that of the density, not {@code p}. */
    @Override
    public Tensor mean(Tensor numbers) {
      Tensor square = numbers.square();
      Tensor near =
          numbers.mul(
              square
                  .mul(square.mul(new Scalar(31.0 / 15120)).sub(new Scalar(7.0 / 360)))
                  .add(new Scalar(1.0 / 6)));
      Tensor far = far(numbers);
      Tensor slope =
          torch.where(isNear(numbers), near, far.reciprocal().sub(far.sinh().reciprocal()));
      return torch.sigmoid(numbers).sub(slope);
    }
  },

  /**
   * Of a variance that is the mean squared error of the batch, at which the likelihood is largest
   * (Rybkin, Daniilidis and Levine 2021, section 3.2): so the weight of the error against the
   * divergence is learned, too.
   */
  GAUSSIAN {
    @Override
    public Tensor of(Tensor numbers, Tensor rows) {
      Tensor variance =
          mean(numbers).sub(rows).square().mean().clamp_min(new Scalar(LEAST_VARIANCE));
      return variance
          .log()
          .add(new Scalar(1 + Math.log(2 * Math.PI)))
          .mul(new Scalar(rows.size(1) / 2.0));
    }
  },

  /**
   * Of bits (Kingma and Welling 2014, appendix C.1). Of grey pixels it is no likelihood, but it is
   * what models of the first version were trained by.
   */
  BERNOULLI {
    @Override
    public Tensor of(Tensor numbers, Tensor rows) {
      return torch.softplus(numbers).sub(rows.mul(numbers)).sum(1).mean();
    }
  };

  /** Nearer to 0 than this the normaliser is taken by its series, of which three terms suffice. */
  private static final double NEAR = 0.3;

  /** A tenth of a grey level, squared. */
  private static final double LEAST_VARIANCE = 1.5e-7;

  /**
   * The likelihood of this name.
   *
   * @param name such as {@code continuous-bernoulli}
   * @throws InputException if there is none
   */
  public static Likelihood of(String name) {
    return InputException.choose("`likelihood`", values(), name);
  }

  /**
   * The means of the pixels, which are what a model draws.
   *
   * @param numbers {@code [n, d]}
   */
  public Tensor mean(Tensor numbers) {
    return torch.sigmoid(numbers);
  }

  /** {@code log C}, which is {@code log 2} at 0; nothing is lost where the quotient is 0 by 0. */
  private static Tensor logNormaliser(Tensor numbers) {
    Tensor square = numbers.square();
    Tensor near =
        square
            .mul(
                square
                    .mul(square.mul(new Scalar(31.0 / 90720)).sub(new Scalar(7.0 / 1440)))
                    .add(new Scalar(1.0 / 12)))
            .add(new Scalar(Math.log(2)));
    Tensor far = far(numbers).abs();
    return torch.where(isNear(numbers), near, far.log().sub(far.mul(new Scalar(0.5)).tanh().log()));
  }

  private static Tensor isNear(Tensor numbers) {
    return numbers.abs().lt(new Scalar(NEAR));
  }

  /** The numbers where they are far from 0; elsewhere 1, whose gradient is finite. */
  private static Tensor far(Tensor numbers) {
    return numbers.masked_fill(isNear(numbers), new Scalar(1));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
