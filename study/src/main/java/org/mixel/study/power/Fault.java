package org.mixel.study.power;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;

/**
 * A known fault of a candidate, planted in fresh rows.
 *
 * @param name as tables show it
 * @param key as the files of finished repetitions name it
 * @param planting makes the candidate
 */
record Fault(String name, String key, Planting planting) {
  private static final double[] DISPERSIONS = {0.8, 0.9, 0.95, 1.05, 1.1, 1.2};
  private static final double[] BLURS = {0.4, 0.6, 1};
  private static final double[] NOISES = {0.02, 0.05, 0.1};
  private static final int[] QUALITIES = {90, 75, 50};

  /** The share of the rows that few rows stand for. */
  private static final int FEW = 10;

  /** Makes a candidate out of dealt rows. */
  @FunctionalInterface
  interface Planting {
    Samples plant(DealtRows dealt, SplittableRandom random);
  }

  static Fault of(String name, Planting planting) {
    return new Fault(name, name, planting);
  }

  /**
   * The faults of rows of a shape, equal sets first; those of images only where rows are images.
   */
  static List<Fault> all(Optional<ImageShape> shape) {
    List<Fault> all = new ArrayList<>();
    all.add(of("none: equal sets", (dealt, random) -> dealt.fresh(dealt.first())));
    addModes(all);
    for (double factor : DISPERSIONS) {
      all.add(
          of(
              "dispersion x " + factor,
              (dealt, random) -> dealt.changed(DealtRows.dispersion(dealt, factor))));
    }
    shape.ifPresent(images -> addImages(all, images));
    addRepeated(all);
    all.add(of("10% midpoints", (dealt, random) -> midpoints(dealt, 0.1, random)));
    all.add(of("all midpoints", (dealt, random) -> midpoints(dealt, 1, random)));
    return List.copyOf(all);
  }

  private static void addModes(List<Fault> all) {
    all.add(of("1 of 10 classes lost", (dealt, random) -> lost(dealt, 1, 1, random)));
    all.add(of("2 of 10 classes lost", (dealt, random) -> lost(dealt, 2, 1, random)));
    all.add(of("half of a class lost", (dealt, random) -> lost(dealt, 1, 0.5, random)));
    all.add(of("a quarter of a class lost", (dealt, random) -> lost(dealt, 1, 0.25, random)));
    all.add(of("a tenth of a class lost", (dealt, random) -> lost(dealt, 1, 0.1, random)));
    all.add(of("classes x 0.8 and x 1.2", (dealt, random) -> unbalanced(dealt, 0.2, random)));
    all.add(of("classes x 0.9 and x 1.1", (dealt, random) -> unbalanced(dealt, 0.1, random)));
  }

  private static void addImages(List<Fault> all, ImageShape shape) {
    for (double sigma : BLURS) {
      all.add(
          of(
              "blurred by %s pixels".formatted(sigma),
              (dealt, random) -> dealt.changed(ImageChange.blur(shape, sigma))));
    }
    for (double deviation : NOISES) {
      all.add(
          of(
              "noise of " + deviation,
              (dealt, random) -> dealt.changed(ImageChange.noise(deviation, random))));
    }
    for (int quality : QUALITIES) {
      all.add(
          of(
              "JPEG of quality " + quality,
              (dealt, random) -> dealt.changed(ImageChange.jpeg(shape, quality))));
    }
    all.add(
        of("shifted by a pixel", (dealt, random) -> dealt.changed(ImageChange.shift(shape, 1))));
  }

  private static void addRepeated(List<Fault> all) {
    all.add(
        of(
            "copies of the reference",
            (dealt, random) -> repeated(dealt.reference(), dealt.rows(), dealt.rows(), random)));
    all.add(
        of(
            "copies of a tenth of it",
            (dealt, random) ->
                repeated(dealt.reference(), dealt.rows() / FEW, dealt.rows(), random)));
    all.add(
        of(
            "few fresh rows, repeated",
            (dealt, random) ->
                repeated(dealt.fresh(dealt.first()), dealt.rows() / FEW, dealt.rows(), random)));
  }

  /** A share of the rows of some neighbouring classes is left out; each class has its turn. */
  private static Samples lost(DealtRows dealt, int classes, double share, SplittableRandom random) {
    return kept(
        dealt,
        row -> {
          int after = Math.floorMod(dealt.classes()[row] - dealt.turn(), PowerSource.CLASSES);
          return after >= classes || random.nextDouble() >= share;
        });
  }

  /** Even classes have shares that are too small, odd ones too large. */
  private static Samples unbalanced(DealtRows dealt, double part, SplittableRandom random) {
    double taken = (1 - part) / (1 + part);
    return kept(dealt, row -> dealt.classes()[row] % 2 == 1 || random.nextDouble() < taken);
  }

  private static Samples kept(DealtRows dealt, IntPredicate wanted) {
    return dealt.fresh(
        IntStream.range(0, dealt.pool().rows()).filter(wanted).limit(dealt.rows()).toArray());
  }

  /** Rows drawn from the first few of a set, again and again. */
  private static Samples repeated(Samples source, int few, int rows, SplittableRandom random) {
    return source.select(IntStream.range(0, rows).map(i -> random.nextInt(few)).toArray());
  }

  /** A share of the rows are replaced by the mean of themselves and another row of their class. */
  private static Samples midpoints(DealtRows dealt, double share, SplittableRandom random) {
    int[][] members = new int[PowerSource.CLASSES][];
    Arrays.setAll(
        members,
        c ->
            IntStream.range(0, dealt.classes().length)
                .filter(row -> dealt.classes()[row] == c)
                .toArray());
    return dealt.changed(
        (values, row) -> {
          if (random.nextDouble() < share) {
            int[] own = members[dealt.classes()[row]];
            float[] other = dealt.pool().row(own[random.nextInt(own.length)]);
            for (int j = 0; j < values.length; j++) {
              values[j] = (values[j] + other[j]) / 2;
            }
          }
        });
  }
}
