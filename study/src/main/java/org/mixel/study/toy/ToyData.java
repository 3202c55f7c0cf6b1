package org.mixel.study.toy;

import java.util.Random;
import java.util.SplittableRandom;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/**
 * Points in the plane that generative models find hard: half of them lie along a spiral of one turn
 * and a quarter, the others in five round clusters around it that hold ever fewer points.
 *
 * <p>On the spiral {@code t} runs from {@code pi / 2} to {@code 3 pi} so that points lie equally
 * dense along it, at {@code 0.3 t (cos t, sin t)}, with normal noise. The clusters are normal.
 */
final class ToyData {
  private static final double SPIRAL_WEIGHT = 0.5;
  private static final double FIRST_ANGLE = Math.PI / 2;
  private static final double LAST_ANGLE = 3 * Math.PI;
  private static final double GROWTH = 0.3;
  private static final double SPIRAL_NOISE = 0.08;

  /** How far the clusters' centres are from the origin. */
  private static final double DISTANCE = 3.9;

  /**
   * A round cluster.
   *
   * @param weight its share of all points
   * @param degrees where its centre is, against the clock from the right
   * @param deviation standard deviation of both coordinates
   */
  private record Cluster(double weight, double degrees, double deviation) {}

  private static final Cluster[] CLUSTERS = {
    new Cluster(0.18, 20, 0.3),
    new Cluster(0.13, 75, 0.25),
    new Cluster(0.09, 130, 0.2),
    new Cluster(0.06, 220, 0.15),
    new Cluster(0.04, 300, 0.15)
  };

  private ToyData() {}

  /**
   * Independent draws.
   *
   * @param name name of the set
   * @param rows number of points, at least 1
   * @param seed the same seed gives the same points
   * @return {@code rows x 2}, within some 5 of the origin
   */
  static Samples draw(String name, int rows, long seed) {
    Random random = new Random(new SplittableRandom(seed).nextLong());
    float[] values = new float[2 * rows];
    for (int i = 0; i < values.length; i += 2) {
      double part = random.nextDouble() - SPIRAL_WEIGHT;
      double x;
      double y;
      double deviation;
      if (part < 0) {
        double angle = angle(random.nextDouble());
        x = GROWTH * angle * Math.cos(angle);
        y = GROWTH * angle * Math.sin(angle);
        deviation = SPIRAL_NOISE;
      } else {
        Cluster cluster = cluster(part);
        x = DISTANCE * Math.cos(Math.toRadians(cluster.degrees()));
        y = DISTANCE * Math.sin(Math.toRadians(cluster.degrees()));
        deviation = cluster.deviation();
      }
      values[i] = (float) (x + deviation * random.nextGaussian());
      values[i + 1] = (float) (y + deviation * random.nextGaussian());
    }
    return StoredSamples.ofFloats(name, 2, null, values);
  }

  /** The angle up to which a share of the spiral's points lie: its arc grows as its square. */
  private static double angle(double share) {
    double first = FIRST_ANGLE * FIRST_ANGLE;
    return Math.sqrt(first + share * (LAST_ANGLE * LAST_ANGLE - first));
  }

  private static Cluster cluster(double part) {
    double rest = part;
    for (Cluster cluster : CLUSTERS) {
      rest -= cluster.weight();
      if (rest < 0) {
        return cluster;
      }
    }
    return CLUSTERS[CLUSTERS.length - 1];
  }
}
