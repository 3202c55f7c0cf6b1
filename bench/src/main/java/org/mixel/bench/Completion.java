package org.mixel.bench;

import java.util.Arrays;
import java.util.Locale;
import org.mixel.Progress;
import org.mixel.mfa.Inpainting;
import org.mixel.mfa.Scoring;

/** In-painting by the mean of the whole mixture, beside the log-likelihood of the same images. */
final class Completion implements BenchCase {
  @Override
  public String name() {
    return "inpaint";
  }

  @Override
  public String measures() {
    return "mean of the hidden left halves of 10,000 MNIST images, K=256 l=4; floor: their"
        + " log-likelihood";
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    return new Halves(DigitMixture.fit(seed, progress), seed);
  }

  private static final class Halves implements Trial {
    private final DigitMixture digits;
    private final long seed;
    private final boolean[] observed;
    private double sum;

    Halves(DigitMixture digits, long seed) {
      this.digits = digits;
      this.seed = seed;
      int width = digits.images().shape().orElseThrow().width();
      observed = new boolean[digits.images().dims()];
      for (int j = 0; j < observed.length; j++) {
        observed[j] = j % width >= width / 2;
      }
      complete();
      score();
    }

    private void complete() {
      sum = 0;
      Inpainting.complete(
          digits.model(),
          digits.images(),
          observed,
          Inpainting.Mode.MEAN,
          1,
          seed,
          Progress.SILENT,
          values -> sum += values[values.length - 1]);
    }

    private void score() {
      sum +=
          Arrays.stream(Scoring.logLikelihood(digits.model(), digits.images(), Progress.SILENT))
              .sum();
    }

    @Override
    public Timing time() {
      return Timing.inTurns(
          DigitMixture.TURNS,
          () -> Timing.secondsOf(this::complete),
          () -> Timing.secondsOf(this::score));
    }

    @Override
    public String note() {
      return String.format(Locale.ROOT, "%d times", DigitMixture.TURNS);
    }

    @Override
    public void close() {
      digits.close();
    }
  }
}
