/**
 * All figures of two sets at once: rows are opened once, and each figure stands beside what equal
 * sets of these sizes would give.
 *
 * <p>{@link org.mixel.evaluation.Evaluation} compares candidates with a reference by every {@link
 * org.mixel.evaluation.Measure} that applies to them. The figures themselves, with their equations,
 * are those of {@code ndb}, {@code metric} and {@code memorization}. Here they get one form, {@link
 * org.mixel.evaluation.Finding}; their p-values are adjusted for the number of candidates; and a
 * verdict tells which of them show a difference.
 *
 * <p>Where rows that no model has seen are given, they stand in for the reference in every figure
 * but the search for copies: a model that repeats its training rows gains where those are compared.
 */
@NullMarked
package org.mixel.evaluation;

import org.jspecify.annotations.NullMarked;
