package org.mixel.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mixel.Progress;
import org.mixel.WholeFile;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSampler;
import org.mixel.data.Samples;
import org.mixel.figure.Figure;
import org.mixel.figure.Ink;
import org.mixel.figure.Mosaic;
import org.mixel.figure.PlaneLayer;
import org.mixel.figure.PlanePlot;
import org.mixel.figure.PlaneRange;
import org.mixel.figure.Tile;
import org.mixel.neural.NetworkTrainer;

/**
 * Rows of a model as pictures: a mosaic of images, or points in the plane over those of the data.
 */
public final class SamplePictures implements NetworkTrainer.Painter {
  private static final int IMAGES = 64;
  private static final int POINTS = 2_000;
  private static final Pattern STEP = Pattern.compile("step-([0-9]{8,18})\\.png");

  private final Path folder;
  private final Samples data;

  private SamplePictures(Path folder, Samples data) {
    this.folder = folder;
    this.data = data;
  }

  /**
   * Paints a training: {@code step-00001000.png} in a folder.
   *
   * @param folder made when there is something to paint
   * @param data the training data; nothing is painted if its rows are neither images nor points in
   *     the plane
   */
  public static SamplePictures of(Path folder, Samples data) {
    return new SamplePictures(folder, data);
  }

  /** Deletes pictures of later steps. */
  @Override
  public void begin(long done) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Matcher step = STEP.matcher(file.getFileName().toString());
        if (step.matches() && Long.parseLong(step.group(1)) > done) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw WholeFile.failure(folder, e);
    }
  }

  @Override
  public void paint(long step, RowSampler sampler) {
    picture(data, sampler).ifPresent(figure -> figure.writePng(file(folder, step)));
  }

  /** The picture of a step in the folder of a training. */
  public static Path file(Path folder, long step) {
    return folder.resolve(String.format(Locale.ROOT, "step-%08d.png", step));
  }

  /** Samples of a model; nothing if rows are neither images nor points in the plane. */
  private static Optional<Figure> picture(Samples data, RowSampler sampler) {
    ImageShape shape = data.shape().orElse(null);
    if (shape != null) {
      return Optional.of(mosaic(sampler.take("samples", IMAGES, Progress.SILENT), shape));
    }
    if (data.dims() != 2) {
      return Optional.empty();
    }
    PlaneLayer known = points("data", data, Ink.BAND);
    PlaneLayer drawn =
        points("samples", sampler.take("samples", POINTS, Progress.SILENT), Ink.FIRST);
    return Optional.of(
        PlanePlot.of(
            PlaneRange.around(List.of(known)),
            List.of(known, drawn),
            PlanePlot.Options.defaults()));
  }

  /** At most 2,000 rows, from the whole set, as points. */
  public static PlaneLayer.Scatter points(String name, Samples rows, Ink ink) {
    Samples shown = rows.spread(POINTS);
    float[] values = new float[2 * shown.rows()];
    for (int i = 0; i < shown.rows(); i++) {
      System.arraycopy(shown.row(i), 0, values, 2 * i, 2);
    }
    return PlaneLayer.Scatter.of(name, values, ink);
  }

  /** All rows of a set side by side, in as many columns as rows of them. */
  public static Mosaic mosaic(Samples images, ImageShape shape) {
    int columns = (int) Math.ceil(Math.sqrt(images.rows()));
    return Mosaic.of(
        shape,
        IntStream.range(0, images.rows()).mapToObj(i -> Tile.of(images.row(i))).toList(),
        Mosaic.Options.defaults()
            .withColumns(columns)
            .withScale(columns <= 20 ? Mosaic.Options.readableScale(shape) : 1));
  }
}
