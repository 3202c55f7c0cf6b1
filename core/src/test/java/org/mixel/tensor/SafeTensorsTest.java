package org.mixel.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.InputException;

/** What is stored comes back, and a hostile header is refused before memory is taken. */
class SafeTensorsTest {
  @TempDir Path folder;

  @Test
  void tensorsAndMetadataComeBackAsTheyWere() {
    Path file = folder.resolve("deep/er/t.safetensors");
    try (NativeScope scope = new NativeScope()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("b", Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
      tensors.put("a", Tensors.of(new double[] {Math.PI}, 1));
      tensors.put("empty", Tensors.of(new float[0], 0, 4));
      SafeTensors.write(file, tensors, Map.of("note", "täst \"quoted\""));
      SafeTensors back = SafeTensors.read(file);
      assertThat(back.metadata()).containsExactly(Map.entry("note", "täst \"quoted\""));
      assertThat(Tensors.floats(back.get("b", 2, -1))).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(Tensors.doubles(back.get("a", 1))).containsExactly(Math.PI);
      assertThat(back.get("empty", 0, 4).numel()).isZero();
      assertThatThrownBy(() -> back.get("b", 3, 2))
          .isInstanceOf(InputException.class)
          .hasMessage("tensor b has shape [2, 3], expected [3, 2]");
    }
    assertThat(folder.resolve("deep/er")).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void bytesAreThoseOfTheFormat() throws IOException {
    Path file = folder.resolve("t.safetensors");
    try (NativeScope scope = new NativeScope()) {
      SafeTensors.write(file, Map.of("x", Tensors.of(new float[] {1.5f}, 1)), Map.of());
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) bytes.getLong();
    assertThat(new String(bytes.array(), 8, header, StandardCharsets.UTF_8).strip())
        .isEqualTo("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}");
    assertThat(bytes.getFloat(8 + header)).isEqualTo(1.5f);
    assertThat(header % 8).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[999999999999],\"data_offsets\":[0,4]}}|do not fit",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}|impossible",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}|negative",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}|do not fit",
        "{\"x\":{\"dtype\":\"Q4\",\"shape\":[1],\"data_offsets\":[0,4]}}|unknown type",
        "{\"x\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},\"y\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}|overlap",
        "[]|not a JSON object",
        "{\"x\":|not JSON",
        "{\"x\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},\"x\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}|a name twice",
        "{\"x\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}|a name twice",
        "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}|a name twice",
      })
  void damagedHeadersAreRefused(String header, String reason) throws IOException {
    Path file = folder.resolve("bad.safetensors");
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    Files.write(file, bytes.array());
    assertThatThrownBy(() -> SafeTensors.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bad.safetensors")
        .hasMessageContaining(reason);
  }

  @Test
  void aHeaderLengthThatLiesIsRefused() throws IOException {
    Path file = folder.resolve("long.safetensors");
    Files.write(
        file,
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MAX_VALUE).array());
    assertThatThrownBy(() -> SafeTensors.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("header length");
    Files.write(file, new byte[3]);
    assertThatThrownBy(() -> SafeTensors.read(file)).isInstanceOf(InputException.class);
  }

  @Test
  void aNameThatIsNotUtf8IsRefused() throws IOException {
    Path file = folder.resolve("latin.safetensors");
    byte[] json = "{\"\u00e4\":{}}".getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(json.length).put(json).array());
    assertThatThrownBy(() -> SafeTensors.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("latin.safetensors")
        .hasMessageContaining("not UTF-8");
  }
}
