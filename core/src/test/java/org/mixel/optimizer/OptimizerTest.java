package org.mixel.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * Every optimiser moves as its published recursion, written here for one number at a time, and goes
 * on from its state as if it had never stopped.
 */
class OptimizerTest {
  private static final double[] START = {1.5, -0.3, 40, 0, 1e-4};
  private static final int STEPS = 7;

  @TempDir Path folder;

  /** A gradient that changes sign and size, and is nothing for the fourth value. */
  private static double gradient(int step, int index, double value) {
    return index == 3 ? 0 : Math.cos(3 * value + step) * Math.pow(10, index - 2.0);
  }

  private static Tensor gradients(int step, Tensor parameters) {
    double[] values = Tensors.doubles(parameters);
    for (int i = 0; i < values.length; i++) {
      values[i] = gradient(step, i, values[i]);
    }
    return Tensors.of(values, values.length);
  }

  private static void run(Optimizer optimizer, Tensor parameters, int from, int to) {
    for (int step = from; step < to; step++) {
      optimizer.step(new Tensor[] {parameters}, new Tensor[] {gradients(step, parameters)});
    }
  }

  private static void assertClose(Tensor actual, double[] expected) {
    double[] values = Tensors.doubles(actual);
    for (int i = 0; i < expected.length; i++) {
      assertThat(values[i])
          .as("value %d", i)
          .isCloseTo(expected[i], within(1e-12 * Math.max(1, Math.abs(expected[i]))));
    }
  }

  @ParameterizedTest
  @CsvSource({"1e-3, 0.9, 0.999", "2e-4, 0.5, 0.999", "1e-4, 0, 0.9", "0.3, 0.99, 0.5"})
  void adamFollowsItsRecursion(double rate, double beta1, double beta2) {
    double[] expected = START.clone();
    for (int i = 0; i < expected.length; i++) {
      double mean = 0;
      double square = 0;
      for (int step = 0; step < STEPS; step++) {
        double g = gradient(step, i, expected[i]);
        mean = beta1 * mean + (1 - beta1) * g;
        square = beta2 * square + (1 - beta2) * g * g;
        double unbiasedMean = mean / (1 - Math.pow(beta1, step + 1.0));
        double unbiasedSquare = square / (1 - Math.pow(beta2, step + 1.0));
        expected[i] -= rate * unbiasedMean / (Math.sqrt(unbiasedSquare) + 1e-8);
      }
    }
    try (NativeScope scope = new NativeScope();
        Adam adam = Adam.of(new Adam.Options(rate, beta1, beta2), 1)) {
      Tensor parameters = Tensors.of(START, START.length);
      run(adam, parameters, 0, STEPS);
      assertClose(parameters, expected);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {5e-5, 0.1})
  void rmsPropFollowsItsRecursion(double rate) {
    double[] expected = START.clone();
    for (int i = 0; i < expected.length; i++) {
      double square = 0;
      for (int step = 0; step < STEPS; step++) {
        double g = gradient(step, i, expected[i]);
        square = 0.99 * square + 0.01 * g * g;
        expected[i] -= rate * g / (Math.sqrt(square) + 1e-8);
      }
    }
    try (NativeScope scope = new NativeScope();
        RmsProp rmsProp = RmsProp.of(rate, 1)) {
      Tensor parameters = Tensors.of(START, START.length);
      run(rmsProp, parameters, 0, STEPS);
      assertClose(parameters, expected);
    }
  }

  @Test
  void theFirstStepOfAdamIsTheLearningRateAgainstTheSign() {
    try (NativeScope scope = new NativeScope();
        Adam adam = Adam.of(Adam.Options.of(0.01), 2)) {
      Tensor one = Tensors.of(new double[] {1}, 1);
      Tensor other = Tensors.of(new double[] {1, 1}, 1, 2);
      adam.step(
          new Tensor[] {one, other},
          new Tensor[] {
            Tensors.of(new double[] {1e3}, 1), Tensors.of(new double[] {-1e-3, 7}, 1, 2)
          });
      assertThat(Tensors.doubles(one)[0]).isCloseTo(0.99, within(1e-6));
      assertThat(Tensors.doubles(other)[0]).isCloseTo(1.01, within(1e-6));
      assertThat(Tensors.doubles(other)[1]).isCloseTo(0.99, within(1e-6));
    }
  }

  /** Half the rate moves by half as much from the same gradients. */
  @ParameterizedTest
  @ValueSource(strings = {"adam", "rmsprop"})
  void aFactorIsOfTheLearningRate(String name) {
    try (NativeScope scope = new NativeScope();
        Optimizer optimizer = kind(name).begin();
        Optimizer slower = kind(name).begin()) {
      Tensor parameters = Tensors.of(new double[5], 5);
      Tensor others = Tensors.of(new double[5], 5);
      Tensor gradients = gradients(2, Tensors.of(START, 5));
      optimizer.step(new Tensor[] {parameters}, new Tensor[] {gradients});
      slower.step(new Tensor[] {others}, new Tensor[] {gradients}, 0.5);
      double[] expected = Tensors.doubles(parameters);
      for (int i = 0; i < expected.length; i++) {
        expected[i] /= 2;
      }
      assertThat(expected[0]).isNotZero();
      assertClose(others, expected);
    }
  }

  /** How an optimiser begins, and goes on from a state. */
  private interface Kind {
    Optimizer begin();

    Optimizer resume(List<Tensor> shapes, SafeTensors state);
  }

  private static Kind kind(String name) {
    Adam.Options options = new Adam.Options(0.02, 0.5, 0.9);
    return name.equals("adam")
        ? new Kind() {
          @Override
          public Optimizer begin() {
            return Adam.of(options, 1);
          }

          @Override
          public Optimizer resume(List<Tensor> shapes, SafeTensors state) {
            return Adam.resume(options, shapes, state);
          }
        }
        : new Kind() {
          @Override
          public Optimizer begin() {
            return RmsProp.of(0.02, 1);
          }

          @Override
          public Optimizer resume(List<Tensor> shapes, SafeTensors state) {
            return RmsProp.resume(0.02, shapes, state);
          }
        };
  }

  private SafeTensors stored(Optimizer optimizer) {
    Path file = folder.resolve("state");
    SafeTensors.write(file, optimizer.state(), Map.of());
    return SafeTensors.read(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "rmsprop"})
  void goingOnEqualsNeverStopping(String name) {
    Kind kind = kind(name);
    for (int stop = 0; stop <= STEPS; stop++) {
      try (NativeScope scope = new NativeScope();
          Optimizer straight = kind.begin();
          Optimizer first = kind.begin()) {
        Tensor expected = Tensors.of(START, START.length);
        run(straight, expected, 0, STEPS);
        Tensor parameters = Tensors.of(START, START.length);
        run(first, parameters, 0, stop);
        SafeTensors state = stored(first);
        // A training begins anew where nothing was remembered, as RMSProp's before its first step.
        try (Optimizer second =
            state.tensors().isEmpty() ? kind.begin() : kind.resume(List.of(parameters), state)) {
          run(second, parameters, stop, STEPS);
        }
        assertThat(Tensors.doubles(parameters))
            .as("stopped after %d", stop)
            .isEqualTo(Tensors.doubles(expected));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "rmsprop"})
  void aStateOfOtherParametersIsRefused(String name) {
    Kind kind = kind(name);
    try (NativeScope scope = new NativeScope();
        Optimizer optimizer = kind.begin()) {
      run(optimizer, Tensors.of(START, START.length), 0, 2);
      SafeTensors state = stored(optimizer);
      assertThatThrownBy(() -> kind.resume(List.of(Tensors.of(START, 5, 1)), state))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("has shape [5], expected [5, 1]");
      Tensor fits = Tensors.of(START, START.length);
      assertThatThrownBy(() -> kind.resume(List.of(fits, fits), state))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("is missing");
    }
  }
}
