/**
 * What networks are trained to make small: one class for each objective, with its hyper-parameters
 * and where it was published. Objectives are functions of networks and rows; which optimiser
 * follows their gradients, and how often, is the business of training.
 *
 * <p>With data {@code x}, made rows {@code y = G(z)} and a critic {@code D}:
 *
 * <pre>
 *   non-saturating    critic  -log s(D(x)) - log(1 - s(D(y)))      generator  -log s(D(y))
 *   Wasserstein       critic  D(y) - D(x), |weights| &lt;= c             generator  -D(y)
 *   gradient penalty  critic  D(y) - D(x) + w (|grad D(u)| - 1)^2     generator  -D(y)
 *   equilibrium       critic  L(x) - k L(y),  L(v) = |v - D(v)|       generator  L(y)
 * </pre>
 *
 * where {@code s} is the logistic function and {@code u} lies between {@code x} and {@code y}.
 */
@NullMarked
package org.mixel.neural.objective;

import org.jspecify.annotations.NullMarked;
