package org.mixel.cli;

import java.nio.file.Path;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Parameters;

/** The model that a command asks. */
final class ModelFile {
  @Parameters(index = "0", paramLabel = "MODEL", description = "A .mfa file.")
  private Path file;

  /** The caller closes it. */
  MixtureOfFactorAnalyzers open(ComputeDevice device) {
    return MixtureOfFactorAnalyzers.load(file, device);
  }

  Path file() {
    return file;
  }
}
