package org.mixel.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;

/** A model's or a checkpoint's file is replaced whole, wherever it lies. */
class RemoteFilesTest {
  private static final byte[] OLD = {1, 2, 3};
  private static final byte[] NEW = {4, 5};

  private static SparkSession session;

  @TempDir private Path folder;

  /**
   * Files of this machine by a name that only {@link FileSystem} knows, as those of some stores.
   */
  public static final class Store extends RawLocalFileSystem {
    private static boolean refuses;

    @Override
    public URI getUri() {
      return URI.create("store:///");
    }

    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
        throws IOException {
      return !refuses && super.rename(from, to);
    }
  }

  @BeforeAll
  static void start() {
    session = Sessions.local();
    configuration().set("fs.store.impl", Store.class.getName());
  }

  @AfterAll
  static void stop() {
    Sessions.stop(session);
  }

  private static Configuration configuration() {
    return session.sparkContext().hadoopConfiguration();
  }

  @Test
  void aFileOfThisMachineIsReplacedBesideItsOldChecksum() throws IOException {
    String name = folder.resolve("model.mfa").toUri().toString();
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(name);
    try (OutputStream out = path.getFileSystem(configuration()).create(path)) {
      out.write(OLD);
    }
    assertThat(names()).contains(".model.mfa.crc");
    RemoteFiles.write(name, NEW);
    assertThat(RemoteFiles.read(name)).isEqualTo(NEW);
    assertThat(names()).containsExactly("model.mfa");
  }

  @Test
  void aFolderIsNoFile() throws IOException {
    Path kept = Files.createDirectory(folder.resolve("model.mfa")).resolve("kept");
    Files.write(kept, OLD);
    assertThatThrownBy(() -> RemoteFiles.write(folder.resolve("model.mfa").toString(), NEW))
        .isInstanceOf(InputException.class);
    assertThat(kept).hasBinaryContent(OLD);
  }

  @Test
  void aStoreThatRefusesKeepsNothingHalfWritten() throws IOException {
    String name = "store://" + folder.resolve("model.mfa");
    RemoteFiles.write(name, OLD);
    RemoteFiles.write(name, NEW);
    assertThat(RemoteFiles.read(name)).isEqualTo(NEW);
    assertThat(names()).containsExactly("model.mfa");
    Store.refuses = true;
    try {
      assertThatThrownBy(() -> RemoteFiles.write(name, OLD))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("cannot write " + name);
    } finally {
      Store.refuses = false;
    }
    assertThat(names()).doesNotContain("model.mfa.part");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
