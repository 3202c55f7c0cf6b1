package org.mixel.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mixel.data.DataOptions;
import org.mixel.data.RowSampler;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;
import org.mixel.neural.ModelSampler;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Option;

/** How a command's data are to be read. */
final class DataReading {
  @Option(
      names = "--layout",
      paramLabel = "nhwc|nchw",
      description =
          "Order of the axes of a four-dimensional array (default: found from its shape).")
  private @Nullable String layout;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      description = "Resize images (default: keep their size; it must be the same for all).")
  private @Nullable String size;

  @Option(
      names = "--crop",
      paramLabel = "L,T,W,H|center",
      description = "Cut out a part of each image, before resizing.")
  private @Nullable String crop;

  /**
   * Opens data of any form, or draws rows of a model.
   *
   * @param text what the user wrote: a path or a name; a model's file stands for rows of it
   * @param count how many rows to draw from a model
   * @throws org.mixel.InputException if it cannot be read, or the options cannot be understood
   */
  Samples openOrDraw(String text, int count, ComputeDevice device, Session session) {
    Optional<Path> file = Places.path(text).filter(ModelSampler::isModel);
    if (file.isEmpty()) {
      return open(text, session);
    }
    try (RowSampler sampler = ModelSampler.open(file.get(), false, session.seed(), device)) {
      session.note("%s: a model; %,d rows are drawn".formatted(text, count));
      return sampler.take(text, count, session.progress());
    }
  }

  /**
   * Opens data of any form.
   *
   * @param data what the user wrote: a path or a name
   * @throws org.mixel.InputException if it cannot be read, or the options cannot be understood
   */
  Samples open(String data, Session session) {
    return DataSource.open(data, options(), session.progress());
  }

  /**
   * How data are to be read.
   *
   * @throws org.mixel.InputException if an option cannot be understood
   */
  DataOptions options() {
    return new DataOptions(
        layout == null ? null : DataOptions.Layout.parse(layout),
        size == null ? null : DataOptions.Size.parse(size),
        crop == null ? null : DataOptions.Crop.parse(crop));
  }
}
