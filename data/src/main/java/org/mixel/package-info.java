/**
 * What every part of Mixel says to its caller: how far a long task has come ({@link
 * org.mixel.Progress}), that an input cannot be used ({@link org.mixel.InputException}), that a
 * training went astray ({@link org.mixel.DivergedException}), and that an output can be there
 * ({@link org.mixel.OutputPlace}), is there, whole ({@link org.mixel.WholeFile}), and nobody else
 * makes it ({@link org.mixel.OutputLock}); and what the caller says to them: that it is time to end
 * ({@link org.mixel.Interruption}).
 */
@NullMarked
package org.mixel;

import org.jspecify.annotations.NullMarked;
