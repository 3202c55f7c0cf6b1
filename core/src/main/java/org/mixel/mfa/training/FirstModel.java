package org.mixel.mfa.training;

import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/**
 * Where a training begins.
 *
 * @param model the first model, in the units of the training; the caller closes it
 * @param shrinkage rows without correlations that every M-step adds ({@link Shrinkage})
 * @param trainingNoise the noise floor to find components under ({@link Refit}); 0 without a refit
 */
record FirstModel(MixtureOfFactorAnalyzers model, double shrinkage, double trainingNoise) {
  /** Makes a first model. */
  @FunctionalInterface
  interface Maker {
    /**
     * @param rows to make it of
     * @param seed fixes every random choice
     * @param progress hears of the steps
     * @return the caller closes its model
     */
    FirstModel make(Samples rows, long seed, Progress progress);
  }
}
