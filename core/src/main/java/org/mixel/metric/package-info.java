/**
 * Figures of merit of samples: how sharp images are, how surely a classifier tells what they show
 * and how varied that is, and whether a model repeats its training rows; and the features of
 * images, for comparing those instead of pixels ({@link org.mixel.metric.FeatureNetwork}).
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
 *
 * <p>{@link org.mixel.metric.Memorization} compares the distances {@code min_y |x - y|} of
 * candidate rows to their nearest training row ({@link org.mixel.metric.NearestRows}) with those of
 * rows that the model has not seen: by the Mann-Whitney statistic, as Meehan, Chaudhuri and
 * Dasgupta (2020, <i>A non-parametric test to detect data-copying in generative models</i>); by the
 * share that lies below the twentieth part of the unseen rows' distances; and by how much oftener
 * than by chance a near candidate row's nearest is a training row and not an unseen one. The last
 * tells copies from smooth samples, which are near to every row.
 */
@NullMarked
package org.mixel.metric;

import org.jspecify.annotations.NullMarked;
