package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/** Hidden values follow the dense conditional distribution; observed ones are left alone. */
class ConditionalTest {
  private static final int COMPONENTS = 3;
  private static final int DIMS = 12;
  private static final int SEEN = 7;

  private final DenseMixture dense = new DenseMixture(COMPONENTS, 2, DIMS, 7);
  private final int[] observed = IntStream.range(0, SEEN).toArray();
  private final boolean[] mask = new boolean[DIMS];
  private final double[] row = dense.draw(new Random(8));

  ConditionalTest() {
    for (int j : observed) {
      mask[j] = true;
    }
  }

  private double[] joint() {
    return IntStream.range(0, COMPONENTS)
        .mapToDouble(k -> dense.logJoint(k, row, observed))
        .toArray();
  }

  @Test
  void meanAndLikelihoodAgreeWithDenseCovariances() {
    double[] joint = joint();
    double total = DenseMixture.logSumExp(joint);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Conditional conditional = Conditional.of(model, mask)) {
      Tensor x = Tensors.of(row, 1, DIMS);
      assertThat(Tensors.doubles(conditional.logLikelihood(x))[0])
          .isCloseTo(total, within(1e-9 * Math.abs(total)));
      double[] mean = Tensors.doubles(conditional.mean(x));
      for (int j = 0; j < DIMS; j++) {
        double expected = row[j];
        if (!mask[j]) {
          expected = 0;
          for (int k = 0; k < COMPONENTS; k++) {
            expected += Math.exp(joint[k] - total) * dense.conditionalMean(k, row, observed, j);
          }
        }
        assertThat(mean[j]).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void mostProbableUsesTheBestComponentAlone() {
    double[] joint = joint();
    int best =
        IntStream.range(0, COMPONENTS).reduce((a, b) -> joint[a] >= joint[b] ? a : b).orElseThrow();
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Conditional conditional = Conditional.of(model, mask)) {
      double[] completed = Tensors.doubles(conditional.mostProbable(Tensors.of(row, 1, DIMS)));
      for (int j = 0; j < DIMS; j++) {
        double expected = mask[j] ? row[j] : dense.conditionalMean(best, row, observed, j);
        assertThat(completed[j]).isCloseTo(expected, within(1e-9));
      }
    }
  }

  @Test
  void drawsScatterAboutTheMeanAndReplay() {
    int draws = 4000;
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Conditional conditional = Conditional.of(model, mask);
        RandomStream random = RandomStream.of(9);
        RandomStream again = RandomStream.of(9)) {
      Tensor x = Tensors.of(row, 1, DIMS);
      double[] mean = Tensors.doubles(conditional.mean(x));
      Tensor many = conditional.sample(x.expand(draws, DIMS), random);
      double[] average = Tensors.doubles(many.mean(0));
      double[] deviation = Tensors.doubles(many.std(new long[] {0}, false));
      for (int j = 0; j < DIMS; j++) {
        assertThat(average[j])
            .isCloseTo(mean[j], within(5 * deviation[j] / Math.sqrt(draws) + 1e-9));
        assertThat(deviation[j] > 1e-6).as("value %d varies", j).isEqualTo(!mask[j]);
      }
      assertThat(Tensors.doubles(conditional.sample(x.expand(draws, DIMS), again)))
          .isEqualTo(Tensors.doubles(many));
    }
  }

  @Test
  void hiddenValuesAreNotRead() {
    double[] spoiled = row.clone();
    for (int j = SEEN; j < DIMS; j++) {
      spoiled[j] = Double.NaN;
    }
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Conditional conditional = Conditional.of(model, mask)) {
      assertThat(Tensors.doubles(conditional.mean(Tensors.of(spoiled, 1, DIMS))))
          .isEqualTo(Tensors.doubles(conditional.mean(Tensors.of(row, 1, DIMS))));
    }
  }

  @Test
  void masksThatDoNotFitAreRefused() {
    try (MixtureOfFactorAnalyzers model = dense.model()) {
      assertThatThrownBy(() -> Conditional.of(model, new boolean[DIMS]))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("hides every value");
      assertThatThrownBy(() -> Conditional.of(model, new boolean[3]))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("covers 3 values, but the model has 12");
    }
  }
}
