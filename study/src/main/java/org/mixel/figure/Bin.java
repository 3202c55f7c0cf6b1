package org.mixel.figure;

import java.util.List;

/**
 * One bin of a partition of image space, as pictures; the arrays are not copied.
 *
 * @param number which bin, as in the test's own result
 * @param referenceShare proportion of the reference rows that fall into it
 * @param candidateShare proportion of the candidate rows, or NaN where nothing is compared
 * @param z the test's statistic, positive where the candidate has more; NaN where none
 * @param centre the mean image
 * @param reference some reference images of the bin
 * @param candidate some candidate images of the bin; may be empty
 */
@SuppressWarnings("ArrayRecordComponent")
public record Bin(
    int number,
    double referenceShare,
    double candidateShare,
    double z,
    float[] centre,
    List<float[]> reference,
    List<float[]> candidate) {
  public Bin {
    reference = List.copyOf(reference);
    candidate = List.copyOf(candidate);
  }

  /** A bin of which only the reference is shown. */
  public static Bin of(int number, double share, float[] centre, List<float[]> members) {
    return new Bin(number, share, Double.NaN, Double.NaN, centre, members, List.of());
  }
}
