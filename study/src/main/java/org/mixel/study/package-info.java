/**
 * What Mixel finds, told to people: an NDB evaluation as sections of a report ({@link
 * org.mixel.study.NdbSections}), a mixture in pictures ({@link org.mixel.study.MixturePictures}),
 * and the whole story on MNIST ({@link org.mixel.study.Demo}).
 */
@NullMarked
package org.mixel.study;

import org.jspecify.annotations.NullMarked;
