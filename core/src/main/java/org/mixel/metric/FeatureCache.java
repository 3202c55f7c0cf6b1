package org.mixel.metric;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.WholeFile;
import org.mixel.data.CacheFolder;
import org.mixel.data.DataHash;
import org.mixel.data.ElementType;
import org.mixel.data.RowStore;
import org.mixel.data.Samples;

/**
 * Features that were computed before, in a folder of bounded size: a file for the SHA-256 of the
 * images, the network and the kind of device. A file appears whole or not at all and ends in the
 * SHA-256 of its content; one that is damaged is computed anew. Where there is no more room, those
 * that were used longest ago go first. A folder that cannot be written costs the time of computing
 * alone. Safe for use by several threads and processes.
 */
public final class FeatureCache {
  private static final long BYTES = 4L << 30;
  private static final String ENDING = ".features";
  private static final String FORMAT = "mixel-features-1";
  private static final int BATCH_BYTES = 1 << 20;

  private final Path folder;
  private final long limit;

  FeatureCache(Path folder, long limit) {
    this.folder = folder;
    this.limit = limit;
  }

  /** That of the user: at most 4 GiB in the folder {@code features} of {@link CacheFolder}. */
  public static FeatureCache ofUser() {
    return new FeatureCache(CacheFolder.path().resolve("features"), BYTES);
  }

  /** Where features are kept; the folder may not exist yet. */
  public Path folder() {
    return folder;
  }

  /** The size of all kept features in bytes; 0 if the folder cannot be read. */
  public long bytes() {
    try {
      return kept().stream().mapToLong(Kept::size).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  /**
   * The features of images, computed if they are not at hand.
   *
   * @return as {@link FeatureNetwork#of(Samples, Progress)}
   * @throws InputException if the network does not take the images, or a feature is not finite
   */
  public Samples features(FeatureNetwork network, Samples images, Progress progress) {
    Path file = folder.resolve(key(network, images, progress) + ENDING);
    Optional<Samples> known = read(file, images, progress);
    if (known.isPresent()) {
      return known.get();
    }
    Samples features = network.of(images, progress);
    try {
      write(file, features);
    } catch (UncheckedIOException | InputException e) {
      progress.tell("the features are not kept for another run: " + e.getMessage());
    }
    return features;
  }

  private static String key(FeatureNetwork network, Samples images, Progress progress) {
    try (Progress.Stage stage = progress.begin("hash " + images.name(), 1)) {
      String text =
          String.join(
              "\n", FORMAT, DataHash.sha256(images), sha256(network.file()), network.device());
      stage.advance(1);
      return hex(DataHash.digest().digest(text.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private static String sha256(Path file) {
    MessageDigest digest = DataHash.digest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
    return hex(digest.digest());
  }

  private static Optional<Samples> read(Path file, Samples images, Progress progress) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    WholeFile.clean(file);
    MessageDigest digest = DataHash.digest();
    try (DigestInputStream hashed =
            new DigestInputStream(new BufferedInputStream(Files.newInputStream(file)), digest);
        DataInputStream in = new DataInputStream(hashed)) {
      int rows = in.readInt();
      int dims = in.readInt();
      long bytes = 4L * rows * dims;
      if (rows != images.rows() || dims < 1 || Files.size(file) != 2 * 4 + bytes + 32) {
        return Optional.empty();
      }
      try (RowStore store = new RowStore(ElementType.FLOAT32, dims, rows);
          Progress.Stage stage = progress.begin("known features of " + images.name(), rows)) {
        int batch = Math.max(1, BATCH_BYTES / (4 * dims));
        for (int from = 0; from < rows; from += batch) {
          int count = Math.min(batch, rows - from);
          ByteBuffer part =
              ByteBuffer.wrap(in.readNBytes(4 * count * dims)).order(ByteOrder.LITTLE_ENDIAN);
          float[] values = new float[count * dims];
          part.asFloatBuffer().get(values);
          store.append(values);
          stage.advance(count);
        }
        byte[] found = digest.digest();
        hashed.on(false);
        if (!MessageDigest.isEqual(found, in.readNBytes(found.length))) {
          return Optional.empty();
        }
        touch(file);
        return Optional.of(store.finish(images.name(), null));
      }
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** A hit counts as use; a folder that is read only has no order. */
  private static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
    } catch (IOException e) {
      System.getLogger(FeatureCache.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot mark {0} as used", file);
    }
  }

  private void write(Path file, Samples features) {
    long bytes = 2 * 4 + (long) features.rows() * features.rowBytes() + 32;
    if (bytes > limit) {
      return;
    }
    makeRoom(file, bytes);
    WholeFile.write(
        file,
        part -> {
          MessageDigest digest = DataHash.digest();
          try (DigestOutputStream hashed =
                  new DigestOutputStream(Files.newOutputStream(part), digest);
              DataOutputStream out = new DataOutputStream(hashed)) {
            out.writeInt(features.rows());
            out.writeInt(features.dims());
            features.forEachBatch(rows -> out.write(rows.array(), 0, rows.limit()));
            hashed.on(false);
            out.write(digest.digest());
          }
        });
  }

  private record Kept(Path path, long size, FileTime used) {}

  /** The kept features, the least recently used first. */
  private List<Kept> kept() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(path -> path.toString().endsWith(ENDING))
          .flatMap(
              path -> {
                try {
                  return Stream.of(
                      new Kept(path, Files.size(path), Files.getLastModifiedTime(path)));
                } catch (IOException e) {
                  // Another process was quicker to delete it.
                  return Stream.empty();
                }
              })
          .sorted(Comparator.comparing(Kept::used))
          .toList();
    }
  }

  /** Deletes those that were used longest ago until there is room. */
  private void makeRoom(Path file, long bytes) {
    try {
      List<Kept> others = kept().stream().filter(other -> !other.path().equals(file)).toList();
      long left = others.stream().mapToLong(Kept::size).sum();
      for (Kept oldest : others) {
        if (left + bytes <= limit) {
          return;
        }
        Files.deleteIfExists(oldest.path());
        left -= oldest.size();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s: cannot be cleared (%s)".formatted(folder, e.getMessage()), e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
