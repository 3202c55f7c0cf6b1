package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import org.mixel.InputException;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.neural.NetworkModel;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Parameters;

/** The model that a command asks. */
final class ModelFile {
  @Parameters(index = "0", paramLabel = "MODEL", description = "The model's file.")
  private Path file;

  /**
   * A mixture; the caller closes it.
   *
   * @throws InputException if the file holds none
   */
  MixtureOfFactorAnalyzers open(ComputeDevice device) {
    return mixture(file, device);
  }

  /** The mixture of a file, as {@link #open} gives it. */
  static MixtureOfFactorAnalyzers mixture(Path file, ComputeDevice device) {
    require(
        !NetworkModel.isOne(file),
        file
            + ": a network, which draws rows but has no components and no likelihood; this command"
            + " asks a mixture (.mfa)");
    return MixtureOfFactorAnalyzers.load(file, device);
  }

  Path file() {
    return file;
  }
}
