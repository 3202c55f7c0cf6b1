package org.mixel.mfa;

/**
 * One component's parameters as plain arrays, for people and pictures.
 *
 * @param index its place in the mixture
 * @param weight its mixing weight, in (0, 1]
 * @param mean {@code [d]}
 * @param factors {@code [l][d]}, the columns of {@code A}
 * @param noiseVariance {@code [d]}
 */
public record Component(
    int index, double weight, float[] mean, float[][] factors, float[] noiseVariance) {}
