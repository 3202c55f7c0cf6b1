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
          // It does not stop because it is told to.
          for (int i = 1; i < 10_000_000; i++) {
            Files.writeString(pictures.resolve(i % 5_000 + ".png"), "half");
          }
        });
  }
}
