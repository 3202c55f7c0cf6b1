package org.mixel.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.WholeFile;

/**
 * Named tensors and text metadata in a <a
 * href="https://huggingface.co/docs/safetensors">safetensors</a> file: eight bytes of little-endian
 * header length, a JSON header, then the raw values.
 *
 * <p>A file is checked before memory is taken: lengths, types, shapes and offsets must agree with
 * each other and with the file's size.
 *
 * @param tensors by name, on the CPU, owned by the scope that was open when they were read
 * @param metadata free text by key; empty when the file has none
 */
public record SafeTensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
  private static final int MAX_HEADER = 64 << 20;
  private static final int CHUNK = 1 << 28;
  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private enum Dtype {
    F64(ScalarType.Double, 8),
    F32(ScalarType.Float, 4),
    F16(ScalarType.Half, 2),
    BF16(ScalarType.BFloat16, 2),
    I64(ScalarType.Long, 8),
    I32(ScalarType.Int, 4),
    U8(ScalarType.Byte, 1);

    final ScalarType type;
    final int bytes;

    Dtype(ScalarType type, int bytes) {
      this.type = type;
      this.bytes = bytes;
    }

    static Dtype of(Tensor tensor) {
      for (Dtype dtype : values()) {
        if (dtype.type == Tensors.type(tensor)) {
          return dtype;
        }
      }
      throw new IllegalArgumentException("cannot store tensors of type " + tensor.scalar_type());
    }
  }

  /** One entry of the header, already checked against the file's size. */
  private record Entry(Dtype dtype, long[] shape, long begin, long end) {}

  /**
   * Reads a whole file.
   *
   * @throws InputException if the file is missing, damaged, or not a safetensors file
   */
  public static SafeTensors read(Path file) {
    return open(
        file,
        (channel, contents) -> {
          Map<String, Tensor> tensors = new LinkedHashMap<>();
          for (Map.Entry<String, Entry> named : contents.entries().entrySet()) {
            tensors.put(
                named.getKey(), readTensor(channel, contents.dataStart(), named.getValue()));
          }
          return new SafeTensors(tensors, contents.metadata());
        });
  }

  /**
   * Reads the metadata of a file alone.
   *
   * @throws InputException if the file is missing, damaged, or not a safetensors file
   */
  public static Map<String, String> readMetadata(Path file) {
    return open(file, (channel, contents) -> contents.metadata());
  }

  /**
   * Reads the names of a file's tensors alone.
   *
   * @throws InputException if the file is missing, damaged, or not a safetensors file
   */
  public static Set<String> readNames(Path file) {
    return open(file, (channel, contents) -> contents.entries().keySet());
  }

  /** The contents of a header. */
  private record Contents(
      Map<String, Entry> entries, Map<String, String> metadata, long dataStart) {}

  /** Reads part of a file whose header is sound. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(FileChannel channel, Contents contents) throws IOException;
  }

  private static <T> T open(Path file, Reader<T> reader) {
    if (!Files.isRegularFile(file)) {
      throw new InputException(
          file + (Files.isDirectory(file) ? ": is a folder; name a file in it" : ": no such file"));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return reader.read(channel, contents(file, channel));
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static Contents contents(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    long headerBytes = size < 8 ? -1 : readFully(channel, 0, 8).getLong();
    if (headerBytes < 2 || headerBytes > MAX_HEADER || headerBytes > size - 8) {
      throw damaged(file, "its header length does not fit its size");
    }
    JsonNode header = parse(file, readFully(channel, 8, (int) headerBytes));
    long dataStart = 8 + headerBytes;
    Map<String, String> metadata = new TreeMap<>();
    Map<String, Entry> entries = new LinkedHashMap<>();
    header
        .properties()
        .forEach(
            field -> {
              if (field.getKey().equals(METADATA)) {
                field
                    .getValue()
                    .properties()
                    .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
              } else {
                entries.put(
                    field.getKey(),
                    entry(file, field.getKey(), field.getValue(), size - dataStart));
              }
            });
    checkDisjoint(file, entries);
    return new Contents(entries, metadata, dataStart);
  }

  /** The tensors whose names begin so, without that beginning; the metadata stays. */
  public SafeTensors below(String beginning) {
    Map<String, Tensor> chosen = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(beginning)) {
            chosen.put(name.substring(beginning.length()), tensor);
          }
        });
    return new SafeTensors(chosen, metadata);
  }

  /**
   * Writes a whole file, or nothing: the file appears only when it is complete.
   *
   * @throws UncheckedIOException if the disk refuses
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    try (NativeScope scope = new NativeScope()) {
      WholeFile.write(
          file,
          part -> {
            try (FileChannel channel =
                FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
              writeFully(channel, header(tensors, metadata));
              for (Tensor tensor : tensors.values()) {
                writeTensor(channel, tensor.cpu().contiguous());
              }
            }
          });
    }
  }

  /**
   * @throws InputException if there is no tensor of that name, or it has another shape; -1 in the
   *     expected shape stands for any size
   */
  public Tensor get(String name, long... shape) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new InputException("tensor " + name + " is missing");
    }
    long[] actual = tensor.sizes().vec().get();
    boolean fits = actual.length == shape.length;
    for (int i = 0; fits && i < shape.length; i++) {
      fits = shape[i] == -1 || shape[i] == actual[i];
    }
    if (!fits) {
      throw new InputException(
          "tensor %s has shape %s, expected %s"
              .formatted(
                  name, Arrays.toString(actual), Arrays.toString(shape).replace("-1", "any")));
    }
    return tensor;
  }

  private static JsonNode parse(Path file, ByteBuffer header) {
    try {
      JsonNode node = JSON.readTree(StandardCharsets.UTF_8.newDecoder().decode(header).toString());
      if (node == null || !node.isObject()) {
        throw damaged(file, "its header is not a JSON object");
      }
      return node;
    } catch (CharacterCodingException e) {
      throw damaged(file, "its header is not UTF-8");
    } catch (MismatchedInputException e) {
      throw damaged(file, "its header has a name twice");
    } catch (JsonProcessingException e) {
      throw damaged(file, "its header is not JSON");
    }
  }

  private static Entry entry(Path file, String name, JsonNode node, long dataBytes) {
    JsonNode type = node.path("dtype");
    Dtype dtype =
        Arrays.stream(Dtype.values())
            .filter(known -> known.name().equals(type.asText()))
            .findFirst()
            .orElseThrow(() -> damaged(file, "tensor " + name + " has the unknown type " + type));
    JsonNode dims = node.path("shape");
    JsonNode offsets = node.path("data_offsets");
    if (!dims.isArray() || dims.size() > 8 || !offsets.isArray() || offsets.size() != 2) {
      throw damaged(file, "tensor " + name + " has no usable shape or offsets");
    }
    long[] shape = new long[dims.size()];
    long begin = offsets.get(0).asLong(-1);
    long end = offsets.get(1).asLong(-1);
    try {
      long bytes = dtype.bytes;
      for (int i = 0; i < shape.length; i++) {
        shape[i] = dims.get(i).isIntegralNumber() ? dims.get(i).asLong() : -1;
        if (shape[i] < 0) {
          throw damaged(file, "tensor " + name + " has a negative size");
        }
        bytes = Math.multiplyExact(bytes, shape[i]);
      }
      if (begin < 0 || end < begin || end > dataBytes || end - begin != bytes) {
        throw damaged(file, "the bytes of tensor " + name + " do not fit its shape or the file");
      }
    } catch (ArithmeticException e) {
      throw damaged(file, "tensor " + name + " has an impossible shape");
    }
    return new Entry(dtype, shape, begin, end);
  }

  private static void checkDisjoint(Path file, Map<String, Entry> entries) {
    long[] next = {0};
    entries.values().stream()
        .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
        .forEach(
            entry -> {
              if (entry.begin() < next[0]) {
                throw damaged(file, "its tensors overlap");
              }
              next[0] = entry.end();
            });
  }

  private static Tensor readTensor(FileChannel channel, long dataStart, Entry entry)
      throws IOException {
    Tensor tensor =
        NativeScope.compute(
            () -> torch.empty(entry.shape(), new TensorOptions(entry.dtype().type), null));
    long length = entry.end() - entry.begin();
    if (length > 0) {
      try (NativeScope scope = new NativeScope()) {
        BytePointer memory = new BytePointer(tensor.data_ptr());
        for (long done = 0; done < length; ) {
          int take = (int) Math.min(CHUNK, length - done);
          ByteBuffer view = memory.getPointer(done).capacity(take).asByteBuffer();
          readFully(channel, dataStart + entry.begin() + done, view);
          done += take;
        }
      }
    }
    return tensor;
  }

  private static ByteBuffer header(Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = root.putObject(METADATA);
      new TreeMap<>(metadata).forEach(texts::put);
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
      Tensor tensor = named.getValue();
      Dtype dtype = Dtype.of(tensor);
      ObjectNode node = root.putObject(named.getKey());
      node.put("dtype", dtype.name());
      ArrayNode shape = node.putArray("shape");
      for (long size : tensor.sizes().vec().get()) {
        shape.add(size);
      }
      long end = offset + tensor.numel() * dtype.bytes;
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = JSON.writeValueAsBytes(root);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer out = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(padded).put(json);
    while (out.hasRemaining()) {
      out.put((byte) ' ');
    }
    return out.flip();
  }

  private static void writeTensor(FileChannel channel, Tensor tensor) throws IOException {
    long length = tensor.numel() * Dtype.of(tensor).bytes;
    BytePointer memory = length == 0 ? new BytePointer() : new BytePointer(tensor.data_ptr());
    for (long done = 0; done < length; ) {
      int take = (int) Math.min(CHUNK, length - done);
      writeFully(channel, memory.getPointer(done).capacity(take).asByteBuffer());
      done += take;
    }
  }

  private static ByteBuffer readFully(FileChannel channel, long position, int bytes)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, position, buffer);
    return buffer.flip();
  }

  private static void readFully(FileChannel channel, long position, ByteBuffer target)
      throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int read = channel.read(target, at);
      if (read < 0) {
        throw new EOFException("it ends early");
      }
      at += read;
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      channel.write(source);
    }
  }

  private static InputException damaged(Path file, String what) {
    return new InputException(
        file + ": not a usable safetensors file: " + what + "; write it again or use another copy");
  }
}
