package org.mixel.spark;

import org.mixel.DivergedException;
import org.mixel.InputException;

/** What a task refused, said once and plainly. */
final class Refusals {
  private Refusals() {}

  /** The refusal that a failure comes from, or the failure itself. */
  static RuntimeException plain(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InputException refusal) {
        String message = String.valueOf(refusal.getMessage());
        return refusal instanceof DivergedException
            ? new DivergedException(message, failure)
            : new InputException(message, failure);
      }
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(failure);
  }
}
