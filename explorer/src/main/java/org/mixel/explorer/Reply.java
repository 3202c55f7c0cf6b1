package org.mixel.explorer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The answer to a request.
 *
 * @param status the code of HTTP
 * @param type of the body
 * @param headers beside those that every answer has
 * @param body may be empty
 */
record Reply(int status, String type, Map<String, String> headers, byte[] body) {
  private static final String NUMBERS = "application/octet-stream";

  static Reply json(JsonNode document) {
    return json(200, document);
  }

  static Reply json(int status, JsonNode document) {
    byte[] text = document.toString().getBytes(StandardCharsets.UTF_8);
    return new Reply(status, "application/json; charset=utf-8", Map.of(), text);
  }

  static Reply error(int status, String message) {
    return json(status, JsonNodeFactory.instance.objectNode().put("error", message));
  }

  static Reply of(String type, byte[] body) {
    return new Reply(200, type, Map.of(), body);
  }

  /** Nothing is to be said. */
  static Reply nothing() {
    return new Reply(204, "", Map.of(), new byte[0]);
  }

  /** Arrays of numbers one after the other, as little-endian float32. */
  static Reply floats(float[]... arrays) {
    int count = 0;
    for (float[] array : arrays) {
      count = Math.addExact(count, array.length);
    }
    ByteBuffer bytes = buffer(count);
    FloatBuffer numbers = bytes.asFloatBuffer();
    for (float[] array : arrays) {
      numbers.put(array);
    }
    return of(NUMBERS, bytes.array());
  }

  /** The same of doubles, rounded. */
  static Reply floats(double[]... arrays) {
    return floats(Stream.of(arrays).map(Reply::rounded).toArray(float[][]::new));
  }

  private static float[] rounded(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Little-endian int32. */
  static Reply ints(int[] array) {
    ByteBuffer bytes = buffer(array.length);
    bytes.asIntBuffer().put(array);
    return of(NUMBERS, bytes.array());
  }

  /** Little-endian bytes that were put together elsewhere. */
  static Reply numbers(ByteBuffer bytes) {
    return of(NUMBERS, bytes.array());
  }

  /** Room for so many numbers of four bytes. */
  static ByteBuffer buffer(int numbers) {
    return ByteBuffer.allocate(Math.multiplyExact(numbers, Float.BYTES))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  Reply with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Reply(status, type, more, body);
  }
}
