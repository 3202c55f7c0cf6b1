package org.mixel.bench;

import org.mixel.Progress;
import org.mixel.io.Masks;
import org.mixel.mfa.Inpainting;
import org.mixel.mfa.Scoring;

/** In-painting by the mean of the whole mixture, beside the log-likelihood of the same images. */
final class Completion {
  static final BenchCase CASE =
      new BenchCase(
          "inpaint",
          "mean of the hidden left halves of 10,000 MNIST images, K=256 l=4; floor: their"
              + " log-likelihood",
          Completion::prepare);

  private Completion() {}

  private static BenchCase.Trial prepare(long seed, Progress progress) {
    DigitMixture digits = DigitMixture.fit(seed, progress);
    boolean[] observed = Masks.read("left", digits.images(), digits.images().shape()).observed(0);
    score(digits);
    return new Turns<>(
            DigitMixture.TURNS,
            () -> complete(digits, observed, seed),
            () -> BenchCase.Timing.secondsOf(() -> score(digits)),
            sum -> DigitMixture.TURNS + " times",
            digits::close)
        .warm();
  }

  private static double complete(DigitMixture digits, boolean[] observed, long seed) {
    double[] sum = new double[1];
    Inpainting.complete(
        digits.model(),
        digits.images(),
        observed,
        new Inpainting.Options(Inpainting.Mode.MEAN, 1, seed),
        Progress.SILENT,
        values -> sum[0] += values[values.length - 1]);
    return sum[0];
  }

  private static void score(DigitMixture digits) {
    Scoring.logLikelihood(digits.model(), digits.images(), Progress.SILENT);
  }
}
