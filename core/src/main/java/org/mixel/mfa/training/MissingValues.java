package org.mixel.mfa.training;

import java.util.Optional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * The missing values (NaN) of a set of rows.
 *
 * @param count number of missing values
 * @param columnMeans means of the others, {@code [d]}
 */
record MissingValues(long count, double[] columnMeans) {
  /**
   * Reads all rows once; rows of bytes miss nothing.
   *
   * @return nothing if no value is missing
   * @throws InputException if a value is missing in every row, or some are missing and another is
   *     infinite
   */
  static Optional<MissingValues> in(Samples samples, ComputeDevice device) {
    if (!samples.type().isFloat()) {
      return Optional.empty();
    }
    try (NativeScope scope = new NativeScope();
        RowReader reader = RowReader.of(samples, device, Standardization.type(samples))) {
      Tensor sums = Devices.zeros(reader.device(), ScalarType.Double, samples.dims());
      Tensor counts = Devices.zeros(reader.device(), ScalarType.Long, samples.dims());
      reader.forEach(
          RowReader.rowsFor(2L * samples.dims()),
          batch -> {
            Tensor rows = batch.rows();
            counts.add_(rows.isnan().sum(0));
            sums.add_(
                torch.nansum(
                    rows, new long[] {0}, false, new ScalarTypeOptional(ScalarType.Double)));
          });
      long[] missing = Tensors.longs(counts);
      double[] totals = Tensors.doubles(sums);
      long all = 0;
      double[] means = new double[missing.length];
      for (int j = 0; j < means.length; j++) {
        all += missing[j];
        if (missing[j] == samples.rows()) {
          throw new InputException(
              samples.name()
                  + ": value "
                  + j
                  + " (counted from 0) is missing in every row; leave it out, or hide less");
        }
        means[j] = totals[j] / (samples.rows() - missing[j]);
      }
      return all == 0 ? Optional.empty() : Optional.of(checked(samples, all, means));
    }
  }

  private static MissingValues checked(Samples samples, long count, double[] means) {
    for (int j = 0; j < means.length; j++) {
      if (!Double.isFinite(means[j])) {
        throw new InputException(
            samples.name()
                + ": value "
                + j
                + " (counted from 0) is infinite or too large in some row; remove or mend that row");
      }
    }
    return new MissingValues(count, means);
  }

  /** The rows with column means in place of the missing values, for a first model. */
  Samples fill(Samples samples) {
    return samples.filled(columnMeans);
  }
}
