package org.mixel.mfa.training;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.mixel.InputException;

/** Whether a checkpoint or a model is of the training that is to be continued. */
public final class SameTraining {
  private SameTraining() {}

  /**
   * Compares options and data, as text by name.
   *
   * @param file the checkpoint or model, for the message
   * @param found what it is of
   * @param wanted what is to be continued
   * @throws InputException that names the first difference
   */
  public static void require(Path file, Map<String, String> found, Map<String, String> wanted) {
    Set<String> names = new TreeSet<>(wanted.keySet());
    names.addAll(found.keySet());
    for (String name : names) {
      String was = found.getOrDefault(name, "none");
      String now = wanted.getOrDefault(name, "none");
      if (!was.equals(now)) {
        throw new InputException(
            "%s: is of another training: %s was %s, now %s; use the same options and data, or begin"
                    .formatted(file, name, was, now)
                + " anew");
      }
    }
  }
}
