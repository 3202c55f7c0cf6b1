/**
 * Messages between every part of Mixel and its caller: progress ({@link org.mixel.Progress}),
 * unusable input ({@link org.mixel.InputException}), a diverged training ({@link
 * org.mixel.DivergedException}), and the request to end ({@link org.mixel.Interruption}). Outputs:
 * their places are checked ({@link org.mixel.OutputPlace}), they appear whole ({@link
 * org.mixel.WholeFile}), and one process makes them at a time ({@link org.mixel.OutputLock}).
 */
@NullMarked
package org.mixel;

import org.jspecify.annotations.NullMarked;
