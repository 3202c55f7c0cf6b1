/**
 * Which figure of an evaluation sees which fault, and how often ({@link
 * org.mixel.study.power.PowerStudy}): rows are dealt out of a source anew in each repetition, a
 * known {@code Fault} is planted in the candidate, and the p-values of all figures are recorded.
 */
@NullMarked
package org.mixel.study.power;

import org.jspecify.annotations.NullMarked;
