package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** The judge of gradients itself: right ones pass, kinks or not, and nearly right ones do not. */
class FiniteDifferencesTest {
  private static final double[] VALUES = {0.3, -1.2, 4e-6, 2};

  @Test
  void rightGradientsPassAndLeaveTheValues() {
    try (NativeScope scope = new NativeScope()) {
      Tensor leaf = Tensors.of(VALUES, 4).requires_grad_(true);
      FiniteDifferences.assertGradients(
          List.of(leaf), () -> leaf.exp().sum().add(torch.relu(leaf).sum()));
      assertThat(Tensors.doubles(leaf)).isEqualTo(VALUES);
    }
  }

  @Test
  void gradientsThatAreWrongByAHundredThousandthFail() {
    try (NativeScope scope = new NativeScope()) {
      Tensor leaf = Tensors.of(VALUES, 4).requires_grad_(true);
      assertThatThrownBy(
              () ->
                  FiniteDifferences.assertGradients(
                      List.of(leaf),
                      () -> leaf.exp().sum().add(leaf.detach().exp().sum(), new Scalar(1e-5))))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("gradient of value");
    }
  }
}
