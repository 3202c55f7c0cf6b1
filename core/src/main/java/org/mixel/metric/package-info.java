/** Measures of image sets: sharpness, features. */
@NullMarked
package org.mixel.metric;

import org.jspecify.annotations.NullMarked;
