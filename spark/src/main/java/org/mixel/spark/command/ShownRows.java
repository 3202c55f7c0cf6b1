package org.mixel.spark.command;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.ndb.BinMembers;
import org.mixel.ndb.DistantRows;

/**
 * A set that lies elsewhere, of which the rows to show are here.
 *
 * @param set the whole
 * @param places of the rows that are here, rising
 * @param own these rows
 */
record ShownRows(DistantRows set, int[] places, Samples own) implements Samples {
  /** Brings the members of bins here; one row at least, which tells how values are stored. */
  static ShownRows of(DistantRows set, List<BinMembers> members) {
    int[] places =
        IntStream.concat(
                IntStream.of(0),
                members.stream()
                    .flatMapToInt(
                        each ->
                            IntStream.range(0, each.bins())
                                .flatMap(bin -> IntStream.of(each.of(bin)))))
            .sorted()
            .distinct()
            .toArray();
    return new ShownRows(set, places, set.take(places));
  }

  @Override
  public int rows() {
    return set.rows();
  }

  @Override
  public int dims() {
    return set.dims();
  }

  @Override
  public ElementType type() {
    return own.type();
  }

  @Override
  public Optional<ImageShape> shape() {
    return set.shape();
  }

  @Override
  public String name() {
    return set.name();
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    for (int row = from; row < from + count; row++) {
      int place = Arrays.binarySearch(places, row);
      if (place < 0) {
        throw new IllegalStateException("row %d of %s is not at hand".formatted(row, name()));
      }
      own.read(place, 1, target);
    }
  }
}
