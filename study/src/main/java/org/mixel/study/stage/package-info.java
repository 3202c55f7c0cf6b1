/**
 * The models of a study, each trained once and kept in its folder: {@link
 * org.mixel.study.stage.TrainingStage}.
 */
@NullMarked
package org.mixel.study.stage;

import org.jspecify.annotations.NullMarked;
