/**
 * Mixtures of factor analyzers and NDB on Apache Spark: the mathematics is that of {@code
 * org.mixel.mfa} and {@code org.mixel.ndb}, the rows are those of a {@code Dataset}.
 *
 * <p>{@link org.mixel.spark.MixtureOfFactorAnalyzers} is the estimator. Rows are decoded once into
 * blocks of numbers ({@code RowBlocks}) that stay where they are. The first model is made on the
 * driver, of a sample. In each iteration the model travels to every executor once ({@code
 * SharedModel}); a task fills one set of sufficient statistics from its blocks; these travel
 * component by component and are added in a fixed order ({@code DistributedEm}), so that the result
 * does not depend on which task was run again; the driver makes the M-step. All else is the local
 * {@code Trainer}: stopping, refit, validation, checkpoints.
 */
@NullMarked
package org.mixel.spark;

import org.jspecify.annotations.NullMarked;
