/**
 * What every part of Mixel says to its caller: how far a long task has come ({@link
 * org.mixel.Progress}) and that an input cannot be used ({@link org.mixel.InputException}).
 */
@NullMarked
package org.mixel;

import org.jspecify.annotations.NullMarked;
