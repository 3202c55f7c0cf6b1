package org.mixel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.OutputPlace;
import org.mixel.data.named.NamedSets;

/**
 * The places that one command reads and writes. {@link #check} refuses before the work what would
 * spoil it afterwards: an output that is an input or another output, or that cannot be written.
 */
final class Places {
  private static final List<String> PICTURES =
      List.of(".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".pictures");

  private static final List<String> NO_TENSORS =
      List.of(
          ".npy", ".npz", ".csv", ".json", ".jsonl", ".txt", ".html", ".htm", ".zip", ".tar", ".gz",
          ".tgz", ".mat", ".pt", ".pth", ".onnx");

  private enum Kind {
    FILE,
    /** May be there already, and hold something. */
    FOLDER,
    /** Appears whole. */
    NEW_FOLDER
  }

  /**
   * @param real where it lies, links followed
   * @param named whether it is a named set, in whose folder nobody else writes
   */
  private record Input(String text, Path real, boolean named) {}

  /**
   * @param wrong what is wrong with its name, or null
   */
  private record Output(Path path, Path real, Kind kind, @Nullable String wrong) {}

  private final List<Input> inputs = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();

  /** Data as users write them: a path, {@code file.npz#key} or a name; nothing if it is null. */
  Places reads(@Nullable String data) {
    if (data != null) {
      input(data).ifPresent(inputs::add);
    }
    return this;
  }

  /** A file or folder; nothing if it is null. */
  Places reads(@Nullable Path file) {
    return reads(file == null ? null : file.toString());
  }

  /**
   * A file; nothing if it is null.
   *
   * @param endings that it must have one of; any if there are none
   */
  Places writes(@Nullable Path file, String... endings) {
    if (file == null) {
      return this;
    }
    boolean right =
        endings.length == 0
            || OutputPlace.isDevice(file)
            || Arrays.asList(endings).contains(ending(file));
    return add(
        file,
        Kind.FILE,
        right ? null : "this is written as " + String.join(" or ", endings) + "; name such a file");
  }

  /** A file of tensors, whose name must not say that it is something else; nothing if null. */
  Places writesTensors(@Nullable Path file) {
    if (file == null) {
      return this;
    }
    String ending = ending(file);
    boolean right = !NO_TENSORS.contains(ending) && !PICTURES.contains(ending);
    return add(
        file,
        Kind.FILE,
        right
            ? null
            : "this is written as safetensors; name a file that does not end in " + ending);
  }

  /** Files beside another one. */
  Places writesBeside(Path file, String... endings) {
    for (String ending : endings) {
      writes(beside(file, ending));
    }
    return this;
  }

  /** The place whose name is that of a file with an ending more. */
  static Path beside(Path file, String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }

  /** A folder that may be there already; nothing if it is null. */
  Places writesInto(@Nullable Path folder) {
    return folder == null ? this : add(folder, Kind.FOLDER, null);
  }

  /** A folder that is new or empty; nothing if it is null. */
  Places writesNew(@Nullable Path folder) {
    return folder == null ? this : add(folder, Kind.NEW_FOLDER, null);
  }

  private Places add(Path path, Kind kind, @Nullable String wrong) {
    outputs.add(new Output(path, real(path), kind, wrong));
    return this;
  }

  /** The ending of a file's name in small letters, with its dot; empty if it has none. */
  static String ending(Path file) {
    String name = file.getFileName() == null ? "" : file.getFileName().toString();
    String ending = name.substring(Math.max(0, name.lastIndexOf('.')));
    boolean isOne = ending.length() < name.length() && ending.matches("\\.[A-Za-z][A-Za-z0-9]*");
    return isOne ? ending.toLowerCase(Locale.ROOT) : "";
  }

  /**
   * Checks all outputs.
   *
   * @throws InputException that names the first that cannot be, in one line
   */
  void check() {
    for (Output output : outputs) {
      inputs.forEach(input -> requireApart(output, input));
    }
    for (int i = 0; i < outputs.size(); i++) {
      for (Output other : outputs.subList(0, i)) {
        requireApart(outputs.get(i), other);
        requireApart(other, outputs.get(i));
      }
    }
    for (Output output : outputs) {
      switch (output.kind()) {
        case FILE -> OutputPlace.requireFile(output.path());
        case FOLDER -> OutputPlace.requireFolder(output.path());
        case NEW_FOLDER -> OutputPlace.requireEmptyFolder(output.path());
      }
      if (output.wrong() != null) {
        throw new InputException(output.path() + ": " + output.wrong());
      }
    }
  }

  private static void requireApart(Output output, Input input) {
    boolean file = output.kind() == Kind.FILE;
    if (file && OutputPlace.isDevice(output.real())) {
      return;
    }
    if (output.real().equals(input.real())) {
      throw new InputException(output.path() + ": is an input, too; name another place");
    }
    boolean within = Files.isDirectory(input.real()) && output.real().startsWith(input.real());
    boolean read = output.kind() == Kind.NEW_FOLDER || PICTURES.contains(ending(output.path()));
    if (within && (input.named() || read)) {
      throw new InputException(
          output.path() + ": lies in " + input.text() + ", which is an input; name another place");
    }
    if (!file && input.real().startsWith(output.real())) {
      throw new InputException(
          output.path() + ": holds the input " + input.text() + "; name another folder");
    }
  }

  private static void requireApart(Output output, Output other) {
    if (output.real().equals(other.real())) {
      throw new InputException(
          output.path() + ": is written for another option, too; name another place");
    }
    if (other.kind() == Kind.NEW_FOLDER && output.real().startsWith(other.real())) {
      throw new InputException(
          "%s: lies in %s, which is written, too; name another place"
              .formatted(output.path(), other.path()));
    }
  }

  private static Optional<Input> input(String text) {
    if (NamedSets.isName(text)) {
      return Optional.of(new Input(text, real(NamedSets.folderOf(text)), true));
    }
    String file = text.replaceFirst("#[^#]*$", "");
    return existing(text).or(() -> existing(file)).map(path -> new Input(text, real(path), false));
  }

  private static Optional<Path> existing(String text) {
    return path(text).filter(Files::exists);
  }

  /** A text as a path; nothing if it cannot be one. */
  static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Where a file or folder lies, or will lie, links followed as far as they lead. */
  private static Path real(Path path) {
    Path there = path.toAbsolutePath();
    Path missing = there.getFileSystem().getPath("");
    while (there.getParent() != null && !Files.exists(there)) {
      missing = there.getFileName().resolve(missing);
      there = there.getParent();
    }
    try {
      return there.toRealPath().resolve(missing).normalize();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }
}
