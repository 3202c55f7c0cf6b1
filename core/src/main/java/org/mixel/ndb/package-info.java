/**
 * NDB, the number of statistically different bins: does a set of candidate samples fill the space
 * as the reference set does? (Richardson and Weiss, 2018, section 2 and appendix A.1.)
 *
 * <p>k-means centres cut the space into {@code K} Voronoi bins ({@link org.mixel.ndb.VoronoiBins}).
 * Of {@code Np} reference rows {@code a_k} fall into bin {@code k}, of {@code Nq} candidate rows
 * {@code b_k}. With {@code p = a_k / Np}, {@code q = b_k / Nq} and the pooled proportion {@code P =
 * (a_k + b_k) / (Np + Nq)}, each bin is tested by
 *
 * <pre>z = (q - p) / sqrt(P (1 - P) (1/Np + 1/Nq))</pre>
 *
 * ({@link org.mixel.stat.TwoProportionTest}), and NDB counts the bins whose two-sided p-value is
 * below {@code alpha}. The size of the difference is the Jensen-Shannon divergence of the two
 * histograms less its mean under equality ({@link org.mixel.ndb.JsExcess}). Beside them stand the
 * bins that differ when the number of tests is allowed for (Holm, Benjamini and Hochberg, on exact
 * p-values), the chi-square test of all bins at once, the NDB/K and the divergence to expect when
 * both sets are drawn from one distribution ({@link org.mixel.ndb.PermutationNull}), and the
 * smallest lost mode that would be found. {@link org.mixel.ndb.Ndb#test} runs all of it.
 *
 * <p>Rows that are counted must be unknown to a model, or one that repeats them gains: a set of
 * unseen rows can be counted in place of the reference's.
 *
 * <p>NDB/K is about {@code alpha} under equality only if the rows that are counted did not also
 * place the centres, and bins expect more than a few rows; see {@link org.mixel.ndb.ReferenceMode}.
 */
@NullMarked
package org.mixel.ndb;

import org.jspecify.annotations.NullMarked;
