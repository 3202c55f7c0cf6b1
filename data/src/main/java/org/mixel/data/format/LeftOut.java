package org.mixel.data.format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts the files of a folder or an archive that are not read. */
final class LeftOut {
  private static final int SHOWN_KINDS = 6;
  private static final int LONGEST_ENDING = 10;

  private final Map<String, Integer> kinds = new TreeMap<>();
  private int repeatedFolders;
  private int deadLinks;

  /**
   * Counts a file whose name is not that of an image.
   *
   * @param path within the folder or archive
   */
  void addFile(String path) {
    kinds.merge(ImageFiles.isHidden(path) ? "hidden" : ending(path), 1, Integer::sum);
  }

  /** Counts a link to a folder that is read already. */
  void addRepeatedFolder() {
    repeatedFolders++;
  }

  /** Counts a link to nothing. */
  void addDeadLink() {
    deadLinks++;
  }

  private static String ending(String path) {
    int dot = path.lastIndexOf('.');
    String ending = dot < 0 ? "" : path.substring(dot + 1);
    return ending.length() <= LONGEST_ENDING && ending.matches("[\\p{L}\\p{N}_-]+")
        ? "." + ending.toLowerCase(Locale.ROOT)
        : "without ending";
  }

  /** The number of files and their kinds, {@code 4 files left out (3 .txt, 1 .heic)}. */
  Optional<String> files() {
    int files = kinds.values().stream().mapToInt(Integer::intValue).sum();
    if (files == 0) {
      return Optional.empty();
    }
    String shown =
        kinds.entrySet().stream()
            .sorted(Comparator.comparing(kind -> -kind.getValue()))
            .limit(SHOWN_KINDS)
            .map(kind -> String.format(Locale.ROOT, "%,d %s", kind.getValue(), kind.getKey()))
            .collect(Collectors.joining(", "));
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%,d %s left out (%s%s)",
            files,
            files == 1 ? "file" : "files",
            shown,
            kinds.size() > SHOWN_KINDS ? " and other kinds" : ""));
  }

  /**
   * The notes for the user, a line each.
   *
   * @param data the user's name for the folder or archive
   */
  List<String> notes(String data) {
    List<String> notes = new ArrayList<>();
    files().ifPresent(text -> notes.add(data + ": " + text + ": not images that can be read"));
    if (repeatedFolders > 0) {
      notes.add(
          data + ": links to folders that are read already are passed over: " + repeatedFolders);
    }
    if (deadLinks > 0) {
      notes.add(data + ": links to nothing are passed over: " + deadLinks);
    }
    return notes;
  }
}
