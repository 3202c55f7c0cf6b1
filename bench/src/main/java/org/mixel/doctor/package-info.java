/**
 * The state of an installation: what {@link org.mixel.doctor.Machine} finds on this machine, and
 * whether each part of the program works on it ({@link org.mixel.doctor.SelfTest}).
 */
@NullMarked
package org.mixel.doctor;

import org.jspecify.annotations.NullMarked;
