package org.mixel.data.named;

import java.io.BufferedInputStream;
import java.io.EOFException;
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
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.mixel.InputException;
import org.mixel.Progress;

/**
 * The folder of one named set. A file gets its name only when its checksum is right; a small note
 * beside it then says so, and it is not hashed again. Safe for use by several threads and
 * processes.
 */
final class SetFolder {
  private final NamedSet set;
  private final Path folder;

  SetFolder(NamedSet set, Path folder) {
    this.set = set;
    this.folder = folder;
  }

  /** The set whose files lie here. */
  NamedSet set() {
    return set;
  }

  /** Where they lie. */
  Path path() {
    return folder;
  }

  /**
   * Whether all the files are there in their size. Their content is not looked at; a copy of the
   * folder counts, too.
   */
  boolean isPresent() {
    try {
      for (SetFile file : set.files()) {
        Path path = folder.resolve(file.name());
        if (!Files.isRegularFile(path) || Files.size(path) != file.bytes()) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether all the files are there and were checked. */
  boolean has(List<SetFile> files) {
    return files.stream().allMatch(this::has);
  }

  /** Whether a file is there and was checked. */
  boolean has(SetFile file) {
    try {
      return Files.readString(note(file)).equals(noteText(file));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Makes sure that the files are there.
   *
   * @return the folder
   * @throws InputException if no source has one of them; the message names all sources, and where
   *     to put which files by hand
   */
  Path require(List<SetFile> files, Download download, Progress progress) {
    if (has(files)) {
      return folder;
    }
    // A file lock keeps off other processes only.
    synchronized (SetFolder.class) {
      try {
        Files.createDirectories(folder);
        try (FileChannel channel =
            FileChannel.open(
                folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
          lock(channel, progress);
          new Fetch(this, download, progress).all(files);
        }
      } catch (IOException e) {
        throw new InputException(
            "%s: cannot be written (%s); set MIXEL_HOME to another folder"
                .formatted(folder, e.getMessage()),
            e);
      }
    }
    return folder;
  }

  /** Waits for another process that fetches the same set. Closing the channel releases the lock. */
  private void lock(FileChannel channel, Progress progress) throws IOException {
    FileLock lock = channel.tryLock();
    if (lock == null) {
      String waiting = "waiting for another process that fetches " + set.name();
      try (Progress.Stage stage = progress.begin(waiting, -1)) {
        stage.note(folder.toString());
        channel.lock();
      }
    }
  }

  /**
   * Takes a file that was put into the folder by hand, plain or packed with gzip.
   *
   * @return whether there was one
   * @throws InputException if it is not the original file
   */
  boolean adopt(SetFile file) throws IOException {
    Path plain = folder.resolve(file.name());
    if (Files.exists(plain)) {
      if (!file.checksum().matches(plain)) {
        throw notOriginal(plain);
      }
      verified(file);
      return true;
    }
    Path packed = folder.resolve(file.name() + ".gz");
    if (Files.exists(packed)) {
      if (!unpack(packed, file)) {
        throw notOriginal(packed);
      }
      return true;
    }
    return false;
  }

  private InputException notOriginal(Path path) {
    return new InputException(
        "%s: is not the original file of %s (wrong checksum); delete it, then it is fetched anew"
            .formatted(path, set.name()));
  }

  /** Takes a file packed with gzip; false when it is damaged or its checksum is wrong. */
  boolean unpack(Path packed, SetFile file) throws IOException {
    try (InputStream in =
        new GZIPInputStream(new BufferedInputStream(Files.newInputStream(packed)), 1 << 16)) {
      return place(in, file);
    } catch (EOFException | ZipException e) {
      return false;
    }
  }

  /** Takes a file from a stream; nothing is left when its checksum is wrong. */
  boolean place(InputStream in, SetFile file) throws IOException {
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

  /** Takes a finished file of this folder; false when its checksum is wrong. */
  boolean take(Path finished, SetFile file) throws IOException {
    if (!file.checksum().matches(finished)) {
      return false;
    }
    commit(finished, file);
    return true;
  }

  private void commit(Path beside, SetFile file) throws IOException {
    Files.move(beside, folder.resolve(file.name()), StandardCopyOption.ATOMIC_MOVE);
    verified(file);
  }

  private Path note(SetFile file) {
    return folder.resolve("." + file.name() + ".verified");
  }

  private void verified(SetFile file) throws IOException {
    Files.writeString(note(file), noteText(file));
  }

  private String noteText(SetFile file) throws IOException {
    Path path = folder.resolve(file.name());
    return "%s %s\n%d bytes, modified %s\n"
        .formatted(
            file.checksum().algorithm(),
            file.checksum().hex(),
            Files.size(path),
            Files.getLastModifiedTime(path));
  }
}
