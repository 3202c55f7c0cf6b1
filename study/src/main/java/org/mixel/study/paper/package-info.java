/**
 * The paper's Tables 1 to 3 and its figures of images, on any images: one engine ({@link
 * org.mixel.study.paper.ImageStudy}) and a description for each set ({@link
 * org.mixel.study.paper.PaperStudies}). Rows are dealt out once ({@code Split}). Each model is a
 * stage: it is trained, its samples are tested ({@code StageTests}), and a small folder keeps what
 * was found ({@code StageRecord}), which another machine can take over. {@code StageReport} tells
 * of all stages that are there; in it, {@code PaperFigures} shows the paper's figures under their
 * numbers.
 */
@NullMarked
package org.mixel.study.paper;

import org.jspecify.annotations.NullMarked;
