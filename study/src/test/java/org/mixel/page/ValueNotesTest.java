package org.mixel.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/** Values on another scale are told of, and values that need no word get none. */
class ValueNotesTest {
  private static final ImageShape SHAPE = new ImageShape(1, 6, 6);

  private static Samples floats(String name, boolean images, DoubleUnaryOperator scale) {
    Random random = new Random(3);
    float[] values = new float[200 * SHAPE.dims()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) scale.applyAsDouble(random.nextDouble());
    }
    return StoredSamples.ofFloats(name, SHAPE.dims(), images ? SHAPE : null, values);
  }

  private static Samples bytes() {
    byte[] pixels = new byte[200 * SHAPE.dims()];
    new Random(4).nextBytes(pixels);
    return StoredSamples.ofBytes("bytes", SHAPE, pixels);
  }

  @Test
  void setsOnOtherScalesAreNamedWithTheRemedy() {
    Samples wide = floats("wide", true, x -> 255 * x);
    Samples signed = floats("signed", true, x -> 2 * x - 1);
    Samples same = floats("same", true, x -> x);
    List<String> notes = ValueNotes.ofScales(bytes(), List.of(same, wide, signed));
    assertThat(notes).hasSize(2);
    assertThat(notes.get(0))
        .matches("wide has values from 0\\.\\d+ to 255, bytes from 0 to 1: .*")
        .endsWith("; divide wide by 255, or save it as uint8");
    assertThat(notes.get(1))
        .startsWith("signed has values from -1 to 1,")
        .endsWith("; save (x + 1) / 2 of signed");
    assertThat(ValueNotes.ofScales(wide, List.of(bytes())))
        .singleElement()
        .asString()
        .endsWith("; divide wide by 255, or save it as uint8");
    assertThat(ValueNotes.ofScales(signed, List.of(signed))).isEmpty();
  }

  @Test
  void rowsOfNumbersMayHaveAnyScale() {
    Samples income = floats("income", false, x -> 1e5 * x);
    Samples shifted = floats("shifted", false, x -> 1e5 * x + 4e4);
    assertThat(ValueNotes.ofScales(income, List.of(shifted))).isEmpty();
    assertThat(ValueNotes.ofScales(floats("unit", false, x -> x), List.of(income))).isEmpty();
    assertThat(ValueNotes.ofTraining(income, 0.01)).isEmpty();
    assertThat(ValueNotes.ofTraining(floats("tiny", false, x -> 1e-5 * x), 0.01)).isEmpty();
  }

  @Test
  void trainingExpectsPixelsThatTheNoiseDoesNotDrown() {
    assertThat(ValueNotes.ofTraining(bytes(), 0.01)).isEmpty();
    assertThat(ValueNotes.ofTraining(floats("unit", true, x -> x), 0.01)).isEmpty();
    assertThat(ValueNotes.ofTraining(floats("wide", true, x -> 255 * x), 0.01))
        .singleElement()
        .asString()
        .matches("wide has pixels from 0\\.\\d+ to 255, but noise floor and prior are .*")
        .endsWith("divide wide by 255, or save it as uint8");
    Samples faint = floats("faint", true, x -> 0.5 + 1e-5 * x);
    assertThat(ValueNotes.ofTraining(faint, 0.01))
        .singleElement()
        .asString()
        .startsWith("faint has pixels that deviate by 2.9e-06, far below the least noise, 0.10:");
    assertThat(ValueNotes.ofTraining(faint, 1e-12)).isEmpty();
    assertThat(ValueNotes.ofTraining(floats("flat", true, x -> 0.5), 0.01)).isEmpty();
  }
}
