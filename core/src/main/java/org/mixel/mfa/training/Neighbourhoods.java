package org.mixel.mfa.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * Which components are near to which: a short list per component, itself first, the nearest next.
 *
 * <p>Components whose rows are evaluated together form a group, so that even components of few rows
 * make large matrix products.
 */
final class Neighbourhoods {
  private static final int SLICE = 1024;

  private final int[][] nearest;

  /** The weight of the rows that each list was learned from; 0 for lists that were not. */
  private final double[] taught;

  private Neighbourhoods(int[][] nearest) {
    this.nearest = nearest;
    taught = new double[nearest.length];
  }

  /** The neighbours by the distances of means. */
  static Neighbourhoods ofMeans(Tensor means, int size) {
    int components = (int) means.size(0);
    int kept = Math.min(size, components);
    int[][] nearest = new int[components][];
    try (NativeScope scope = new NativeScope()) {
      Tensor centred = means.sub(means.mean(0));
      Tensor norms = centred.square().sum(1);
      NativeScope.inParts(
          components,
          SLICE,
          (from, count) -> {
            Tensor scores =
                torch.sub(norms, centred.narrow(0, from, count).mm(centred.t()), new Scalar(2));
            int[] index = Tensors.ints(scores.topk(kept, 1, false, true).get1());
            for (int k = 0; k < count; k++) {
              int component = (int) from + k;
              nearest[component] = itselfFirst(component, index, k * kept, kept);
            }
          });
    }
    return new Neighbourhoods(nearest);
  }

  private static int[] itselfFirst(int component, int[] index, int at, int count) {
    return IntStream.concat(
            IntStream.of(component),
            Arrays.stream(index, at, at + count).filter(k -> k != component))
        .limit(count)
        .toArray();
  }

  /** Lists as {@link #toTensor} wrote them, {@code [K, neighbours]}. */
  static Neighbourhoods of(Tensor lists) {
    int size = (int) lists.size(1);
    int[] flat = Tensors.ints(lists);
    int[][] nearest = new int[(int) lists.size(0)][];
    Arrays.setAll(nearest, k -> Arrays.copyOfRange(flat, k * size, (k + 1) * size));
    return new Neighbourhoods(nearest);
  }

  /** The lists as int64 {@code [K, neighbours]} on the CPU. */
  Tensor toTensor() {
    return Tensors.indices(Arrays.stream(nearest).flatMapToInt(Arrays::stream).toArray())
        .view(nearest.length, nearest[0].length);
  }

  /** Lists that belong to the caller, one for each component. */
  static Neighbourhoods of(int[][] lists) {
    return new Neighbourhoods(lists.clone());
  }

  /** The list of a component; must not be changed. */
  int[] of(int component) {
    return nearest[component];
  }

  /** The weight of the rows that a list was learned from; 0 if it was not. */
  double taught(int component) {
    return taught[component];
  }

  /** Number of components in a list, the first being the component itself. */
  int size() {
    return nearest[0].length;
  }

  /**
   * Replaces a list.
   *
   * @param list itself first, the nearest next; kept, not copied
   * @param rows what the rows weighed that it was learned from
   */
  void replace(int component, int[] list, double rows) {
    nearest[component] = list;
    taught[component] = rows;
  }

  /**
   * Divides components into groups of near ones.
   *
   * @param rows rows that each component won; those without are in no group
   * @param least rows that a group should have
   */
  List<int[]> groups(int[] rows, int least) {
    boolean[] taken = new boolean[rows.length];
    List<int[]> groups = new ArrayList<>();
    for (int k = 0; k < rows.length; k++) {
      if (!taken[k] && rows[k] > 0) {
        groups.add(group(k, rows, taken, least));
      }
    }
    return groups;
  }

  private int[] group(int first, int[] rows, boolean[] taken, int least) {
    List<Integer> members = new ArrayList<>(List.of(first));
    taken[first] = true;
    int sum = rows[first];
    for (int m = 0; m < members.size() && sum < least; m++) {
      for (int other : nearest[members.get(m)]) {
        if (sum < least && !taken[other] && rows[other] > 0) {
          taken[other] = true;
          members.add(other);
          sum += rows[other];
        }
      }
    }
    return members.stream().mapToInt(k -> k).toArray();
  }

  /**
   * The components to evaluate for a group's rows: its members, their neighbours (the nearest of
   * each first), other candidates of the rows, and some to explore: neighbours' neighbours and a
   * random one.
   *
   * @param members the group
   * @param others further candidates of the group's rows, most frequent first
   * @param width number of components wanted
   * @return {@code width} different components, or as many as there are members if that is more;
   *     all, if there are no more
   */
  int[] around(int[] members, int[] others, int width, SplittableRandom random) {
    Chosen chosen = new Chosen(nearest.length, Math.max(width, members.length));
    for (int member : members) {
      chosen.add(member);
    }
    int size = size();
    int explored = chosen.room() / 4 + 1;
    for (int rank = 1; rank < size; rank++) {
      for (int member : members) {
        if (chosen.room() > explored) {
          chosen.add(nearest[member][rank]);
        }
      }
    }
    for (int other : others) {
      if (chosen.room() > explored) {
        chosen.add(other);
      }
    }
    int known = chosen.count;
    for (int tries = 2 * width; tries > 0 && chosen.room() > 1; tries--) {
      int[] list = nearest[chosen.components[random.nextInt(known)]];
      chosen.add(list[random.nextInt(size)]);
    }
    int start = random.nextInt(nearest.length);
    for (int i = 0; chosen.room() > 0; i++) {
      chosen.add((start + i) % nearest.length);
    }
    return chosen.components;
  }

  /** Different components, up to a number. */
  private static final class Chosen {
    final int[] components;
    final boolean[] in;
    int count;

    Chosen(int all, int most) {
      components = new int[Math.min(all, most)];
      in = new boolean[all];
    }

    void add(int component) {
      if (!in[component] && room() > 0) {
        in[component] = true;
        components[count++] = component;
      }
    }

    int room() {
      return components.length - count;
    }
  }
}
