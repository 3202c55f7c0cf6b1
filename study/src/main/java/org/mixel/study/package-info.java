/**
 * Results for people: an NDB evaluation as sections of a report ({@link
 * org.mixel.study.NdbSections}), a mixture in pictures ({@link org.mixel.study.MixturePictures})
 * and its training as a page ({@link org.mixel.study.FitPage}), the whole story on MNIST ({@link
 * org.mixel.study.Demo}), and the experiments that can be repeated ({@link org.mixel.study.Study}).
 */
@NullMarked
package org.mixel.study;

import org.jspecify.annotations.NullMarked;
