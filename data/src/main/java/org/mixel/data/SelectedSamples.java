package org.mixel.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** Some rows of another set, in any order. */
final class SelectedSamples extends SamplesView {
  private final int[] index;

  SelectedSamples(Samples source, int[] index) {
    super(source);
    for (int row : index) {
      Objects.checkIndex(row, source.rows());
    }
    this.index = index;
  }

  @Override
  public int rows() {
    return index.length;
  }

  @Override
  public Optional<double[]> weights() {
    return source.weights().map(all -> Arrays.stream(index).mapToDouble(i -> all[i]).toArray());
  }

  @Override
  public int rowNumber(int row) {
    return source.rowNumber(index[row]);
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    Objects.checkFromIndexSize(from, count, index.length);
    source.read(Arrays.copyOfRange(index, from, from + count), target);
  }

  @Override
  public Samples inPass(int pass) {
    Samples other = source.inPass(pass);
    return other == source ? this : new SelectedSamples(other, index);
  }
}
