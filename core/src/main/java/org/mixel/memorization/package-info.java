/**
 * Does a model repeat its training rows?
 *
 * <p>{@link org.mixel.memorization.Memorization} compares the distances {@code min_y |x - y|} of
 * candidate rows to their nearest training row ({@link org.mixel.memorization.NearestRows}) with
 * those of rows that the model has not seen: by the Mann-Whitney statistic, as Meehan, Chaudhuri
 * and Dasgupta (2020, <i>A non-parametric test to detect data-copying in generative models</i>); by
 * the share that lies below the twentieth part of the unseen rows' distances; and by how much more
 * often than by chance a near candidate row's nearest row is a training row and not an unseen one.
 * The last test tells copies from smooth samples, which are near to every row.
 */
@NullMarked
package org.mixel.memorization;

import org.jspecify.annotations.NullMarked;
