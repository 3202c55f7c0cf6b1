package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * What float32 may get wrong is evaluated again, and no more. The log-joint of one row is made up
 * here, and the part of the products that {@code z} would be taken from is zero: an entry that was
 * evaluated again tells by its value, and by that value where {@code z} came from.
 */
class RefinementTest {
  private static final double TOLERANCE = 0.01;
  private static final double ROUNDING = 0x1p-24;
  private static final int DIMS = 6;

  private final DenseMixture dense = new DenseMixture(3, 2, DIMS, 1);
  private double[] row = {};
  private NativeScope scope;

  @BeforeEach
  void open() {
    scope = new NativeScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private void noise(double variance) {
    for (double[] each : dense.noise) {
      Arrays.fill(each, variance);
    }
    row = dense.draw(new Random(2));
  }

  /** A log-joint of three components after the second look at it. */
  private double[] after(
      MixtureOfFactorAnalyzers model, double reach, double distance, double... joint) {
    Supplier<Tensor> rows = () -> Tensors.of(row, 1, DIMS).to(model.type());
    return after(model, reach, distance, rows, joint);
  }

  private double[] after(
      MixtureOfFactorAnalyzers model,
      double reach,
      double distance,
      Supplier<Tensor> rows,
      double... joint) {
    Tensor entries = Tensors.of(joint, 1, 3).to(model.type());
    Tensor whitened = torch.zeros(1, 2, 3).to(model.type());
    Tensor squares = Tensors.of(new double[] {distance * distance}, 1, 1).to(model.type());
    try (WoodburyPrecision precision = WoodburyPrecision.of(model);
        Refinement refinement = new Refinement(model, precision, reach)) {
      refinement.apply(new Density.Evaluated(entries, whitened), null, squares, rows, TOLERANCE);
    }
    return Tensors.doubles(entries);
  }

  private double truth(int component) {
    return dense.logJoint(component, row, IntStream.range(0, DIMS).toArray());
  }

  @Test
  void rowsNearEnoughAreHarmless() {
    noise(0.01);
    try (MixtureOfFactorAnalyzers model = dense.single();
        MixtureOfFactorAnalyzers reference = dense.model();
        WoodburyPrecision precision = WoodburyPrecision.of(model);
        WoodburyPrecision exact = WoodburyPrecision.of(reference);
        Refinement refinement = new Refinement(model, precision, 2);
        Refinement always = new Refinement(reference, exact, 2)) {
      double expected = Math.sqrt(TOLERANCE / ROUNDING / 100) - 2;
      assertThat(refinement.harmlessReach(TOLERANCE)).isCloseTo(expected, within(1e-5));
      assertThat(always.harmlessReach(TOLERANCE)).isEqualTo(-1);
    }
  }

  @Test
  void rowsWithinTheHarmlessReachAreLeftAndNotAskedFor() {
    noise(0.01);
    Supplier<Tensor> none =
        () -> {
          throw new AssertionError("no row needs another look");
        };
    try (MixtureOfFactorAnalyzers model = dense.single()) {
      assertThat(after(model, 2, 38, none, 0, -1, -2)).containsExactly(0, -1, -2);
      assertThat(after(model, 2, 40, 0, -1, -2)).doesNotContain(0, -1, -2);
    }
  }

  /** 2 u P (20 + 2)^2 is 57.7 nats at a noise of 1e-6, and the margin 82.7. */
  @Test
  void theMarginGrowsByWhatTheProductsMayLose() {
    noise(1e-6);
    try (MixtureOfFactorAnalyzers model = dense.single();
        MixtureOfFactorAnalyzers reference = dense.model()) {
      double[] single = after(model, 2, 20, 0, -80, -86);
      assertThat(single[0]).isNotEqualTo(0);
      assertThat(single[1]).isNotEqualTo(-80);
      assertThat(single[2]).isEqualTo(-86);
      double[] exact = after(reference, 2, 20, 0, -24, -26);
      assertThat(exact[1]).isNotEqualTo(-24);
      assertThat(exact[2]).isEqualTo(-26);
    }
  }

  /** u P 100^2 is 596 nats at a noise of 1e-6, u P 150^2 1,341; 1,000 are too many. */
  @Test
  void meansThatLieFarApartAreLeftOutOfTheProducts() {
    noise(1e-6);
    try (MixtureOfFactorAnalyzers model = dense.single();
        MixtureOfFactorAnalyzers reference = dense.model()) {
      double expected = truth(0);
      double near = after(model, 100, 20, 0, -1e4, -1e4)[0];
      assertThat(Math.abs(near - expected)).isGreaterThan(100);
      double far = after(model, 150, 20, 0, -1e4, -1e4)[0];
      assertThat(far).isCloseTo(expected, within(1e-2 * Math.abs(expected)));
      double[] all = after(reference, 2, 20, 0, 0, 0);
      for (int k = 0; k < 3; k++) {
        assertThat(all[k]).isCloseTo(truth(k), within(1e-6 * Math.abs(truth(k))));
      }
    }
  }
}
