package org.mixel.data;

import static org.mixel.InputException.require;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mixel.InputException;

/** Another set, each row of which stands for a number of rows. */
final class WeightedSamples extends SamplesView {
  private final double[] weights;

  private WeightedSamples(Samples source, double[] weights) {
    super(source);
    this.weights = weights;
  }

  static Samples of(Samples source, double[] weights) {
    require(
        weights.length == source.rows(),
        "`weights`: there are %d, but %s has %d rows; give one for each row"
            .formatted(weights.length, source.name(), source.rows()));
    for (int row = 0; row < weights.length; row++) {
      if (!(weights[row] >= 0 && weights[row] < Double.POSITIVE_INFINITY)) {
        throw new InputException(
            "`weights`: that of row %d (counted from 0) is %s; weights are finite and at least 0"
                .formatted(row, weights[row]));
      }
    }
    int[] present = IntStream.range(0, weights.length).filter(i -> weights[i] > 0).toArray();
    require(present.length > 0, "`weights`: all are 0; give some row a positive one");
    Samples rows = present.length == weights.length ? source : source.select(present);
    return new WeightedSamples(rows, Arrays.stream(present).mapToDouble(i -> weights[i]).toArray());
  }

  @Override
  public Optional<double[]> weights() {
    return Optional.of(weights.clone());
  }

  @Override
  public void read(int[] rows, ByteBuffer target) {
    source.read(rows, target);
  }

  @Override
  public Samples inPass(int pass) {
    Samples other = source.inPass(pass);
    return other == source ? this : new WeightedSamples(other, weights);
  }
}
