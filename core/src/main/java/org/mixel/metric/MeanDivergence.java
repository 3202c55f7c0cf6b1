package org.mixel.metric;

/**
 * The mean divergence {@code E_x KL(p(y|x) || p(y))} of some images from their own {@code p(y)},
 * gathered image by image: the entropy of the mean less the mean of the entropies. Not safe for use
 * by several threads.
 */
final class MeanDivergence {
  private double[] sums = {};
  private double certainty;
  private int images;

  /**
   * Adds an image.
   *
   * @param probabilities {@code [n, classes]} in one row, not changed
   * @param image which of the {@code n}
   * @param classes as many as for the other images
   * @param sum {@code sum_y p log p} of this image, in nats
   */
  void add(double[] probabilities, int image, int classes, double sum) {
    if (images == 0) {
      sums = new double[classes];
    } else if (sums.length != classes) {
      throw new IllegalArgumentException(classes + " classes after " + sums.length);
    }
    for (int y = 0; y < classes; y++) {
      sums[y] += probabilities[image * classes + y];
    }
    certainty += sum;
    images++;
  }

  /** How many classes the images have; 0 without an image. */
  int classes() {
    return sums.length;
  }

  /** In nats, from 0 to {@code log(classes)}; there must be an image. */
  double nats() {
    double divergence = certainty / images;
    for (double sum : sums) {
      double p = sum / images;
      divergence -= p > 0 ? p * Math.log(p) : 0;
    }
    return divergence;
  }
}
