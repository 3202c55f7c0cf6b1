/**
 * The performance table. Each case is timed beside its floor, the least that the same work can take
 * on this machine, in the same run: machines differ and drift, ratios to a floor hardly do.
 */
@NullMarked
package org.mixel.bench;

import org.jspecify.annotations.NullMarked;
