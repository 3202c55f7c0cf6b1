package org.mixel.neural.network;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes the parts of something that could not be built to the end. Parts are added as they are
 * made; once all are there, they are handed over to what owns them from then on.
 *
 * <pre>{@code
 * try (Custody custody = new Custody()) {
 *   Parameters parameters = custody.add(Parameters.from(source));
 *   Optimizer optimizer = custody.add(Adam.of(options, 4));
 *   return custody.handOver(new Owner(parameters, optimizer));
 * }
 * }</pre>
 */
public final class Custody implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** Takes a part into custody, and returns it. */
  public <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /** Lets go of all parts: their owner closes them from now on. */
  public <T> T handOver(T owner) {
    parts.clear();
    return owner;
  }

  /**
   * Closes all parts that were not handed over, the last one first. The first exception is thrown,
   * with those of the others suppressed.
   */
  @Override
  public void close() {
    RuntimeException first = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        RuntimeException thrown =
            e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        if (first == null) {
          first = thrown;
        } else {
          first.addSuppressed(thrown);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
