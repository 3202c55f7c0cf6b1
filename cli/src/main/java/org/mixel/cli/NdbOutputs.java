package org.mixel.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.WholeFile;
import org.mixel.data.Samples;
import org.mixel.ndb.BinsExport;
import org.mixel.ndb.BinsFile;
import org.mixel.ndb.Ndb;
import org.mixel.report.HtmlReport;
import org.mixel.study.NdbPage;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Option;

/** What {@code mixel ndb} writes beside its answer. */
final class NdbOutputs {
  @Option(
      names = "--save-bins",
      paramLabel = "FILE",
      description = "Keep the bins for another run.")
  private @Nullable Path saveBins;

  @Option(
      names = "--export-bins",
      paramLabel = "DIR",
      description =
          "Write the bin of every row, and the rows of the bins that differ, to a folder.")
  private @Nullable Path exportBins;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a page with plots and pictures of the bins that differ.")
  private @Nullable Path page;

  /**
   * Checks before the work what would stop it afterwards.
   *
   * @param inputs what the user named as data: files, folders or names
   * @throws InputException if something cannot be written there, or would replace an input or
   *     another output
   */
  void requirePlaces(List<String> inputs) {
    Stream.of(saveBins, page).filter(Objects::nonNull).forEach(WholeFile::requireFile);
    if (exportBins != null) {
      BinsExport.requireEmpty(exportBins);
    }
    Map<Path, String> taken = new HashMap<>();
    inputs.forEach(input -> place(input).ifPresent(path -> taken.put(path, "is an input")));
    Stream.of(saveBins, page, exportBins)
        .filter(Objects::nonNull)
        .forEach(
            output -> {
              String use = taken.put(real(output), "is written for another option");
              if (use != null) {
                throw new InputException(output + ": " + use + ", too; name another place");
              }
            });
  }

  /** Where an input lies if it is a file or a folder. */
  private static Optional<Path> place(String input) {
    try {
      Path path = Path.of(input.replaceFirst("#[^#/]*$", ""));
      return Optional.of(path).filter(Files::exists).map(NdbOutputs::real);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Path real(Path path) {
    try {
      return Files.exists(path) ? path.toRealPath() : path.toAbsolutePath().normalize();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at " + path + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes what was asked for.
   *
   * @param seen the sets as they were tested, the reference first
   */
  void write(
      NdbPage found,
      Ndb.Options options,
      List<Samples> seen,
      ComputeDevice device,
      Session session) {
    if (saveBins != null) {
      BinsFile.write(saveBins, found.report().bins());
    }
    if (exportBins != null) {
      BinsExport.write(
          exportBins, found.report(), options, seen, found.rows(), device, session.progress());
    }
    if (page != null) {
      HtmlReport.write(found.report("mixel ndb"), page);
    }
  }
}
