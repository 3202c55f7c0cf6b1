/** The manual pages of the archive, made from the commands. */
@NullMarked
package org.mixel.dist;

import org.jspecify.annotations.NullMarked;
