package org.mixel.neural;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.data.ColumnMoments;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.SafeTensors;

/**
 * Converts from the units of the data to those of a network and back: {@code network = (data -
 * offset) / factor}. Pixels go to [-1, 1], or stay in [0, 1] where a network gives probabilities;
 * other values are centred and divided by their standard deviations.
 *
 * @param offset {@code [1]} or {@code [d]}
 * @param factor likewise, positive
 */
public record Scaling(Tensor offset, Tensor factor) implements AutoCloseable {
  private static final ScalarType FLOAT = ScalarType.Float;
  private static final String OFFSET = "scaling.offset";
  private static final String FACTOR = "scaling.factor";

  /** Pixels may lie this far outside [0, 1] by rounding. */
  private static final double ROUNDING = 1e-3;

  /** A share of the mean that float32 cannot resolve. */
  private static final double ROUNDING_OF_SUMS = 1e-7;

  /** The range of pixels inside a network. */
  public enum Pixels {
    /** From -1 to 1. */
    AROUND_ZERO(0.5, 0.5),
    /** From 0 to 1, for networks that give probabilities. */
    AS_THEY_ARE(0, 1);

    private final double offset;
    private final double factor;

    Pixels(double offset, double factor) {
      this.offset = offset;
      this.factor = factor;
    }
  }

  /**
   * Reads all rows once, unless they are bytes.
   *
   * @param pixels the range of pixels, if rows are images
   * @throws InputException if a value is not finite, or a pixel leaves [0, 1]
   */
  public static Scaling of(Samples rows, Pixels pixels, ComputeDevice device) {
    if (rows.shape().isPresent()) {
      requirePixels(rows);
      return of(device, pixels.offset, pixels.factor);
    }
    return standardising(rows, device);
  }

  /** One offset and factor for all values. */
  static Scaling of(ComputeDevice device, double offset, double factor) {
    try (NativeScope scope = new NativeScope()) {
      return new Scaling(
          NativeScope.own(torch.full(new long[] {1}, new Scalar(offset)).to(device.torch(), FLOAT)),
          NativeScope.own(
              torch.full(new long[] {1}, new Scalar(factor)).to(device.torch(), FLOAT)));
    }
  }

  private static void requirePixels(Samples rows) {
    if (rows.type() == ElementType.UINT8) {
      return;
    }
    try (NativeScope scope = new NativeScope();
        RowReader reader = RowReader.of(rows, ComputeDevice.CPU)) {
      reader.forEach(
          RowReader.rowsFor(rows.dims()),
          batch -> {
            Tensor pixels = batch.rows();
            batch.requireFinite(pixels.sum(1));
            double least = pixels.min().item().toDouble();
            double most = pixels.max().item().toDouble();
            if (least < -ROUNDING || most > 1 + ROUNDING) {
              throw new InputException(
                  rows.name()
                      + ": pixels must lie in [0, 1], but there is "
                      + (most > 1 + ROUNDING ? most : least)
                      + (least >= -1 - ROUNDING && most <= 1 + ROUNDING
                          ? "; save (x + 1) / 2, if they lie in [-1, 1]"
                          : "; divide them by their range, or store them as bytes"));
            }
          });
    }
  }

  private static Scaling standardising(Samples rows, ComputeDevice device) {
    if (ColumnMoments.farOrigin(rows) != null) {
      throw new InputException(
          rows.name()
              + ": its columns lie thousands of deviations from zero, where the float32 of networks"
              + " cannot tell rows apart; subtract the columns' means");
    }
    try (NativeScope scope = new NativeScope();
        RowReader reader = RowReader.of(rows, device)) {
      Tensor sum = torch.zeros(rows.dims()).to(device.torch(), ScalarType.Double);
      Tensor squares = torch.zeros(rows.dims()).to(device.torch(), ScalarType.Double);
      reader.forEach(
          RowReader.rowsFor(2L * rows.dims()),
          batch -> {
            Tensor values = batch.rows();
            batch.requireFinite(values.sum(1));
            Tensor wide = values.to(ScalarType.Double);
            sum.add_(wide.sum(0));
            squares.add_(wide.square().sum(0));
          });
      Scalar count = new Scalar((double) rows.rows());
      Tensor mean = sum.div(count);
      Tensor variance = squares.div(count).sub(mean.square()).clamp_min(new Scalar(0));
      Tensor deviation = variance.sqrt();
      // A constant value keeps its unit; rounding of the sums is no variation.
      Tensor least = mean.abs().mul(new Scalar(ROUNDING_OF_SUMS)).add(new Scalar(1e-12));
      Tensor factor = torch.where(deviation.gt(least), deviation, new Scalar(1.0));
      return new Scaling(NativeScope.own(mean.to(FLOAT)), NativeScope.own(factor.to(FLOAT)));
    }
  }

  /** Data to the network's units; owned by the current scope. */
  public Tensor toNetwork(Tensor rows) {
    return NativeScope.compute(() -> rows.sub(offset).div_(factor));
  }

  /** The network's units to data; owned by the current scope. */
  public Tensor toData(Tensor rows) {
    return NativeScope.compute(() -> rows.mul(factor).add_(offset));
  }

  /** The stored tensors by name; they stay this object's. */
  public Map<String, Tensor> named() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    named.put(OFFSET, offset);
    named.put(FACTOR, factor);
    return named;
  }

  /**
   * The stored scaling of a model.
   *
   * @throws InputException if it does not fit rows of so many values
   */
  public static Scaling of(SafeTensors file, int dims, ComputeDevice device) {
    try (NativeScope scope = new NativeScope()) {
      Tensor offset = file.get(OFFSET, -1);
      if (offset.size(0) != 1 && offset.size(0) != dims) {
        throw new InputException("the scaling does not fit rows of " + dims + " values");
      }
      Tensor factor = file.get(FACTOR, offset.size(0));
      return new Scaling(
          NativeScope.own(offset.to(device.torch(), FLOAT).clone()),
          NativeScope.own(factor.to(device.torch(), FLOAT).clone()));
    }
  }

  @Override
  public void close() {
    offset.close();
    factor.close();
  }
}
