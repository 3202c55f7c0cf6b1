/**
 * Figures of merit of images: their sharpness, and the certainty and variety of a classifier's
 * answers; and the features of images, for comparing those instead of pixels ({@link
 * org.mixel.metric.FeatureNetwork}).
 *
 * <p>And figures of two sets, a reference and a candidate, each an {@link
 * org.mixel.metric.Estimate} beside what equal sets would give: how far the means are apart where a
 * kernel compares rows ({@link org.mixel.metric.KernelDistance}), the distance of normal
 * distributions of the same means and covariances ({@link org.mixel.metric.FrechetDistance}),
 * precision, recall, density and coverage by balls around rows ({@link
 * org.mixel.metric.NeighbourBalls}), how well nearest neighbours tell the sets apart ({@link
 * org.mixel.metric.ClassifierTest}), and whether random cells hold as much of both ({@link
 * org.mixel.metric.PqMass}). {@link org.mixel.metric.PairwiseFigures} are those that look at all
 * pairs of rows. Equal sets are what dealing the pooled rows out at random gives.
 *
 * <p>{@link org.mixel.metric.Sharpness} is that of Richardson and Weiss (2018, appendix A.4): of an
 * image's luminance {@code x}, less its mean, and a Gaussian {@code g},
 *
 * <pre>log |x - g * x|^2 - log |x|^2</pre>
 *
 * averaged over the images.
 *
 * <p>{@link org.mixel.metric.ClassifierScore} is the Inception Score of Salimans et al. (2016,
 * section 4) for any classifier {@code p(y|x)},
 *
 * <pre>exp(E_x KL(p(y|x) || p(y))),  p(y) = E_x p(y|x)</pre>
 *
 * averaged over parts of the images.
 */
@NullMarked
package org.mixel.metric;

import org.jspecify.annotations.NullMarked;
