package org.mixel.explorer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;

/**
 * The rows of a set that are nearest to a point, by Euclidean distance over the values that neither
 * lacks.
 */
final class Neighbours {
  private static final int BLOCK_BYTES = 1 << 20;

  private static final Comparator<Neighbour> NEAREST_FIRST =
      Comparator.comparingDouble(Neighbour::distance).thenComparing(Neighbour::row);

  private Neighbours() {}

  /** A row and its distance. */
  record Neighbour(int row, double distance) {}

  /**
   * The nearest rows, the nearest first and of equally near ones the earlier.
   *
   * @param most how many at most
   */
  static List<Neighbour> nearest(double[] point, Samples rows, int most) {
    return nearest(point, rows, IntStream.range(0, rows.rows()).toArray(), most);
  }

  /**
   * The nearest of some rows.
   *
   * @param chosen their numbers
   */
  static List<Neighbour> nearest(double[] point, Samples rows, int[] chosen, int most) {
    double[] squares = new double[chosen.length];
    int block = Math.max(1, BLOCK_BYTES / rows.rowBytes());
    int blocks = (chosen.length + block - 1) / block;
    int[] bytes = inBytes(point);
    IntStream.range(0, blocks)
        .parallel()
        .forEach(
            b -> {
              int from = b * block;
              int[] some = Arrays.copyOfRange(chosen, from, Math.min(chosen.length, from + block));
              ByteBuffer stored =
                  ByteBuffer.allocate(some.length * rows.rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
              read(rows, some, stored);
              for (int i = 0; i < some.length; i++) {
                squares[from + i] =
                    bytes.length > 0 && rows.type() == ElementType.UINT8
                        ? squareOfBytes(bytes, stored.array(), i * bytes.length)
                        : square(point, stored, rows.type(), i * point.length);
              }
            });
    PriorityQueue<Neighbour> kept = new PriorityQueue<>(NEAREST_FIRST.reversed());
    for (int i = 0; i < chosen.length; i++) {
      kept.add(new Neighbour(chosen[i], Math.sqrt(squares[i])));
      if (kept.size() > most) {
        kept.remove();
      }
    }
    return kept.stream().sorted(NEAREST_FIRST).toList();
  }

  private static void read(Samples rows, int[] chosen, ByteBuffer target) {
    if (chosen[chosen.length - 1] - chosen[0] == chosen.length - 1) {
      rows.read(chosen[0], chosen.length, target);
    } else {
      rows.read(chosen, target);
    }
  }

  /** A point whose values are all those of bytes, or nothing. */
  private static int[] inBytes(double[] point) {
    int[] bytes = new int[point.length];
    for (int j = 0; j < point.length; j++) {
      bytes[j] = (int) Math.round(point[j] * 255);
      if (bytes[j] / 255f != point[j]) {
        return new int[0];
      }
    }
    return bytes;
  }

  private static double squareOfBytes(int[] point, byte[] stored, int start) {
    long sum = 0;
    int part = 0;
    for (int j = 0; j < point.length; j++) {
      int difference = point[j] - (stored[start + j] & 0xff);
      part += difference * difference;
      if ((j & 0x3fff) == 0x3fff) {
        sum += part;
        part = 0;
      }
    }
    return (sum + part) / (255.0 * 255.0);
  }

  private static double square(double[] point, ByteBuffer stored, ElementType type, int start) {
    double sum = 0;
    for (int j = 0; j < point.length; j++) {
      double difference = point[j] - type.get(stored, start + j);
      sum += Double.isNaN(difference) ? 0 : difference * difference;
    }
    return sum;
  }
}
