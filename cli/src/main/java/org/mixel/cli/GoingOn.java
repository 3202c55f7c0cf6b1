package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.List;
import org.mixel.InputException;
import picocli.CommandLine.Option;

/** Whether a training goes on from where an earlier one of the same model stopped. */
final class GoingOn {
  @Option(
      names = "--resume",
      description =
          "Go on from the checkpoint beside the model (fit: or from the finished model), with the"
              + " same options and data.")
  private boolean resume;

  @Option(
      names = "--restart",
      description = "Begin anew, and drop the checkpoint of an earlier training.")
  private boolean restart;

  /** Whether to go on. */
  boolean resume() {
    return resume;
  }

  /** Whether to drop what an earlier training left. */
  boolean restart() {
    return restart;
  }

  /**
   * Nothing is dropped unless the user says so.
   *
   * @param checkpoints that earlier trainings of this model left
   * @throws InputException if there is one and nothing is said of it
   */
  void requireChoice(Path model, List<Path> checkpoints) {
    require(!resume || !restart, "--resume goes on and --restart begins anew; give one of them");
    if (!resume && !restart && !checkpoints.isEmpty()) {
      throw new InputException(
          "%s: an interrupted training of %s; go on with it by --resume, or drop it by --restart"
              .formatted(checkpoints.get(0), model));
    }
  }

  /** Advice on an interrupted training. */
  String advice() {
    return restart
        ? "the same command with --resume instead of --restart goes on"
        : "the same command with --resume goes on";
  }
}
