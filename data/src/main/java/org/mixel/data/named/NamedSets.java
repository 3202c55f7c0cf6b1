package org.mixel.data.named;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.CacheFolder;
import org.mixel.data.Samples;
import org.mixel.data.format.ReadRequest;

/**
 * The data sets that have a name: {@code mnist}, {@code mnist:train}, {@code mnist:test} and so on;
 * a bare name means the training part. Safe for use by several threads and processes.
 */
public final class NamedSets {
  private static final List<NamedSet> SETS = List.of(Mnist.SET, Cifar10.SET, Svhn.SET, CelebA.SET);

  private NamedSets() {}

  /** All sets. */
  public static List<NamedSet> list() {
    return SETS;
  }

  /** The folder of a set, whether or not its files are there. */
  public static Path folder(NamedSet set) {
    return CacheFolder.path().resolve("data").resolve(set.name());
  }

  /**
   * The folder of a set by its name, whether or not the files are there.
   *
   * @throws InputException if there is no such set
   */
  public static Path folderOf(String name) {
    return folder(require(name).set());
  }

  /** Whether all files of a set are there in their size; their content is checked on opening. */
  public static boolean isPresent(NamedSet set) {
    return new SetFolder(set, folder(set)).isPresent();
  }

  /** Whether a text is the name of a set, with or without one of its parts. */
  public static boolean isName(String text) {
    return find(text).isPresent();
  }

  /**
   * Fetches a set, or one part of it, unless it is there.
   *
   * @param name {@code mnist} for all of it, {@code mnist:test} for a part
   * @return the folder of its files
   * @throws InputException if there is no such set or it cannot be fetched; the message says where
   *     to put which files by hand
   */
  public static Path get(String name, Progress progress) {
    Reference reference = require(name);
    NamedSet set = reference.set();
    String part = reference.part();
    return new SetFolder(set, folder(set))
        .require(part == null ? set.files() : set.files(part), Download.STANDARD, progress);
  }

  /**
   * Opens a part of a set, fetching it first if need be.
   *
   * @param name {@code mnist} or {@code mnist:train}, {@code mnist:test}
   * @throws InputException if there is no such set or it cannot be fetched
   */
  public static Samples open(String name, ReadRequest request) {
    Reference reference = require(name);
    Path folder = get(reference.whole(), request.progress());
    return reference.set().read(folder, reference.partOrTrain(), request);
  }

  /**
   * The class of every row of a part, in the order of its rows.
   *
   * @param name {@code mnist} or {@code mnist:train}, {@code mnist:test}
   * @throws InputException if there is no such set, it has no labels or it cannot be fetched
   */
  public static int[] labels(String name, Progress progress) {
    Reference reference = require(name);
    Path folder = get(reference.whole(), progress);
    return reference.set().labels(folder, reference.partOrTrain());
  }

  /** A set and, if one was named, its part. */
  private record Reference(NamedSet set, @Nullable String part) {
    String partOrTrain() {
      return part == null ? NamedSet.PARTS.get(0) : part;
    }

    String whole() {
      return set.name() + ":" + partOrTrain();
    }
  }

  private static Optional<Reference> find(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String part = colon < 0 ? null : text.substring(colon + 1);
    return SETS.stream()
        .filter(set -> set.name().equals(name))
        .map(set -> new Reference(set, part))
        .findFirst();
  }

  private static Reference require(String text) {
    Reference reference =
        find(text)
            .orElseThrow(
                () ->
                    new InputException(
                        "no data set is called '" + text + "'; there are " + names()));
    String part = reference.part();
    if (part != null && !NamedSet.PARTS.contains(part)) {
      throw new InputException(
          "%s has the parts train and test, not '%s'".formatted(reference.set().name(), part));
    }
    return reference;
  }

  /** The names of all sets, for messages. */
  public static String names() {
    return SETS.stream().map(NamedSet::name).collect(Collectors.joining(", "));
  }
}
