package org.mixel.ndb;

import static org.mixel.InputException.require;

import java.util.Optional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSize;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/** Refuses sets that cannot be compared, before any work is done on them. */
final class DataCheck {
  private DataCheck() {}

  /**
   * @param role {@code reference} or {@code candidate}, for the message
   * @throws InputException if there are fewer than 2 rows or a value is not finite
   */
  static void requireUsable(String role, Samples samples) {
    require(
        samples.rows() >= 2,
        "%s %s has fewer than 2 rows; give at least 2 of each set".formatted(role, samples.name()));
    if (samples.type().isFloat()) {
      requireFinite(role, samples);
    }
  }

  /**
   * @param role how the message calls the set, such as {@code candidate}
   * @throws InputException if rows of the candidate are not of the reference's size
   */
  static void requireComparable(
      String role, Samples candidate, int dims, Optional<ImageShape> shape) {
    requireComparable(role, candidate.name(), RowSize.of(candidate), new RowSize(dims, shape));
  }

  /** The same of a set by its name and the size of its rows. */
  static void requireComparable(String role, String name, RowSize its, RowSize reference) {
    boolean sameShape =
        its.shape().isEmpty()
            || reference.shape().isEmpty()
            || its.shape().equals(reference.shape());
    if (its.dims() != reference.dims() || !sameShape) {
      String remedy = its.remedy(reference);
      throw new InputException(
          "%s %s has %s, the reference %s%s"
              .formatted(
                  role,
                  name,
                  size(its.dims(), its.shape()),
                  size(reference.dims(), reference.shape()),
                  remedy.isEmpty() ? "; give rows of one size" : remedy));
    }
  }

  private static String size(int dims, Optional<ImageShape> shape) {
    return dims + " dims" + shape.map(s -> " (" + s + ")").orElse("");
  }

  private static void requireFinite(String role, Samples samples) {
    try (RowReader rows = RowReader.of(samples, ComputeDevice.CPU)) {
      rows.forEach(
          RowReader.rowsFor(samples.dims()),
          batch -> {
            // Finite floats cannot overflow a sum of doubles.
            double[] sums =
                Tensors.doubles(
                    batch
                        .rows()
                        .sum(new long[] {1}, false, new ScalarTypeOptional(ScalarType.Double)));
            for (int i = 0; i < sums.length; i++) {
              if (!Double.isFinite(sums[i])) {
                throw new InputException(
                    "%s %s: row %d holds a value that is NaN or infinite; remove the row or mend the value"
                        .formatted(role, samples.name(), samples.rowNumber(batch.from() + i)));
              }
            }
          });
    }
  }
}
