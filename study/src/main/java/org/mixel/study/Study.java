package org.mixel.study;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.mixel.InputException;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.report.Block;
import org.mixel.tensor.ComputeDevice;

/** The experiments that can be repeated, by the names that users call them. */
public enum Study {
  /** How far NDB can be trusted. */
  NDB("ndb") {
    @Override
    public Optional<List<Block.Table>> run(Request request) {
      NdbStudy.Options options = NdbStudy.Options.defaults().withSeed(request.seed());
      return Optional.of(NdbStudy.run(request.folder(), options, command(), request.progress()));
    }
  },
  /** The bins, and models of points in the plane. */
  TOY("toy") {
    @Override
    public Optional<List<Block.Table>> run(Request request) {
      ToyStudy.Options options = ToyStudy.Options.defaults().withSeed(request.seed());
      return untilInterrupted(
          request,
          interruption ->
              ToyStudy.run(
                  request.folder(),
                  options,
                  command(),
                  request.device(),
                  interruption,
                  request.progress()));
    }
  },
  /** A mixture and networks of every kind on handwritten digits. */
  MNIST("mnist") {
    @Override
    public Optional<List<Block.Table>> run(Request request) {
      MnistStudy.Options options = MnistStudy.Options.defaults().withSeed(request.seed());
      return untilInterrupted(
          request,
          interruption ->
              MnistStudy.run(
                  request.folder(),
                  options,
                  command(),
                  request.device(),
                  interruption,
                  request.progress()));
    }
  };

  private final String text;

  /**
   * A run of a study.
   *
   * @param folder receives {@code report.html}, {@code report.md}, models and pictures
   * @param seed fixes all of it
   * @param device where models are trained and samples evaluated
   * @param notes receives remarks for the user beside the results
   */
  public record Request(
      Path folder, long seed, ComputeDevice device, Consumer<String> notes, Progress progress) {}

  Study(String text) {
    this.text = text;
  }

  /**
   * @throws InputException if no study is called so
   */
  public static Study of(String text) {
    return Arrays.stream(values())
        .filter(study -> study.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "no study is called '"
                        + text
                        + "'; there are "
                        + Arrays.stream(values())
                            .map(Study::toString)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * Runs the study with its default options.
   *
   * @return the tables of its report, or nothing if the program is to end before it is done
   */
  public abstract Optional<List<Block.Table>> run(Request request);

  /** The command that runs it. */
  String command() {
    return "mixel study " + text;
  }

  /** Runs a study that can be resumed; the program does not end before a note says so. */
  private static Optional<List<Block.Table>> untilInterrupted(
      Request request, Function<Interruption, List<Block.Table>> study) {
    try (Interruption interruption = Interruption.watch()) {
      try {
        return Optional.of(study.apply(interruption));
      } catch (StudyInterrupted e) {
        request.notes().accept(String.valueOf(e.getMessage()));
        return Optional.empty();
      }
    }
  }

  /** The name that users call it by. */
  @Override
  public String toString() {
    return text;
  }
}
