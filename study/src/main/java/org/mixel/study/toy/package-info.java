/**
 * The paper's Figures 2 and 20: bins, a mixture and networks of points in the plane ({@link
 * org.mixel.study.toy.ToyStudy}).
 */
@NullMarked
package org.mixel.study.toy;

import org.jspecify.annotations.NullMarked;
