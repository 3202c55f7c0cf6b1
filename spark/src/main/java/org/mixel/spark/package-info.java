/**
 * Mixtures of factor analyzers and NDB on Apache Spark: the mathematics is that of {@code
 * org.mixel.mfa} and {@code org.mixel.ndb}, the rows are those of a {@code Dataset}.
 *
 * <p>{@link org.mixel.spark.MixtureOfFactorAnalyzers} is the estimator. Rows are decoded once into
 * blocks of numbers ({@link org.mixel.spark.row}) that stay where they are; {@link
 * org.mixel.spark.Images} makes them of files. The first model is made on the driver, of a sample.
 * In each pass the model travels to every executor once ({@code SharedModel}); a task fills one set
 * of sufficient statistics from its blocks ({@code DistributedEm}, {@code DistributedTruncatedEm});
 * these travel component by component and are added in a fixed order ({@code KeyedSums}), so that
 * the result does not depend on which task was run again; the driver makes the M-step. All else is
 * the local {@code Trainer}: stopping, refit, validation, checkpoints.
 *
 * <p>{@link org.mixel.spark.DatasetRows} is a data set as NDB sees it: the driver chooses and
 * counts rows by their places.
 */
@NullMarked
package org.mixel.spark;

import org.jspecify.annotations.NullMarked;
