/**
 * {@code mixel spark}: fits, tests and measurements on a cluster, or on all cores of this machine.
 */
@NullMarked
package org.mixel.spark.command;

import org.jspecify.annotations.NullMarked;
