package org.mixel.data.named;

import java.nio.file.Path;
import java.util.List;
import org.mixel.data.Samples;
import org.mixel.data.format.ReadRequest;

/** A data set that has a name. */
public interface NamedSet {
  /** The parts that every set has, the first the one that the bare name means. */
  List<String> PARTS = List.of("train", "test");

  /** Its name, as on the command line. */
  String name();

  /** What it is, in one line. */
  String description();

  /** Under what terms it may be used, and where that is written. */
  String licence();

  /** Where to get it by hand. */
  String homepage();

  /** All its files. */
  List<SetFile> files();

  /**
   * The files that a part needs.
   *
   * @param part one of {@link #PARTS}
   */
  List<SetFile> files(String part);

  /**
   * Reads a part.
   *
   * @param folder where its files lie
   */
  Samples read(Path folder, String part, ReadRequest request);

  /**
   * The class of every row of a part.
   *
   * @param folder where its files lie
   * @throws org.mixel.InputException if the set has none
   */
  int[] labels(Path folder, String part);
}
