package org.mixel.mfa.training;

import java.io.Serializable;

/**
 * The {@link SufficientStatistics} of one component, as they travel between machines. Sums of the
 * same component under the same model add up.
 *
 * <p>Not safe for use by several threads.
 */
public final class ComponentSums implements Serializable {
  private static final long serialVersionUID = 1;

  private double mass;
  private final double[] moments;
  private final Object products;
  private final Object squares;

  /**
   * Keeps the arrays.
   *
   * @param mass {@code S0}
   * @param moments {@code Szz}, {@code [l + 1, l + 1]}
   * @param products {@code Sxz}, {@code [l + 1, d]}: floats or doubles
   * @param squares {@code Sxx}, {@code [d]}: of the same type
   */
  ComponentSums(double mass, double[] moments, Object products, Object squares) {
    this.mass = mass;
    this.moments = moments;
    this.products = products;
    this.squares = squares;
  }

  double mass() {
    return mass;
  }

  double[] moments() {
    return moments;
  }

  Object products() {
    return products;
  }

  Object squares() {
    return squares;
  }

  /**
   * Adds the other's sums to these.
   *
   * @throws IllegalArgumentException if they are of another size or type
   */
  public void add(ComponentSums other) {
    mass += other.mass;
    add(moments, other.moments);
    add(products, other.products);
    add(squares, other.squares);
  }

  private static void add(Object to, Object from) {
    if (to instanceof double[] sums && from instanceof double[] others) {
      requireSameSize(sums.length, others.length);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += others[i];
      }
    } else if (to instanceof float[] sums && from instanceof float[] others) {
      requireSameSize(sums.length, others.length);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += others[i];
      }
    } else {
      throw new IllegalArgumentException("sums of different types do not add up");
    }
  }

  private static void requireSameSize(int size, int other) {
    if (size != other) {
      throw new IllegalArgumentException(
          "sums of %d and %d values do not add up".formatted(size, other));
    }
  }
}
