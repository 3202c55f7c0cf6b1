package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.DataOptions;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;
import org.mixel.metric.FeatureCache;
import org.mixel.metric.FeatureNetwork;
import org.mixel.ndb.Ndb;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Option;

/** The values of each row that a command compares: its pixels, or features of it. */
final class FeatureChoice {
  @Option(
      names = "--features",
      paramLabel = "NET.pt|REF.npy,CAND.npy,...",
      description = {
        "Compare features instead of pixels: those that a TorchScript network gives of images"
            + " (float32 [n,c,h,w], pixels in [0, 1]; a program, so take only what you trust), or"
            + " those of arrays, one for each set in the order of the sets, row by row. What a"
            + " network gave is kept for the next run."
      })
  private @Nullable String features;

  /** The option as the user wrote it; null without it. */
  @Nullable String text() {
    return features;
  }

  /** Whether arrays are compared, and the sets themselves are not looked at. */
  boolean stored() {
    return features != null && features.toLowerCase(Locale.ROOT).matches(".*\\.(npy|npz)(#[^,]*)?");
  }

  /** Says what will be read. */
  void addTo(Places places) {
    if (features != null) {
      places.reads(features);
      List.of(features.split(",")).forEach(places::reads);
    }
  }

  /**
   * The compared values of each set, under the name of the set.
   *
   * @return the sets themselves without the option
   * @throws InputException if the features cannot be had, or are not of these sets
   */
  List<Samples> of(List<Samples> sets, ComputeDevice device, Session session) {
    if (features == null) {
      return sets;
    }
    require(
        !features.toLowerCase(Locale.ROOT).endsWith(".onnx"),
        "--features %s: ONNX is not read; write the network with torch.jit.trace(network, images).save('features.pt')"
            .formatted(features));
    if (stored()) {
      return stored(features.split(","), sets, session);
    }
    try (FeatureNetwork network = FeatureNetwork.load(Path.of(features), device)) {
      FeatureCache cache = FeatureCache.ofUser();
      return sets.stream().map(set -> cache.features(network, set, session.progress())).toList();
    }
  }

  private static List<Samples> stored(String[] files, List<Samples> sets, Session session) {
    require(
        files.length == sets.size(),
        "--features needs an array for each set: %d for %s, got %d"
            .formatted(
                sets.size(),
                String.join(", ", sets.stream().map(Samples::name).toList()),
                files.length));
    List<Samples> features = new ArrayList<>();
    for (int i = 0; i < files.length; i++) {
      Samples set = sets.get(i);
      Samples rows = DataSource.open(files[i], DataOptions.defaults(), session.progress());
      require(
          rows.rows() == set.rows(),
          "--features: %s has %d rows, but %s has %d; give the features of every row"
              .formatted(files[i], rows.rows(), set.name(), set.rows()));
      Samples plain = rows.withoutShape();
      Ndb.requireUsable("features", plain, i == 0 ? plain : features.get(0));
      features.add(plain.named(set.name()));
    }
    return features;
  }
}
