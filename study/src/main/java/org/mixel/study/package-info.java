/**
 * Results for people: an NDB evaluation as sections of a report ({@link
 * org.mixel.study.NdbSections}), a mixture in pictures ({@link org.mixel.study.MixturePictures})
 * and its training as a page ({@link org.mixel.study.FitPage}), the whole story on MNIST ({@link
 * org.mixel.study.Demo}), and the experiments that can be repeated ({@link org.mixel.study.Study}):
 * the paper's comparison of models on one set of images ({@code ImageStudy}), models in the plane
 * ({@code ToyStudy}), and how far NDB ({@code NdbStudy}) and all figures ({@code PowerStudy}) can
 * be trusted.
 */
@NullMarked
package org.mixel.study;

import org.jspecify.annotations.NullMarked;
