package org.mixel.bench;

import static java.util.Objects.requireNonNull;

import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.MatrixProducts;

/**
 * Work and its floor in turns.
 *
 * @param <T> the result of the work, which the note describes
 */
final class Turns<T> implements BenchCase.Trial {
  private final int turns;
  private final Supplier<T> work;
  private final DoubleSupplier floor;
  private final Function<T, String> note;
  private final Runnable close;
  private @Nullable T result;

  /**
   * @param turns in one repetition
   * @param floor does it and returns the seconds
   * @param note of the last result
   */
  Turns(int turns, Supplier<T> work, DoubleSupplier floor, Function<T, String> note) {
    this(turns, work, floor, note, () -> {});
  }

  /**
   * @param close frees what the work needs
   */
  Turns(
      int turns, Supplier<T> work, DoubleSupplier floor, Function<T, String> note, Runnable close) {
    this.turns = turns;
    this.work = work;
    this.floor = floor;
    this.note = note;
    this.close = close;
  }

  /** The same after the work was done once without being timed. */
  Turns<T> warm() {
    result = work.get();
    return this;
  }

  /** The seconds of one product of all rows with a matrix of so many columns. */
  static DoubleSupplier product(Samples rows, int width) {
    return () -> MatrixProducts.seconds(ComputeDevice.CPU, rows.rows(), rows.dims(), width);
  }

  @Override
  public Timing time() {
    return Timing.inTurns(turns, () -> Timing.secondsOf(() -> result = work.get()), floor);
  }

  @Override
  public String note() {
    return note.apply(requireNonNull(result));
  }

  @Override
  public void close() {
    close.run();
  }
}
