package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.InputException;

/** Weights of every type that holds them come back as numbers; others are refused. */
class WeightFilesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "|u1,200,3",
    "<i4,-7,3",
    ">i4,-7,3",
    "<i8,5000000000,3",
    "<f4,0.25,-8",
    ">f4,0.25,-8",
    "<f8,0.1,1e300",
    ">f8,0.1,1e300"
  })
  void everyTypeIsRead(String type, double first, double second) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(16);
    data.order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (double value : new double[] {first, second}) {
      switch (type.substring(1)) {
        case "u1" -> data.put((byte) value);
        case "i4" -> data.putInt((int) value);
        case "i8" -> data.putLong((long) value);
        case "f4" -> data.putFloat((float) value);
        default -> data.putDouble(value);
      }
    }
    byte[] numbers = new byte[data.position()];
    data.flip().get(numbers);
    for (String shape : new String[] {"(2,)", "(2, 1)"}) {
      Path file = write(type, shape, numbers);
      assertThat(WeightFiles.read(file, "rows", 2)).containsExactly(first, second);
    }
  }

  @Test
  void othersAreRefused() throws IOException {
    refused(
        write("<f8", "(1, 2)", new byte[16]),
        "has the shape (1, 2); weights are one number for each row: save them as (n,) or (n, 1)");
    refused(
        write("<f8", "(2, 1, 1)", new byte[16]),
        "has the shape (2, 1, 1); weights are one number for each row: save them as (n,) or (n, 1)");
    refused(
        write("<f8", "(3,)", new byte[24]),
        "holds 3 weights, but rows has 2 rows; give the weight of every row");
    refused(write("<f2", "(2,)", new byte[4]), "holds float16; save weights as float64");
    refused(
        write("<f8", "(2,)", new byte[15]),
        "its header claims (2,), 16 bytes, but only 15 follow; it is cut off, so get it again");
  }

  private void refused(Path file, String complaint) {
    assertThatThrownBy(() -> WeightFiles.read(file, "rows", 2))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": " + complaint);
  }

  private Path write(String type, String shape, byte[] numbers) throws IOException {
    return Files.write(
        folder.resolve("weights.npy"), NpyFormatTest.npy(type, false, shape, numbers));
  }
}
