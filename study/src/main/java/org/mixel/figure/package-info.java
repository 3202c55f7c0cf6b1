/**
 * Pictures of image sets, of mixture components and of bins, each as a PNG file or as HTML.
 *
 * <p>A {@link org.mixel.figure.Figure} is a {@link org.mixel.figure.Mosaic}, which is pixels alone,
 * a {@link org.mixel.figure.Drawing}, a list of {@link org.mixel.figure.Mark}s (lines, dots, text,
 * mosaics, hints) in CSS pixels, a {@link org.mixel.figure.Chart}, a drawing that a page's script
 * replaces by a plot to zoom and to ask, or a {@link org.mixel.figure.StoredPicture}, which was
 * written as a file before. A drawing becomes inline SVG, which follows the reader's light or dark
 * scheme and answers the mouse without any script, or an image. Only the latter needs fonts on the
 * machine; without any it is drawn without its text. Programs that draw images set {@code
 * java.awt.headless=true}, as no display is needed.
 *
 * <p>The figures are those of Richardson and Weiss, <i>On GANs and GMMs</i>: samples (Fig. 1, 4),
 * bins and their proportions (Fig. 2, 5, 10-15), components (Fig. 6, 19), outliers and in-painting
 * (Fig. 7), bins and models of points in the plane (Fig. 2, 20). The same input gives the same
 * bytes. Everything here is immutable and safe for use by several threads.
 */
@NullMarked
package org.mixel.figure;

import org.jspecify.annotations.NullMarked;
