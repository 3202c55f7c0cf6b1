/**
 * Mixtures of factor analyzers (the paper's section 3): a density of whole images whose cost is
 * linear in the number of pixels.
 *
 * <p>Component {@code k} of {@code K} says {@code x = A_k z + mu_k + eps} with {@code z ~ N(0,
 * I_l)} and {@code eps ~ N(0, diag(psi_k))}; the mixture weighs it by {@code pi_k}. With {@code L_k
 * = I + A_k' diag(1/psi_k) A_k = G_k G_k'} (Cholesky) and {@code V_k = G_k^-1 A_k' diag(1/psi_k)},
 *
 * <pre>
 *   log det Sigma_k        = log det L_k + sum_j log psi_kj
 *   (x-mu)' Sigma_k^-1 (x-mu) = sum_j (x-mu)_j^2 / psi_kj - |V_k (x-mu)|^2
 *   E[z | x, k]            = G_k'^-1 V_k (x - mu_k),    Cov[z | x, k] = L_k^-1
 * </pre>
 *
 * so nothing of size {@code d x d} is ever formed (Woodbury identity and matrix determinant lemma,
 * the paper's equations 4 to 6).
 *
 * <p>{@link org.mixel.mfa.MixtureOfFactorAnalyzers} holds the parameters and their file; {@link
 * org.mixel.mfa.Density} evaluates them over batches, {@link org.mixel.mfa.ObservedDensity} over
 * rows with missing values; {@link org.mixel.mfa.Scoring} goes over whole data sets; {@link
 * org.mixel.mfa.Conditional} answers what the hidden pixels are given the others; {@link
 * org.mixel.mfa.Sampler} draws.
 */
@NullMarked
package org.mixel.mfa;

import org.jspecify.annotations.NullMarked;
