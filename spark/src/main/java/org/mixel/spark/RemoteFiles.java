package org.mixel.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.sql.SparkSession;
import org.mixel.InputException;
import org.mixel.WholeFile;

/** Small files by the names that Hadoop gives them: on disks, in stores, in clusters. */
final class RemoteFiles {
  private RemoteFiles() {}

  private static FileSystem system(Path path) throws IOException {
    Configuration configuration = SparkSession.active().sparkContext().hadoopConfiguration();
    return path.getFileSystem(configuration);
  }

  static boolean exists(String name) {
    Path path = new Path(name);
    try {
      return system(path).exists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * @throws InputException if there is no such file
   */
  static byte[] read(String name) {
    if (!exists(name)) {
      throw new InputException(name + ": no such file");
    }
    Path path = new Path(name);
    try (InputStream in = system(path).open(path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes a file in place of any that is there: beside its place, then moved. On disks and in
   * clusters there is the old file or the new one at any moment. A store whose files cannot be
   * replaced in one step is without either for a moment.
   */
  static void write(String name, byte[] bytes) {
    Path path = new Path(name);
    try {
      FileSystem system = system(path);
      if (system instanceof LocalFileSystem local) {
        java.nio.file.Path file = local.pathToFile(path).toPath();
        // The checksum of the old bytes; the new file has none.
        Files.deleteIfExists(local.pathToFile(local.getChecksumFile(path)).toPath());
        WholeFile.write(file, part -> Files.write(part, bytes));
        return;
      }
      Path part = new Path(name + ".part");
      try {
        try (OutputStream out = system.create(part, true)) {
          out.write(bytes);
        }
        replace(system, part, path);
      } finally {
        system.delete(part, false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + name + ": " + e.getMessage(), e);
    }
  }

  private static void replace(FileSystem system, Path part, Path path) throws IOException {
    FileContext context;
    try {
      context = FileContext.getFileContext(path.toUri(), system.getConf());
    } catch (UnsupportedFileSystemException e) {
      system.delete(path, false);
      if (!system.rename(part, path)) {
        throw new IOException("it cannot be moved to its place", e);
      }
      return;
    }
    context.rename(part, path, Options.Rename.OVERWRITE);
  }

  static void delete(String name) {
    Path path = new Path(name);
    try {
      system(path).delete(path, false);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + name + ": " + e.getMessage(), e);
    }
  }
}
