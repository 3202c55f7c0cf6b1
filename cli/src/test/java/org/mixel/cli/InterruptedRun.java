package org.mixel.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.mixel.WholeFile;

/** A program that is in the middle of writing a file and a folder until it is interrupted. */
final class InterruptedRun {
  private InterruptedRun() {}

  public static void main(String[] args) {
    WholeFile.write(
        Path.of(args[0]),
        part -> {
          Files.writeString(part, "half");
          Path pictures = WholeFile.begin(part.resolveSibling("pictures")).path();
          Files.writeString(Files.createDirectory(pictures).resolve("0.png"), "half");
          System.out.println("writing");
          try {
            Thread.sleep(60_000);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
