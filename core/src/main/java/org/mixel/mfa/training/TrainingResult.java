package org.mixel.mfa.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/**
 * A trained model and how it came about. Owns the model until {@link #close()}.
 *
 * @param model the model that is best on the validation rows, or the last one without such rows;
 *     closed with the result, or alone
 * @param trainLogLikelihood mean log-likelihood of the training rows before each iteration's
 *     update, in nats per row; a bound below it for truncated EM, an average over the pass for
 *     algorithms that change the model on the way
 * @param validationLogLikelihood mean log-likelihood of the validation rows after each iteration's
 *     update, in nats per row; empty when there were none
 * @param iterationSeconds what each iteration of this run took, without validation and saving
 * @param exactLogLikelihood mean log-likelihood of the training rows under the model, or of as many
 *     of them as take seconds to score, in nats per row
 * @param keptLogLikelihood mean log-likelihood of the validation rows under the model, in nats per
 *     row; null when there were none
 * @param refit noise model, floor and prior that loadings and noise were refitted under; null where
 *     they were not
 * @param converged whether training stopped by itself rather than at the limit of iterations
 * @param phases seconds of each part of this run, by name, in the order in which they began
 * @param seconds what the training took, initialisation included, without what an interrupted run
 *     took before
 */
public record TrainingResult(
    MixtureOfFactorAnalyzers model,
    List<Double> trainLogLikelihood,
    List<Double> validationLogLikelihood,
    List<Double> iterationSeconds,
    double exactLogLikelihood,
    @Nullable Double keptLogLikelihood,
    @Nullable Maximization refit,
    boolean converged,
    Map<String, Double> phases,
    double seconds)
    implements AutoCloseable {
  /** Copies lists and map. */
  public TrainingResult {
    trainLogLikelihood = List.copyOf(trainLogLikelihood);
    validationLogLikelihood = List.copyOf(validationLogLikelihood);
    iterationSeconds = List.copyOf(iterationSeconds);
    phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
  }

  /** Closes the model. */
  @Override
  public void close() {
    model.close();
  }
}
