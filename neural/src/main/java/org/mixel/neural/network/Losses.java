package org.mixel.neural.network;

import static org.mixel.InputException.require;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.mixel.InputException;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;

/**
 * The losses that networks are trained to lower, each with its hyper-parameters and its source.
 * They are functions of networks and rows. With data {@code x}, generated rows {@code y = G(z)} and
 * a critic {@code D}:
 *
 * <pre>
 *   non-saturating    critic  -log s(D(x)) - log(1 - s(D(y)))      generator  -log s(D(y))
 *   Wasserstein       critic  D(y) - D(x), |weights| &lt;= c             generator  -D(y)
 *   gradient penalty  critic  D(y) - D(x) + w (|grad D(u)| - 1)^2     generator  -D(y)
 *   equilibrium       critic  L(x) - k L(y),  L(v) = |v - D(v)|       generator  L(y)
 * </pre>
 *
 * where {@code s} is the logistic function and {@code u} lies between {@code x} and {@code y}.
 */
public final class Losses {
  private Losses() {}

  /** The losses of a critic and a generator that train against each other. */
  public interface Adversarial {
    /**
     * The critic's loss.
     *
     * @param real {@code [n, d]}
     * @param made as many rows of the generator, without their graph
     * @param random for what the loss draws
     * @return one number, differentiable in the critic's parameters
     */
    Tensor ofCritic(Network critic, Tensor real, Tensor made, RandomStream random);

    /**
     * The generator's loss.
     *
     * @param made {@code [n, d]}, with their graph
     * @return one number, differentiable in the generator's parameters
     */
    Tensor ofGenerator(Network critic, Tensor made);

    /** Keeps the critic within bounds after each of its steps; most losses need not. */
    default void constrain(Parameters critic) {}

    /**
     * Ends a step of both.
     *
     * @param generatorLoss of this step
     * @return further figures for the log, by name
     */
    default Map<String, Double> endStep(double generatorLoss) {
      return Map.of();
    }

    /** The factor of the learning rates that the steps so far ask for. */
    default double rate() {
      return 1;
    }

    /** The numbers that the next step depends on besides parameters. */
    default double[] state() {
      return new double[0];
    }

    /**
     * Resumes from a {@link #state}.
     *
     * @throws InputException if it is none
     */
    default void restore(double[] state) {}
  }

  /**
   * The critic gives the probability that a row is real; the generator raises that of its own rows
   * (Goodfellow et al. 2014, section 3: gradients do not vanish where the critic is sure).
   */
  public record NonSaturating() implements Adversarial {
    @Override
    public Tensor ofCritic(Network critic, Tensor real, Tensor made, RandomStream random) {
      return forReal(critic.forward(real, true)).add(forMade(critic.forward(made, true)));
    }

    @Override
    public Tensor ofGenerator(Network critic, Tensor made) {
      return forReal(critic.forward(made, true));
    }
  }

  /** The mean of {@code -log s(logit)}, without overflow. */
  private static Tensor forReal(Tensor logits) {
    return torch.softplus(logits.neg()).mean();
  }

  /** The mean of {@code -log(1 - s(logit))}. */
  private static Tensor forMade(Tensor logits) {
    return torch.softplus(logits).mean();
  }

  /**
   * The critic estimates the distance of the two distributions, up to a factor, as long as it is
   * smooth: its weights are clipped (Arjovsky, Chintala and Bottou 2017, algorithm 1).
   *
   * @param clip the largest absolute weight of the critic
   * @param freeScales whether vectors are left alone: biases, and scales and shifts of normalised
   *     channels. Clipped with the rest, as in the authors' code, scales leave the next
   *     normalisation variances below its epsilon, and the critic's answers fade
   */
  public record Wasserstein(double clip, boolean freeScales) implements Adversarial {
    /**
     * @throws InputException if the clip is not positive
     */
    public Wasserstein {
      require(clip > 0, "clip must be positive, got " + clip);
    }

    /** The authors' 0.01, for every parameter. */
    public static Wasserstein defaults() {
      return new Wasserstein(0.01, false);
    }

    /** The same with or without free scales. */
    public Wasserstein withFreeScales(boolean free) {
      return new Wasserstein(clip, free);
    }

    @Override
    public Tensor ofCritic(Network critic, Tensor real, Tensor made, RandomStream random) {
      return critic.forward(made, true).mean().sub(critic.forward(real, true).mean());
    }

    @Override
    public Tensor ofGenerator(Network critic, Tensor made) {
      return critic.forward(made, true).mean().neg();
    }

    @Override
    public void constrain(Parameters critic) {
      try (NativeScope scope = new NativeScope()) {
        ScalarOptional least = new ScalarOptional(new Scalar(-clip));
        ScalarOptional most = new ScalarOptional(new Scalar(clip));
        for (Tensor value : critic.values()) {
          if (!freeScales || value.dim() > 1) {
            value.clamp_(least, most);
          }
        }
      }
    }
  }

  /**
   * The Wasserstein loss of a critic that is kept smooth by a penalty on its gradient, which should
   * have length 1 everywhere between real and generated rows (Gulrajani et al. 2017, algorithm 1).
   *
   * @param weight of the penalty
   */
  public record GradientPenalty(double weight) implements Adversarial {
    /**
     * @throws InputException if the weight is negative
     */
    public GradientPenalty {
      require(weight >= 0, "the weight of the gradient penalty must not be negative: " + weight);
    }

    /** The paper's 10. */
    public static GradientPenalty defaults() {
      return new GradientPenalty(10);
    }

    @Override
    public Tensor ofCritic(Network critic, Tensor real, Tensor made, RandomStream random) {
      Tensor share = random.uniform(real.device(), real.size(0), 1).to(real.scalar_type());
      Tensor between = made.add(real.sub(made).mul(share));
      Tensor distance = critic.forward(made, true).mean().sub(critic.forward(real, true).mean());
      return distance.add(penalty(critic, between), new Scalar(weight));
    }

    /**
     * The mean of {@code (|grad D(u)| - 1)^2}, differentiable in the critic's parameters by a
     * second derivative.
     *
     * @param rows {@code u}, {@code [n, d]}
     */
    public static Tensor penalty(Network critic, Tensor rows) {
      Tensor points = rows.detach().requires_grad_(true);
      // Each row's value depends on that row alone: the gradient of the sum holds all gradients.
      Tensor sum = critic.forward(points, true).sum();
      Tensor slopes =
          torch
              .grad(
                  new TensorVector(sum),
                  new TensorVector(points),
                  new TensorVector(),
                  new BoolOptional(true),
                  true,
                  false)
              .get(0);
      Tensor lengths = slopes.norm(new ScalarOptional(new Scalar(2)), new long[] {1}, false);
      return lengths.sub(new Scalar(1)).square().mean();
    }

    @Override
    public Tensor ofGenerator(Network critic, Tensor made) {
      return critic.forward(made, true).mean().neg();
    }
  }

  /**
   * The critic is an auto-encoder that learns to reproduce real rows and not to reproduce generated
   * ones; a balance {@code k} keeps the ratio of the two errors at {@code gamma} (Berthelot, Schumm
   * and Metz 2017, section 3.3):
   *
   * <pre>
   *   k  &lt;-  clamp(k + gain (gamma L(x) - L(G(z))), 0, 1)
   *   convergence = L(x) + |gamma L(x) - L(G(z))|
   * </pre>
   *
   * <p>The learning rates are halved where the convergence stalls (section 4.1): where its mean
   * over some steps is no lower than the lowest such mean before.
   *
   * <p>Remembers balance and means from step to step; not safe for use by several threads.
   */
  public static final class Equilibrium implements Adversarial {
    private final double gamma;
    private final double gain;
    private final Plateau plateau;
    private double balance;
    private double realError = Double.NaN;

    /**
     * The balance begins at 0.
     *
     * @param gamma the diversity ratio, in (0, 1]: lower is sharper and less varied
     * @param gain the paper's {@code lambda_k}, in (0, 1]
     * @param stall steps that the mean convergence is taken over; 0 never halves the rates
     * @throws InputException if a number is out of its range
     */
    public Equilibrium(double gamma, double gain, int stall) {
      require(gamma > 0 && gamma <= 1, "`gamma` must be above 0 and at most 1, got " + gamma);
      require(gain > 0 && gain <= 1, "`lambdaK` must be above 0 and at most 1, got " + gain);
      require(stall >= 0, "`stall` must be at least 0, got " + stall);
      this.gamma = gamma;
      this.gain = gain;
      plateau = new Plateau(stall);
    }

    @Override
    public Tensor ofCritic(Network critic, Tensor real, Tensor made, RandomStream random) {
      Tensor ofReal = error(critic, real);
      realError = ofReal.item().toDouble();
      return ofReal.sub(error(critic, made), new Scalar(balance));
    }

    @Override
    public Tensor ofGenerator(Network critic, Tensor made) {
      return error(critic, made);
    }

    /** The mean absolute error of the auto-encoder. */
    private static Tensor error(Network critic, Tensor rows) {
      return critic.forward(rows, true).sub(rows).abs().mean();
    }

    @Override
    public Map<String, Double> endStep(double generatorLoss) {
      double surplus = gamma * realError - generatorLoss;
      balance = Math.min(1, Math.max(0, balance + gain * surplus));
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("balance", balance);
      double convergence = realError + Math.abs(surplus);
      figures.put("convergence", convergence);
      plateau.add(convergence);
      return figures;
    }

    @Override
    public double rate() {
      return plateau.rate();
    }

    @Override
    public double[] state() {
      double[] means = plateau.state();
      double[] state = new double[1 + means.length];
      state[0] = balance;
      System.arraycopy(means, 0, state, 1, means.length);
      return state;
    }

    @Override
    public void restore(double[] state) {
      require(
          state.length >= 1 && state[0] >= 0 && state[0] <= 1,
          "the balance of the equilibrium must lie in [0, 1]");
      balance = state[0];
      plateau.restore(Arrays.copyOfRange(state, 1, state.length));
    }
  }

  /**
   * The loss of pix2pix (Isola et al. 2017, equations 1 to 4): the critic tells pairs of a given
   * and a real row from pairs of a given and a generated one, patch by patch; the generator
   * deceives it and stays near the real row. As in the paper, the critic's loss is halved.
   *
   * @param nearness weight of the mean absolute error
   */
  public record Translation(double nearness) {
    /**
     * @throws InputException if the weight is negative
     */
    public Translation {
      require(nearness >= 0, "the weight of the L1 error must not be negative: " + nearness);
    }

    /** The paper's 100. */
    public static Translation defaults() {
      return new Translation(100);
    }

    /** The terms of the generator's loss, and their weighted sum. */
    public record Parts(Tensor adversarial, Tensor error, Tensor sum) {}

    /**
     * The critic's loss.
     *
     * @param given {@code [n, d]}
     * @param real {@code [n, d]}
     * @param made {@code [n, d]}, without their graph
     */
    public Tensor ofCritic(Network critic, Tensor given, Tensor real, Tensor made) {
      Tensor ofReal = forReal(critic.forward(pair(given, real), true));
      Tensor ofMade = forMade(critic.forward(pair(given, made), true));
      return ofReal.add(ofMade).mul(new Scalar(0.5));
    }

    /**
     * The generator's loss.
     *
     * @param made {@code [n, d]}, with their graph
     */
    public Parts ofGenerator(Network critic, Tensor given, Tensor real, Tensor made) {
      Tensor adversarial = forReal(critic.forward(pair(given, made), true));
      Tensor error = made.sub(real).abs().mean();
      return new Parts(adversarial, error, adversarial.add(error, new Scalar(nearness)));
    }

    private static Tensor pair(Tensor given, Tensor other) {
      return torch.cat(new TensorVector(given, other), 1);
    }
  }

  /**
   * The loss by which a generator learns its choices from a critic that rates rows, {@code mean
   * (b_i - D(y_i)) log p_i}: its gradient is an unbiased estimate of that of the mean of {@code
   * -D(y)} in the probabilities {@code p} of the choices (Williams, <i>Simple statistical
   * gradient-following algorithms</i>, 1992). The baseline {@code b_i} is the mean rating of the
   * other rows, which takes most of the variance away.
   *
   * @param made {@code y}, {@code [n, d]}; their own gradient is left to the generator's loss
   * @param logProbability {@code log p}, {@code [n]}
   * @return one number; itself without meaning
   */
  public static Tensor ofChoices(Network critic, Tensor made, Tensor logProbability) {
    long rows = made.size(0);
    Tensor surplus;
    try (NoGradGuard constant = new NoGradGuard()) {
      Tensor ratings = critic.forward(made.detach(), true).view(-1);
      surplus = ratings.mean().sub(ratings).mul(new Scalar((double) rows / Math.max(1, rows - 1)));
    }
    return surplus.mul(logProbability).mean();
  }

  /** The error of decoded rows against the rows that were encoded, in nats. */
  public interface Reconstruction {
    /**
     * The mean over rows.
     *
     * @param numbers of the decoder, {@code [n, d]}, one for each pixel
     * @param rows the pixels, in [0, 1]
     * @return one number
     */
    Tensor of(Tensor numbers, Tensor rows);
  }

  /**
   * The squared error of features instead of pixels (Hou, Shen, Sun and Qiu 2017, section 3.2):
   *
   * <pre>weight * d / 2 * sum over layers of mean (f(x) - f(y))^2 / scale^2</pre>
   *
   * <p>The paper has features of one network, VGG-19, and a weight that suits it. Here features may
   * be of any network: each layer is divided by its scale, the root of its mean square on data, so
   * that no layer counts more than the others because its numbers are larger; and it counts as one
   * value per pixel, whatever its size, so that the divergence of the posterior keeps its share.
   *
   * @param features from pixels {@code [n, d]} in [0, 1] to layers of features, rows first
   * @param scales one for each layer, positive
   * @param weight of all of it; with 1, an error as large as the features weighs as much as unit
   *     noise in every pixel
   */
  public record Features(
      Function<Tensor, List<Tensor>> features, List<Double> scales, double weight)
      implements Reconstruction {
    /**
     * Keeps its own copy of the scales.
     *
     * @throws InputException if the weight is not positive and finite
     */
    public Features {
      require(
          weight > 0 && Double.isFinite(weight),
          "`featureWeight` must be positive and finite, got " + weight);
      scales = List.copyOf(scales);
    }

    @Override
    public Tensor of(Tensor logits, Tensor rows) {
      List<Tensor> made = features.apply(torch.sigmoid(logits));
      List<Tensor> wanted = features.apply(rows);
      Tensor sum = null;
      for (int i = 0; i < scales.size(); i++) {
        double share = weight * rows.size(1) / 2 / (scales.get(i) * scales.get(i));
        Tensor error =
            made.get(i).sub(wanted.get(i).detach()).square().mean().mul(new Scalar(share));
        sum = sum == null ? error : sum.add(error);
      }
      if (sum == null) {
        throw new IllegalStateException("no layer of features");
      }
      return sum;
    }
  }

  /**
   * The divergence of the posterior {@code N(m, v)} from the prior {@code N(0, I)}, {@code sum (m^2
   * + v - log v - 1) / 2}, averaged over rows, in nats. Added to the reconstruction, it is the
   * negative evidence lower bound (Kingma and Welling 2014, equation 10).
   *
   * @param mean {@code [n, latent]}
   * @param logVariance {@code [n, latent]}
   */
  public static Tensor divergence(Tensor mean, Tensor logVariance) {
    return mean.square()
        .add(logVariance.exp())
        .sub(logVariance)
        .sub(new Scalar(1))
        .sum(1)
        .mean()
        .mul(new Scalar(0.5));
  }

  /**
   * Latent rows drawn from the posterior, differentiable in its parameters.
   *
   * @param mean {@code [n, latent]}
   * @param logVariance {@code [n, latent]}
   * @param noise standard normal, {@code [n, latent]}
   */
  public static Tensor draw(Tensor mean, Tensor logVariance, Tensor noise) {
    return mean.add(logVariance.mul(new Scalar(0.5)).exp().mul(noise));
  }
}
