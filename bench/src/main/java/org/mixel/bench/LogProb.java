package org.mixel.bench;

import java.util.Arrays;
import org.mixel.Progress;
import org.mixel.mfa.Scoring;

/** The log-likelihood of every test image, beside the products of width {@code K (l + 2)}. */
final class LogProb {
  static final BenchCase CASE =
      new BenchCase(
          "log-prob",
          "log-likelihood of 10,000 MNIST images, K=256 l=4; floor: its matrix products",
          LogProb::prepare);

  private LogProb() {}

  private static BenchCase.Trial prepare(long seed, Progress progress) {
    DigitMixture digits = DigitMixture.fit(seed, progress);
    return new Turns<>(
            DigitMixture.TURNS,
            () -> Scoring.logLikelihood(digits.model(), digits.images(), Progress.SILENT),
            Turns.product(digits.images(), DigitMixture.COMPONENTS * (DigitMixture.FACTORS + 2)),
            scores ->
                "%d times; mean %.2f nats"
                    .formatted(DigitMixture.TURNS, Arrays.stream(scores).average().orElseThrow()),
            digits::close)
        .warm();
  }
}
