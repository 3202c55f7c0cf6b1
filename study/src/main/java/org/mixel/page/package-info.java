/**
 * Results for people, as sections of a report: an NDB evaluation ({@link
 * org.mixel.page.NdbSections}), all figures of two sets ({@link org.mixel.page.EvaluationPage}), a
 * mixture in pictures ({@link org.mixel.page.MixturePictures}) and its training ({@link
 * org.mixel.page.FitPage}).
 */
@NullMarked
package org.mixel.page;

import org.jspecify.annotations.NullMarked;
