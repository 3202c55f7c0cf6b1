package org.mixel.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;
import org.mixel.io.Labels;
import org.mixel.report.Block;
import org.mixel.study.paper.ImageStudy;
import org.mixel.study.paper.PaperStudies;
import org.mixel.study.power.PowerStudy;
import org.mixel.study.stage.Effort;
import org.mixel.study.stage.StudyInterrupted;
import org.mixel.study.toy.ToyStudy;
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
  /** Which figure of an evaluation sees which fault. */
  POWER("power") {
    @Override
    public Optional<List<Block.Table>> run(Request request) {
      return untilInterrupted(
          request,
          interruption ->
              PowerStudy.run(
                  request.folder(),
                  request.power().withSeed(request.seed()),
                  "%s %s; %s".formatted(command(), request.power().arguments(), request.version()),
                  request.device(),
                  interruption,
                  request.progress()));
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
  /** A mixture and networks of every kind on handwritten digits: Table 2. */
  MNIST("mnist") {
    @Override
    public Optional<List<Block.Table>> run(Request request) {
      return images(request, PaperStudies.mnist(request.effort()), true);
    }
  },
  /** On faces: Table 1. */
  CELEBA("celeba") {
    @Override
    public Optional<List<Block.Table>> run(Request request) {
      return images(request, PaperStudies.celeba(request.effort()), false);
    }
  },
  /** On photographs of ten kinds: Figure 3. */
  CIFAR10("cifar10") {
    @Override
    public Optional<List<Block.Table>> run(Request request) {
      return images(request, PaperStudies.cifar10(request.effort()), true);
    }
  },
  /** On house numbers: Table 3. */
  SVHN("svhn") {
    @Override
    public Optional<List<Block.Table>> run(Request request) {
      return images(request, PaperStudies.svhn(request.effort()), true);
    }
  };

  private final String text;

  /**
   * A run of a study.
   *
   * @param folder receives {@code report.html}, {@code report.md}, models and pictures
   * @param images of a study of images
   * @param effort how long networks are trained
   * @param power the extent of the study of power
   * @param stages names of those to make, empty for all; a study of images has several
   * @param seed fixes all of it
   * @param version of the program
   * @param device where models are trained and samples evaluated
   * @param notes receives remarks for the user beside the results
   */
  public record Request(
      Path folder,
      Images images,
      Effort effort,
      PowerStudy.Options power,
      Set<String> stages,
      long seed,
      String version,
      ComputeDevice device,
      Consumer<String> notes,
      Progress progress) {}

  /**
   * Which images a study looks at.
   *
   * @param data a file, a folder or a set's name; null for those that the study is named for
   * @param labels the class of every image; null for those of a named set
   * @param mirror whether models learn from the mirror images of their rows, too
   */
  public record Images(
      @Nullable String data, @Nullable Path labels, DataOptions options, boolean mirror) {
    /** The arguments that choose these images, each after a space. */
    String arguments() {
      List<String> words = new ArrayList<>();
      if (data != null) {
        words.addAll(List.of("--data", data));
      }
      words.addAll(options.words());
      if (labels != null) {
        words.addAll(List.of("--labels", labels.toString()));
      }
      if (mirror) {
        words.add("--mirror");
      }
      return words.stream().map(word -> " " + word).collect(Collectors.joining());
    }
  }

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

  /**
   * @param data whether data, their labels or how to read them were given
   * @param models whether stages or mirror images were asked for
   * @throws InputException if they were, but this study takes none
   */
  public void requireTaken(boolean data, boolean models) {
    boolean own = this == NDB || this == TOY;
    InputException.require(
        !own || !(data || models),
        ("study %s has its own data and no stages; leave out `data`, `labels`, `size`, `crop`,"
                + " `layout`, `stages` and `mirror`")
            .formatted(text));
    InputException.require(
        this != POWER || !models,
        "study %s trains no models; leave out `stages` and `mirror`".formatted(text));
  }

  /** The command that runs it. */
  String command() {
    return "mixel study " + text;
  }

  Optional<List<Block.Table>> images(
      Request request, ImageStudy.Description description, boolean labelled) {
    Images wanted = request.images();
    String data = wanted.data() == null ? text : wanted.data();
    boolean own = wanted.data() == null;
    Progress progress = request.progress();
    DataOptions reading =
        own && this == CELEBA ? PaperStudies.faces(wanted.options()) : wanted.options();
    Samples all = DataSource.open(data, reading, progress);
    Samples test = own ? DataSource.open(text + ":test", reading, progress) : null;
    int[] labels =
        wanted.labels() != null || (own && labelled)
            ? Labels.of(data, wanted.labels(), all.rows(), progress)
            : null;
    return untilInterrupted(
        request,
        interruption ->
            new ImageStudy(
                    description,
                    new ImageStudy.Images(all, test, labels, wanted.mirror()),
                    request.folder(),
                    request.seed(),
                    request.version(),
                    request.device(),
                    interruption,
                    progress)
                .run(
                    request.stages(),
                    "%s --effort %s%s".formatted(command(), request.effort(), wanted.arguments())));
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
