package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.data.format.LabelFiles;
import org.mixel.data.named.NamedSets;
import org.mixel.evaluation.SetLabels;
import org.mixel.io.Labels;
import picocli.CommandLine.Option;

/** The class of every row of the sets that {@code evaluate} compares. */
final class ClassChoice {
  @Option(
      names = "--labels",
      split = ",",
      paramLabel = "REF[,CAND...]",
      description = {
        "The class of every row: the same figures for each class, and which classes a candidate"
            + " makes too much or too little of. An IDX file or a .npy of integers (or the name of a"
            + " named set, for its own) for each set: REFERENCE, the candidates, --counted; or for"
            + " REFERENCE alone: other rows then have the class of the nearest of its rows."
      })
  private @Nullable List<String> labels;

  /** Says what will be read. */
  void addTo(Places places) {
    if (labels != null) {
      labels.forEach(places::reads);
    }
  }

  /**
   * The labels, if any were given.
   *
   * @param sets the reference, the candidates, and the counted set if there is one
   * @throws InputException if they cannot be read, or are not of these sets
   */
  Optional<SetLabels> of(List<Samples> sets, Session session) {
    if (labels == null) {
      return Optional.empty();
    }
    require(
        labels.size() == 1 || labels.size() == sets.size(),
        "--labels needs a file for %s alone, or one for each set: %d for %s, got %d"
            .formatted(
                sets.get(0).name(),
                sets.size(),
                String.join(", ", sets.stream().map(Samples::name).toList()),
                labels.size()));
    List<int[]> read = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      String text = labels.get(i);
      Samples set = sets.get(i);
      boolean named = NamedSets.isName(text);
      // A candidate may well have rows of one class alone; a reference with classes has not.
      read.add(
          named || i == 0
              ? Labels.of(
                  named ? text : set.name(),
                  named ? null : Path.of(text),
                  set.rows(),
                  session.progress())
              : LabelFiles.read(Path.of(text), set.name(), set.rows()));
    }
    return Optional.of(new SetLabels(read.get(0), read.subList(1, read.size())));
  }
}
