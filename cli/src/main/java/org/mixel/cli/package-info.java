/**
 * The command line. {@link org.mixel.cli.Mixel} reads the options and turns every outcome into an
 * exit code; each command is a {@link org.mixel.cli.Subcommand} that turns its options into a call
 * and the result into an {@link org.mixel.cli.Answer}. Nothing here computes.
 *
 * <p>Only {@link org.mixel.cli.Session} writes to the standard output, once, when the answer is
 * there: with {@code --json} that is one document and nothing else. Everything said on the way goes
 * to the standard error.
 */
@NullMarked
package org.mixel.cli;

import org.jspecify.annotations.NullMarked;
