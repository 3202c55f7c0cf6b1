package org.mixel.mfa.training;

import java.util.Locale;
import org.mixel.InputException;

/** The form of a component's noise. */
public enum NoiseModel {
  /** One variance per value: a factor analyzer. */
  DIAGONAL,
  /** One variance for all values: probabilistic PCA. */
  ISOTROPIC;

  /**
   * @param name {@code diagonal} or {@code isotropic}
   * @throws InputException if it is neither
   */
  public static NoiseModel of(String name) {
    return InputException.choose("noise", values(), name);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
