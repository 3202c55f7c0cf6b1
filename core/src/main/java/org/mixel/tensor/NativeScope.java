package org.mixel.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * Frees every tensor made while it is open on this thread, except those that are {@linkplain #keep
 * kept}. Scopes nest; each belongs to the thread that opened it.
 */
public final class NativeScope implements AutoCloseable {
  static {
    LibTorch.load();
  }

  private final @Nullable PointerScope outer;
  private final PointerScope scope;

  /** Opens a scope on the current thread. */
  public NativeScope() {
    outer = PointerScope.getInnerScope();
    scope = new PointerScope();
  }

  /**
   * Lets a tensor outlive this scope: the enclosing scope frees it, or its owner's {@code close()}
   * if there is no enclosing scope.
   */
  public <T extends Pointer> T keep(T pointer) {
    if (outer != null) {
      outer.attach(pointer);
    } else {
      pointer.retainReference();
    }
    return pointer;
  }

  /**
   * Lets a tensor outlive every scope: only its owner's {@code close()} frees it.
   *
   * @param pointer a tensor made on this thread
   */
  public static <T extends Pointer> T own(T pointer) {
    pointer.retainReference();
    return pointer;
  }

  /** Computes one tensor and frees everything else that was made on the way. */
  public static <T extends Pointer> T compute(Supplier<T> body) {
    try (NativeScope scope = new NativeScope()) {
      return scope.keep(body.get());
    }
  }

  /** A part of some rows or components. */
  @FunctionalInterface
  public interface Part {
    /**
     * Does the part.
     *
     * @param from the first
     * @param count how many
     */
    void accept(long from, long count);
  }

  /**
   * Does work part by part, each in a scope of its own.
   *
   * @param total how many rows or components there are
   * @param step how many make a part; the last may be smaller
   */
  public static void inParts(long total, long step, Part body) {
    for (long from = 0; from < total; from += step) {
      try (NativeScope scope = new NativeScope()) {
        body.accept(from, Math.min(step, total - from));
      }
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
