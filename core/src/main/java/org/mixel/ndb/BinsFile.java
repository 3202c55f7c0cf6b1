package org.mixel.ndb;

import static org.mixel.InputException.require;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * Sets of bins of one reference in a safetensors file, so that they need not be placed again.
 *
 * <p>Set {@code i} is stored as {@code i.centers} float32 {@code [K, d]}, {@code i.counts} int64
 * {@code [K]}, {@code i.members} int64 {@code [K, m]} (row numbers, filled up with -1), when
 * whitened {@code i.weights} float32 {@code [d]} and, for vectors far from zero, {@code i.origin}
 * float64 {@code [d]}, which is to be added to the centers; its options are JSON in the metadata,
 * beside the size and SHA-256 of the reference and, if rows of another set were counted, of that
 * set. Equal bins give equal bytes.
 */
public final class BinsFile {
  private static final String FORMAT = "mixel-ndb-bins-2";

  /** With an origin, which readers of the other format would not add. */
  private static final String FORMAT_WITH_ORIGIN = "mixel-ndb-bins-3";

  /** With counts of another set, perhaps with an origin. */
  private static final String FORMAT_WITH_COUNTED = "mixel-ndb-bins-4";

  private static final Set<String> FORMATS =
      Set.of(FORMAT, FORMAT_WITH_ORIGIN, FORMAT_WITH_COUNTED);

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private BinsFile() {}

  /**
   * @param file appears whole or not at all
   * @param bins of one reference, at least one
   */
  public static void write(Path file, List<VoronoiBins> bins) {
    Map<String, String> metadata = new LinkedHashMap<>();
    boolean far = bins.stream().anyMatch(each -> each.placement().origin() != null);
    Fingerprint counted = bins.get(0).counted();
    metadata.put(
        "format", counted != null ? FORMAT_WITH_COUNTED : far ? FORMAT_WITH_ORIGIN : FORMAT);
    Fingerprint reference = bins.get(0).reference();
    metadata.put("reference", toJson(reference));
    if (counted != null) {
      metadata.put("counted", toJson(counted));
    }
    try (NativeScope scope = new NativeScope()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (int i = 0; i < bins.size(); i++) {
        if (!bins.get(i).reference().sameRows(reference)) {
          throw new IllegalArgumentException("the sets of bins are of different references");
        }
        metadata.put(i + ".options", toJson(bins.get(i).options()));
        addTensors(tensors, i + ".", bins.get(i));
      }
      SafeTensors.write(file, tensors, metadata);
    }
  }

  /** Reads sets of bins in which rows of the reference were counted. */
  public static List<VoronoiBins> read(
      Path file, Samples reference, Ndb.Options options, Progress progress) {
    return read(file, reference, null, options, progress);
  }

  /**
   * Reads the sets of bins that the options ask for; the file may hold others.
   *
   * @param reference the set that the bins were made from; it is hashed
   * @param counted the set that was counted in place of the reference, which is hashed, too; null
   *     for none
   * @return in the order in which {@link Ndb} would place them
   * @throws InputException if the file is damaged, was made from other rows, or lacks bins that
   *     were placed in this way
   */
  public static List<VoronoiBins> read(
      Path file,
      Samples reference,
      @Nullable Samples counted,
      Ndb.Options options,
      Progress progress) {
    List<VoronoiBins> stored = read(file);
    Fingerprint here = Fingerprint.of(reference, progress);
    Fingerprint there = stored.get(0).reference();
    require(
        there.sameRows(here),
        "%s: these bins were placed on other data (%s: %s) than reference %s (%s); give that set, or place new bins"
            .formatted(file, there.name(), there.size(), here.name(), here.size()));
    Fingerprint unseen = counted == null ? null : Fingerprint.of(counted, progress);
    requireCounted(file, stored.get(0).counted(), unseen);
    List<VoronoiBins> chosen = new ArrayList<>();
    for (VoronoiBins.Options wanted : options.binnings()) {
      VoronoiBins bins =
          stored.stream()
              .filter(each -> each.options().equals(wanted))
              .findFirst()
              .orElseThrow(() -> missing(file, wanted, stored))
              .named(here, unseen);
      try {
        chosen.add(
            bins.counting(counted == null ? reference : counted, ComputeDevice.CPU, progress));
      } catch (InputException e) {
        // The same rows were counted in these bins before.
        throw new InputException(
            file + ": damaged: its centers cannot be those of these rows; place the bins again", e);
      }
    }
    return chosen;
  }

  private static void requireCounted(
      Path file, @Nullable Fingerprint there, @Nullable Fingerprint here) {
    boolean same = there == null || here == null ? there == here : there.sameRows(here);
    require(
        same,
        "%s: %s, but %s; give the same set as `counted`, or place new bins"
            .formatted(
                file,
                there == null
                    ? "rows of the reference were counted in these bins"
                    : "rows of %s (%s) were counted in these bins"
                        .formatted(there.name(), there.size()),
                here == null
                    ? "now no set is given to be counted"
                    : "now %s (%s) is to be counted".formatted(here.name(), here.size())));
  }

  private static InputException missing(
      Path file, VoronoiBins.Options wanted, List<VoronoiBins> stored) {
    return new InputException(
        "%s: holds no bins placed with (%s), but %s; use the same options, or place new bins"
            .formatted(
                file,
                wanted,
                stored.stream()
                    .map(bins -> "(" + bins.options() + ")")
                    .limit(4)
                    .collect(Collectors.joining(", "))));
  }

  private static List<VoronoiBins> read(Path file) {
    try (NativeScope scope = new NativeScope()) {
      SafeTensors content = SafeTensors.read(file);
      Map<String, String> metadata = content.metadata();
      String format = metadata.get("format");
      if (format == null || !FORMATS.contains(format)) {
        throw new InputException(
            file + ": not a file of NDB bins; give one that was saved with `saveBins`");
      }
      try {
        Fingerprint reference = fromJson(metadata, "reference", Fingerprint.class);
        Fingerprint counted =
            format.equals(FORMAT_WITH_COUNTED)
                ? fromJson(metadata, "counted", Fingerprint.class)
                : null;
        List<VoronoiBins> stored = new ArrayList<>();
        do {
          stored.add(readSet(content, stored.size(), reference, counted));
        } while (metadata.containsKey(stored.size() + ".options"));
        return stored;
      } catch (InputException e) {
        throw new InputException(
            file + ": damaged: " + e.getMessage() + "; place the bins again", e);
      }
    }
  }

  private static void addTensors(Map<String, Tensor> tensors, String prefix, VoronoiBins bins) {
    int k = bins.bins();
    double[] origin = bins.placement().origin();
    if (origin != null) {
      tensors.put(prefix + "origin", Tensors.of(origin, bins.dims()));
    }
    tensors.put(prefix + "centers", Tensors.of(bins.placement().centers(), k, bins.dims()));
    tensors.put(prefix + "counts", Tensors.indices(bins.counts()));
    long[] members = new long[k * BinMembers.PER_BIN];
    Arrays.fill(members, -1);
    for (int bin = 0; bin < k; bin++) {
      int[] rows = bins.members().of(bin);
      for (int i = 0; i < rows.length; i++) {
        members[bin * BinMembers.PER_BIN + i] = rows[i];
      }
    }
    tensors.put(prefix + "members", Tensors.of(members, k, BinMembers.PER_BIN));
    bins.weights()
        .ifPresent(weights -> tensors.put(prefix + "weights", Tensors.of(weights, bins.dims())));
  }

  private static VoronoiBins readSet(
      SafeTensors content, int set, Fingerprint reference, @Nullable Fingerprint other) {
    VoronoiBins.Options options =
        fromJson(content.metadata(), set + ".options", VoronoiBins.Options.class);
    int k = options.bins();
    int dims = reference.dims();
    float[] centers = finite(content, set + ".centers", k, dims);
    float[] weights = options.whiten() ? finite(content, set + ".weights", dims) : null;
    boolean far = content.tensors().containsKey(set + ".origin");
    double[] origin = far ? Tensors.doubles(content.get(set + ".origin", dims)) : null;
    for (int j = 0; origin != null && j < dims; j++) {
      require(Double.isFinite(origin[j]), "the origin holds a value that is NaN or infinite");
    }
    int most = other == null ? reference.rows() : other.rows();
    int[] counts = integers(content.get(set + ".counts", k), 0, most);
    long counted = IntStream.of(counts).asLongStream().sum();
    require(counted >= 1 && counted <= most, "the counts do not fit the reference");
    int[] members = integers(content.get(set + ".members", k, BinMembers.PER_BIN), -1, most - 1);
    int[][] rows = new int[k][];
    for (int bin = 0; bin < k; bin++) {
      int from = bin * BinMembers.PER_BIN;
      rows[bin] =
          Arrays.stream(members, from, from + BinMembers.PER_BIN).filter(row -> row >= 0).toArray();
    }
    return new VoronoiBins(
        options,
        reference,
        other,
        new Placement(k, centers, weights, origin),
        counts,
        null,
        BinMembers.of(rows));
  }

  private static float[] finite(SafeTensors content, String name, long... shape) {
    float[] values = Tensors.floats(content.get(name, shape));
    for (float value : values) {
      require(Float.isFinite(value), name + " holds a value that is NaN or infinite");
    }
    return values;
  }

  private static int[] integers(Tensor tensor, int least, int most) {
    long[] wide = Tensors.longs(tensor);
    int[] numbers = new int[wide.length];
    for (int i = 0; i < wide.length; i++) {
      require(wide[i] >= least && wide[i] <= most, "a count or row does not fit the reference");
      numbers[i] = (int) wide[i];
    }
    return numbers;
  }

  private static String toJson(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain records can be written", e);
    }
  }

  private static <T> T fromJson(Map<String, String> metadata, String key, Class<T> type) {
    String text = metadata.get(key);
    try {
      T value = text == null ? null : JSON.readValue(text, type);
      if (value != null) {
        return value;
      }
    } catch (JsonProcessingException e) {
      throw new InputException("its metadata " + key + " cannot be used", e);
    }
    throw new InputException("its metadata " + key + " is missing");
  }
}
