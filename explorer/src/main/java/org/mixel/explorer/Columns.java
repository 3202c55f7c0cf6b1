package org.mixel.explorer;

import org.mixel.data.Samples;
import org.mixel.mfa.Component;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/**
 * Mean and standard deviation of each column under a mixture, by which values of any unit can be
 * drawn side by side: with weights {@code pi}, the variance is {@code sum_k pi_k (psi_k + diag(A_k
 * A_k') + (mu_k - m)^2)} about {@code m = sum_k pi_k mu_k}.
 *
 * @param mean {@code [d]}
 * @param deviation {@code [d]}, positive
 */
record Columns(double[] mean, double[] deviation) {
  static Columns of(MixtureOfFactorAnalyzers model) {
    Samples means = model.meanRows();
    double[] weights = model.weights();
    double[] mean = new double[model.dims()];
    double[] variance = new double[model.dims()];
    for (int k = 0; k < model.components(); k++) {
      double[] own = means.exactRow(k);
      for (int j = 0; j < mean.length; j++) {
        mean[j] += weights[k] * own[j];
      }
    }
    for (int k = 0; k < model.components(); k++) {
      Component component = model.component(k);
      double[] own = means.exactRow(k);
      for (int j = 0; j < mean.length; j++) {
        double away = own[j] - mean[j];
        double within = component.noiseVariance()[j];
        for (float[] factor : component.factors()) {
          within += (double) factor[j] * factor[j];
        }
        variance[j] += weights[k] * (within + away * away);
      }
    }
    for (int j = 0; j < mean.length; j++) {
      variance[j] = Math.sqrt(variance[j]);
    }
    return new Columns(mean, variance);
  }
}
