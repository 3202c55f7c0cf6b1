package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Sums of one component, as they travel between machines, add up in their type. */
class ComponentSumsTest {
  private static ComponentSums wide() {
    return new ComponentSums(2, new double[] {1, 2}, new double[] {3, 4}, new double[] {5});
  }

  private static ComponentSums narrow() {
    return new ComponentSums(3, new double[] {1, 2}, new float[] {3, 4}, new float[] {5});
  }

  @Test
  void addUp() {
    ComponentSums wides = wide();
    wides.add(wide());
    assertThat(wides.mass()).isEqualTo(4);
    assertThat(wides.moments()).containsExactly(2, 4);
    assertThat(wides.products()).isEqualTo(new double[] {6, 8});
    assertThat(wides.squares()).isEqualTo(new double[] {10});
    ComponentSums narrows = narrow();
    narrows.add(narrow());
    assertThat(narrows.mass()).isEqualTo(6);
    assertThat(narrows.products()).isEqualTo(new float[] {6, 8});
    assertThat(narrows.squares()).isEqualTo(new float[] {10});
  }

  @Test
  void sumsOfAnotherTypeOrSizeAreRefused() {
    assertThatThrownBy(() -> wide().add(narrow()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sums of different types do not add up");
    ComponentSums longer =
        new ComponentSums(1, new double[] {1, 2}, new double[] {3, 4, 5}, new double[] {5});
    assertThatThrownBy(() -> wide().add(longer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sums of 2 and 3 values do not add up");
    ComponentSums shorter =
        new ComponentSums(1, new double[] {1, 2}, new float[] {3}, new float[] {5});
    assertThatThrownBy(() -> narrow().add(shorter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sums of 2 and 1 values do not add up");
  }
}
