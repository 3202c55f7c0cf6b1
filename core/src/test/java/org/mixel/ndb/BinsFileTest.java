package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/** Saved bins come back as they were, and never for other data or other options. */
class BinsFileTest {
  private static final ComputeDevice CPU = ComputeDevice.CPU;
  private static final Ndb.Options OPTIONS =
      Ndb.Options.defaults()
          .withBins(List.of(4, 6))
          .withBinning(VoronoiBins.Options.defaults().withRestarts(1).withWhiten(true));

  private final Samples reference = GaussianRows.standard("reference", 100, 3, 1);
  private final Samples candidate = GaussianRows.standard("candidate", 80, 3, 2);

  @TempDir Path folder;

  private NdbReport run() {
    return Ndb.run(reference, List.of(candidate), OPTIONS, CPU, Progress.SILENT);
  }

  @Test
  void savedThenReadIsIdentityAndTwoRunsGiveTheSameBytes() throws IOException {
    Path first = folder.resolve("first.safetensors");
    Path second = folder.resolve("second.safetensors");
    NdbReport report = run();
    BinsFile.write(first, report.bins());
    BinsFile.write(second, run().bins());
    assertThat(Files.readAllBytes(second)).isEqualTo(Files.readAllBytes(first));

    List<VoronoiBins> read = BinsFile.read(first, reference, OPTIONS, Progress.SILENT);
    NdbReport again = Ndb.run(read, List.of(candidate), OPTIONS, CPU, Progress.SILENT);
    assertThat(again.toJson()).isEqualTo(report.toJson());
    for (int i = 0; i < 2; i++) {
      assertThat(read.get(i).centers()).isEqualTo(report.bins().get(i).centers());
      assertThat(read.get(i).members().of(2)).isEqualTo(report.bins().get(i).members().of(2));
    }
    assertThat(BinsFile.read(first, reference, OPTIONS.withBins(List.of(6)), Progress.SILENT))
        .hasSize(1);
  }

  @Test
  void refusesOtherDataAndOtherOptions() {
    Path file = folder.resolve("bins.safetensors");
    BinsFile.write(file, run().bins());
    assertRefused(
        file,
        GaussianRows.standard("other", 100, 3, 9),
        OPTIONS,
        file
            + ": these bins were placed on other data (reference: 100 rows of 3 dims) than"
            + " reference other (100 rows of 3 dims); give that set, or place new bins");
    assertRefused(
        file,
        reference,
        OPTIONS.withSeeds(5, 1).withBins(List.of(4)),
        file
            + ": holds no bins placed with (4 bins, kmeans, held-out, seed 5, 1 restarts, max-rows 80000,"
            + " max-dims 2000, whitened), but (4 bins, kmeans, held-out, seed 0, 1 restarts, max-rows"
            + " 80000, max-dims 2000, whitened), (6 bins, kmeans, held-out, seed 0, 1 restarts, max-rows"
            + " 80000, max-dims 2000, whitened); use the same options, or place new bins");
  }

  @Test
  void refusesDamagedFiles() {
    Path file = folder.resolve("bins.safetensors");
    BinsFile.write(file, run().bins());
    try (NativeScope scope = new NativeScope()) {
      SafeTensors content = SafeTensors.read(file);
      assertDamaged(
          with(content, "0.centers", Tensors.of(new float[6], 2, 3)),
          content.metadata(),
          "0.centers has shape [2, 3]");
      assertDamaged(
          with(content, "0.counts", Tensors.of(new long[] {1, 2, -3, 4}, 4)),
          content.metadata(),
          "a count or row does not fit");
      assertDamaged(
          with(content, "1.weights", Tensors.of(new float[] {1, Float.NaN, 1}, 3)),
          content.metadata(),
          "1.weights holds a value that is NaN");
      Map<String, String> metadata = new LinkedHashMap<>(content.metadata());
      metadata.put("0.options", "{\"bins\": -4}");
      assertDamaged(content.tensors(), metadata, "0.options cannot be used");
      metadata.put("format", "something else");
      assertDamaged(content.tensors(), metadata, "not a file of NDB bins");
    }
  }

  private static Map<String, Tensor> with(SafeTensors content, String name, Tensor tensor) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(content.tensors());
    tensors.put(name, tensor);
    return tensors;
  }

  private void assertDamaged(
      Map<String, Tensor> tensors, Map<String, String> metadata, String message) {
    Path file = folder.resolve("damaged.safetensors");
    SafeTensors.write(file, tensors, metadata);
    assertThatThrownBy(() -> BinsFile.read(file, reference, OPTIONS, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  private static void assertRefused(
      Path file, Samples reference, Ndb.Options options, String message) {
    assertThatThrownBy(() -> BinsFile.read(file, reference, options, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }
}
