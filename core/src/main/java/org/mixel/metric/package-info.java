/**
 * Figures of merit of images: their sharpness, and the certainty and variety of a classifier's
 * answers; and the features of images, for comparing those instead of pixels ({@link
 * org.mixel.metric.FeatureNetwork}).
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
