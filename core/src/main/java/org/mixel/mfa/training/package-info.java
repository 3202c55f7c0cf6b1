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
 * <p>{@link org.mixel.mfa.training.SufficientStatistics} are those sums; {@link
 * org.mixel.mfa.training.ExactExpectation} fills them with exact responsibilities, {@link
 * org.mixel.mfa.training.MissingExpectation} for rows with missing values; {@link
 * org.mixel.mfa.training.Maximization} is the one M-step; {@link
 * org.mixel.mfa.training.Initialization} says where the first model comes from; {@link
 * org.mixel.mfa.training.Trainer} repeats the two steps, validates, and saves {@link
 * org.mixel.mfa.training.Checkpoint}s.
 */
@NullMarked
package org.mixel.mfa.training;

import org.jspecify.annotations.NullMarked;
