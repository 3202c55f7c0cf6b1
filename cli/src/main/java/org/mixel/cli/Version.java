package org.mixel.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of the program, its commit, and the Java that runs it. */
final class Version implements IVersionProvider {
  /** The program and its commit, in one line. */
  static String inOneLine() {
    try {
      String[] lines = new Version().getVersion();
      return lines[0] + ", " + lines[1];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String[] getVersion() throws IOException {
    Properties built = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        built.load(in);
      }
    }
    String commit = built.getProperty("commit", "");
    boolean modified = Boolean.parseBoolean(built.getProperty("modified"));
    return new String[] {
      "mixel " + built.getProperty("version", "of unknown version"),
      // Where there was no history, Maven left the name of the property in place.
      commit.matches("[0-9a-f]+")
          ? "commit " + commit + (modified ? ", modified" : "")
          : "no commit",
      "Java " + System.getProperty("java.version") + ", " + System.getProperty("java.vm.name")
    };
  }
}
