package org.mixel.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.mixel.InputException;

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

  /** Writes a file beside its place and moves it there. */
  static void write(String name, byte[] bytes) {
    Path path = new Path(name);
    Path part = new Path(name + ".part");
    try {
      FileSystem system = system(path);
      try (OutputStream out = system.create(part, true)) {
        out.write(bytes);
      }
      system.delete(path, false);
      if (!system.rename(part, path)) {
        throw new IOException("it cannot be moved to its place");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + name + ": " + e.getMessage(), e);
    }
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
