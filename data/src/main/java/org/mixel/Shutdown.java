package org.mixel;

import java.util.EnumMap;
import java.util.Map;

/**
 * The program's one shutdown hook. Its stages run one after the other when the program ends, by
 * itself or because of a signal. Safe for use by several threads.
 */
final class Shutdown {
  /** The actions at the end, in this order. */
  enum Stage {
    /** Work saves what it has. */
    END_WORK,
    /** Unfinished files are removed. */
    DISCARD_FILES,
    /** Locks are released. */
    RELEASE_LOCKS
  }

  private static final Map<Stage, Runnable> ACTIONS = new EnumMap<>(Stage.class);

  static {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(Shutdown::run, "shutdown"));
    } catch (IllegalStateException e) {
      // The program is ending already: a hook of somebody else's is the first to write.
    }
  }

  private Shutdown() {}

  /** Registers the one action of a stage. */
  static void at(Stage stage, Runnable action) {
    synchronized (ACTIONS) {
      ACTIONS.put(stage, action);
    }
  }

  private static void run() {
    for (Stage stage : Stage.values()) {
      Runnable action;
      synchronized (ACTIONS) {
        action = ACTIONS.getOrDefault(stage, () -> {});
      }
      action.run();
    }
  }
}
