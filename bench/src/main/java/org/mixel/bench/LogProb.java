package org.mixel.bench;

import java.util.Arrays;
import java.util.Locale;
import org.mixel.Progress;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.MatrixProducts;

/** The log-likelihood of every test image, beside the products of width {@code K (l + 2)}. */
final class LogProb implements BenchCase {
  @Override
  public String name() {
    return "log-prob";
  }

  @Override
  public String measures() {
    return "log-likelihood of 10,000 MNIST images, K=256 l=4; floor: its matrix products";
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    return new Scores(DigitMixture.fit(seed, progress));
  }

  private static final class Scores implements Trial {
    private final DigitMixture digits;
    private double[] scores = {};

    Scores(DigitMixture digits) {
      this.digits = digits;
      score();
    }

    private void score() {
      scores = Scoring.logLikelihood(digits.model(), digits.images(), Progress.SILENT);
    }

    @Override
    public Timing time() {
      int width = DigitMixture.COMPONENTS * (DigitMixture.FACTORS + 2);
      int rows = digits.images().rows();
      int dims = digits.images().dims();
      return Timing.inTurns(
          DigitMixture.TURNS,
          () -> Timing.secondsOf(this::score),
          () -> MatrixProducts.seconds(ComputeDevice.CPU, rows, dims, width));
    }

    @Override
    public String note() {
      return String.format(
          Locale.ROOT,
          "%d times; mean %.2f nats",
          DigitMixture.TURNS,
          Arrays.stream(scores).average().orElseThrow());
    }

    @Override
    public void close() {
      digits.close();
    }
  }
}
