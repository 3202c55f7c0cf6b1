package org.mixel.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.memorization.NearestRows;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RandomStream;

/**
 * The sets of an evaluation with a class for each row. Where only the reference's classes are
 * known, all rows that are compared get theirs in one way, so that equal sets have equal shares
 * though the way errs: they have the class of the nearest row of the reference. Without a counted
 * set a random half of the reference gives the classes, and the other half is compared.
 *
 * @param reference the rows that place bins
 * @param compared the rows that candidates are compared with
 * @param candidates the candidates
 * @param images of the reference
 */
record LabelledSets(
    Labelled reference, Labelled compared, List<Labelled> candidates, Samples images) {
  private static final long HALF = 72;

  /**
   * Rows and their classes.
   *
   * @param labels the class of each row
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Labelled(Samples rows, int[] labels) {
    /** The rows of a class, rising. */
    int[] of(int label) {
      return IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
    }

    Labelled select(int[] some) {
      return new Labelled(rows.select(some), IntStream.of(some).map(row -> labels[row]).toArray());
    }
  }

  static LabelledSets of(
      ComparedSets sets, SetLabels labels, long seed, ComputeDevice device, Progress progress) {
    Labelled reference = new Labelled(sets.reference(), labels.reference());
    Samples images = sets.images().get(0);
    if (!labels.others().isEmpty()) {
      List<Labelled> candidates = new ArrayList<>();
      for (int i = 0; i < sets.candidates().size(); i++) {
        candidates.add(new Labelled(sets.candidates().get(i), labels.others().get(i)));
      }
      int[] counted = labels.counted(sets);
      Labelled compared = counted == null ? reference : new Labelled(sets.compared(), counted);
      return new LabelledSets(reference, compared, candidates, images);
    }
    Labelled known = reference;
    Labelled compared = new Labelled(sets.compared(), new int[0]);
    if (sets.counted() == null) {
      int rows = reference.rows().rows();
      int[] order;
      try (RandomStream random = RandomStream.of(seed).split(HALF)) {
        order = random.choose(rows, rows);
      }
      known = reference.select(Arrays.copyOf(order, rows / 2));
      int[] rest = Arrays.copyOfRange(order, rows / 2, rows);
      Arrays.sort(rest);
      compared = new Labelled(reference.rows().select(rest), new int[0]);
      images = images.select(rest);
    }
    compared = byNearest(compared.rows(), known, device, progress);
    List<Labelled> candidates = new ArrayList<>();
    for (Samples candidate : sets.candidates()) {
      candidates.add(byNearest(candidate, known, device, progress));
    }
    return new LabelledSets(
        sets.counted() == null ? compared : reference, compared, candidates, images);
  }

  private static Labelled byNearest(
      Samples rows, Labelled known, ComputeDevice device, Progress progress) {
    NearestRows nearest = NearestRows.of(rows, known.rows(), null, device, progress);
    return new Labelled(
        rows,
        IntStream.range(0, rows.rows()).map(i -> known.labels()[nearest.nearest(i)]).toArray());
  }

  /** All classes that a compared row or a row of a candidate has, rising. */
  int[] classes() {
    return IntStream.concat(
            IntStream.of(compared.labels()),
            candidates.stream().flatMapToInt(each -> IntStream.of(each.labels())))
        .distinct()
        .sorted()
        .toArray();
  }
}
