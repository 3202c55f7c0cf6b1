/**
 * The whole story on MNIST ({@link org.mixel.study.Demo}), and the experiments that can be repeated
 * ({@link org.mixel.study.Study}). The experiments live in packages of their own: the paper's
 * comparison of models on one set of images, models in the plane, the power of all figures; here is
 * how far NDB can be trusted ({@link org.mixel.study.NdbStudy}).
 */
@NullMarked
package org.mixel.study;

import org.jspecify.annotations.NullMarked;
