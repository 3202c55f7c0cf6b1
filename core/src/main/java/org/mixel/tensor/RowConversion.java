package org.mixel.tensor;

import java.util.Objects;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.data.ElementType;

/**
 * How stored rows become tensors: in a type, on a device, of all or chosen columns, each perhaps
 * multiplied by a factor. Owns native memory until {@link #close()}.
 */
final class RowConversion implements AutoCloseable {
  private final ElementType stored;
  private final int storedDims;
  private final Device device;
  private final ScalarType type;
  private final int @Nullable [] columns;
  private final float @Nullable [] factors;
  private final @Nullable Tensor columnIndex;
  private final @Nullable Tensor factorRow;

  private RowConversion(
      ElementType stored,
      int storedDims,
      Device device,
      ScalarType type,
      int @Nullable [] columns,
      float @Nullable [] factors) {
    this.stored = stored;
    this.storedDims = storedDims;
    this.device = device;
    this.type = type.intern();
    this.columns = columns;
    this.factors = factors;
    try (NativeScope scope = new NativeScope()) {
      columnIndex = columns == null ? null : onDevice(Tensors.indices(columns));
      factorRow = factors == null ? null : onDevice(Tensors.of(factors, factors.length));
    }
  }

  /**
   * All columns as they are.
   *
   * @param stored how values are stored
   * @param storedDims values of a stored row
   * @param device stays the caller's
   */
  static RowConversion of(ElementType stored, int storedDims, Device device, ScalarType type) {
    return new RowConversion(stored, storedDims, device, type, null, null);
  }

  private Tensor onDevice(Tensor values) {
    return NativeScope.own(values.to(device, values.scalar_type()));
  }

  /** The same with native memory of its own. */
  RowConversion copy() {
    return new RowConversion(stored, storedDims, device, type, columns, factors);
  }

  /**
   * Chosen columns of these.
   *
   * @param chosen in the order wanted, repeats allowed
   */
  RowConversion columns(int[] chosen) {
    int[] source = new int[chosen.length];
    float[] own = new float[factors == null ? 0 : chosen.length];
    for (int j = 0; j < chosen.length; j++) {
      int column = Objects.checkIndex(chosen[j], dims());
      source[j] = columns == null ? column : columns[column];
      if (factors != null) {
        own[j] = factors[column];
      }
    }
    return new RowConversion(
        stored, storedDims, device, type, source, factors == null ? null : own);
  }

  /** These columns, each multiplied by another factor. */
  RowConversion scaled(float[] more) {
    if (more.length != dims()) {
      throw new IllegalArgumentException(more.length + " factors for " + dims() + " columns");
    }
    float[] product = more.clone();
    for (int j = 0; factors != null && j < product.length; j++) {
      product[j] *= factors[j];
    }
    return new RowConversion(stored, storedDims, device, type, columns, product);
  }

  int dims() {
    return columns == null ? storedDims : columns.length;
  }

  Device device() {
    return device;
  }

  ScalarType type() {
    return type;
  }

  /** The value of a stored 1. */
  double unit() {
    return stored == ElementType.UINT8 ? 1.0 / 255 : 1;
  }

  boolean liesInUnitCube() {
    return stored == ElementType.UINT8 && factors == null;
  }

  ScalarType storedType() {
    return switch (stored) {
      case UINT8 -> ScalarType.Byte;
      case FLOAT32 -> ScalarType.Float;
      case FLOAT64 -> ScalarType.Double;
    };
  }

  /** Rows in units of which a stored 1 has {@code unit}; shares nothing with the stored ones. */
  Tensor rows(Tensor storedRows, double unit) {
    Tensor rows;
    if (columnIndex == null) {
      rows = (storedType() == type ? storedRows.clone() : storedRows).to(device, type);
    } else {
      rows = storedRows.to(device, storedType()).index_select(1, columnIndex).to(type);
    }
    if (unit != 1) {
      rows.div_(new Scalar(1 / unit));
    }
    return factorRow == null ? rows : rows.mul_(factorRow);
  }

  /** Rows less an origin, in its type: the scaling and the subtraction in one pass over them. */
  Tensor less(Tensor negatedOrigin, Tensor storedRows) {
    if (columnIndex != null || factorRow != null) {
      throw new IllegalStateException("rows less an origin need whole rows without factors");
    }
    return torch.add(
        negatedOrigin, storedRows.to(device, negatedOrigin.scalar_type()), new Scalar(unit()));
  }

  @Override
  public void close() {
    close(columnIndex);
    close(factorRow);
  }

  private static void close(@Nullable Pointer owned) {
    if (owned != null) {
      owned.close();
    }
  }
}
