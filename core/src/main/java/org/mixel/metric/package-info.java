/**
 * Figures of merit of samples that need no model: how sharp images are.
 *
 * <p>{@link org.mixel.metric.Sharpness} is that of Richardson and Weiss (2018, appendix A.4): of an
 * image's luminance {@code x}, less its mean, and a Gaussian {@code g},
 *
 * <pre>log |x - g * x|^2 - log |x|^2</pre>
 *
 * averaged over the images.
 */
@NullMarked
package org.mixel.metric;

import org.jspecify.annotations.NullMarked;
