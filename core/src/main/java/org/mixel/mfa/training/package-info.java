/**
 * Maximum-likelihood training of mixtures of factor analyzers.
 *
 * <p>With responsibilities {@code r} and {@code z~ = [z; 1]}, everything a component needs from the
 * rows are sums that add over rows, files and machines:
 *
 * <pre>
 *   S0  = sum r                       Szz = sum r E[z~ z~']     (l+1) x (l+1)
 *   Sxz = sum r y E[z~]'  d x (l+1)   Sxx = sum r y^2           d
 * </pre>
 *
 * where {@code y = x - mu_k} is taken about the component's present mean, so that nothing cancels.
 * The M-step is closed form: {@code [A | mu - mu_old] = Sxz Szz^-1}, {@code psi = (Sxx - rowsum([A
 * | mu - mu_old] * Sxz)) / S0} and {@code pi = S0 / n} (Ghahramani and Hinton 1996, in one solve
 * for loadings and mean together).
 *
 * <p>{@link org.mixel.mfa.training.SufficientStatistics} are those sums and {@link
 * org.mixel.mfa.training.Maximization} is the one M-step. The E-steps fill the sums: {@code
 * ExactExpectation} with every component's responsibilities, {@code MissingExpectation} for rows
 * with missing values, {@code TruncatedExpectation} with few components per row. A {@code Pass}
 * over the rows improves a model, by either E-step, in small steps, or by the gradient: that is an
 * {@link org.mixel.mfa.training.Algorithm}. {@link org.mixel.mfa.training.Trainer} makes the first
 * model ({@code InitialModel}), repeats passes, validates, and saves checkpoints. Components of
 * images are found under a large noise ({@code ResidualSpectrum}); {@link
 * org.mixel.mfa.training.Refit} then gives loadings and noise what the rows have. Vectors are
 * trained in units of their columns ({@code Standardization}), begin with {@code Trials}, and have
 * their correlations shrunk ({@code Shrinkage}); {@link org.mixel.mfa.training.HierarchicalTrainer}
 * and {@link org.mixel.mfa.training.ComponentSweep} run several trainings.
 */
@NullMarked
package org.mixel.mfa.training;

import org.jspecify.annotations.NullMarked;
