package org.mixel;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets long work end in good order when the program is stopped (Ctrl-C, SIGTERM): the work asks now
 * and then whether to end, saves what it has, and closes this; only then does the program end.
 *
 * <p>Safe for use by several threads.
 */
public final class Interruption implements AutoCloseable {
  private static final Set<Interruption> OPEN = ConcurrentHashMap.newKeySet();

  /** How long the program waits for work to end. */
  private static final long PATIENCE_SECONDS = 60;

  static {
    Shutdown.at(Shutdown.Stage.END_WORK, Interruption::endAll);
  }

  private final CountDownLatch over = new CountDownLatch(1);
  private final @Nullable Runnable last;
  private volatile boolean requested;

  private Interruption(@Nullable Runnable last) {
    this.last = last;
  }

  /** Begins work that wants to end in good order; close this when it is over. */
  public static Interruption watch() {
    return open(null);
  }

  /**
   * Begins work that may stop anywhere, because it saves as it goes; close this when it is over.
   *
   * @param last runs in another thread when the program is to end; nobody waits for the work
   */
  public static Interruption breakingOff(Runnable last) {
    return open(last);
  }

  private static Interruption open(@Nullable Runnable last) {
    Interruption work = new Interruption(last);
    OPEN.add(work);
    return work;
  }

  /** Whether the program is to end. */
  public boolean requested() {
    return requested;
  }

  /** Asks this work to end, as an interruption of the program does. */
  public void request() {
    requested = true;
    if (last != null) {
      close();
      last.run();
    }
  }

  /** Asks all work to end, and waits for it. */
  private static void endAll() {
    List<Interruption> all = List.copyOf(OPEN);
    for (Interruption work : all) {
      try {
        work.request();
      } catch (RuntimeException e) {
        // The program is ending: the rest of the cleaning up comes first.
      }
    }
    for (Interruption work : all) {
      try {
        work.over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Says that the work is over. */
  @Override
  public void close() {
    OPEN.remove(this);
    over.countDown();
  }
}
