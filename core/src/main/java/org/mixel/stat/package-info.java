/**
 * Tests of two samples, and adjustments for many tests, that Apache Commons Statistics lacks.
 *
 * <p>Of two histograms: the z-test and Fisher's test of one bin ({@link
 * org.mixel.stat.TwoProportionTest}), the chi-square test of all bins ({@link
 * org.mixel.stat.HomogeneityTest}), their divergence ({@link org.mixel.stat.JensenShannon}), and
 * random histograms with the same pooled counts, for permutation tests ({@link
 * org.mixel.stat.RandomTables}). Of two samples of numbers: the rank-sum test ({@link
 * org.mixel.stat.MannWhitney}) and a test of the lower tail ({@link
 * org.mixel.stat.PrecedenceTest}). Of one: a threshold that a given share falls below ({@link
 * org.mixel.stat.LowerTail}). Of many p-values: Holm's and Benjamini and Hochberg's adjustments
 * ({@link org.mixel.stat.AdjustedP}).
 *
 * <p>Everything here is plain arithmetic on arrays, without native memory. All of it is immutable
 * and safe for use by several threads, but for what says otherwise of itself: random tables and
 * histograms, and counts that are kept once they are known.
 */
@NullMarked
package org.mixel.stat;

import org.jspecify.annotations.NullMarked;
