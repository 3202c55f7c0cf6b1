package org.mixel.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/** Images that executors read are those that one machine reads, and so are the refusals. */
class ImagesTest {
  private static final DataOptions AS_THEY_ARE = DataOptions.defaults();

  @TempDir private Path folder;

  @BeforeEach
  void writeImages() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("b c/d"));
    Files.createDirectories(folder.resolve(".hidden"));
    write(folder.resolve("z.png"), 6, 4, BufferedImage.TYPE_BYTE_GRAY);
    write(folder.resolve("_a.PNG"), 6, 4, BufferedImage.TYPE_BYTE_GRAY);
    write(deep.resolve("m%20.png"), 6, 4, BufferedImage.TYPE_BYTE_GRAY);
    write(folder.resolve(".hidden/x.png"), 9, 9, BufferedImage.TYPE_INT_RGB);
    Files.writeString(folder.resolve("notes.txt"), "nothing");
  }

  private static void write(Path file, int width, int height, int type) throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    SplittableRandom random = new SplittableRandom(file.getFileName().hashCode());
    int bands = image.getRaster().getNumBands();
    int[] values = random.ints(width * height * bands, 0, 256).toArray();
    image.getRaster().setPixels(0, 0, width, height, values);
    assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
  }

  private Dataset<Row> files() {
    return Images.files(Sessions.local(), folder.toUri().toString());
  }

  private void requireSameAsLocal(DataOptions reading) {
    Samples local = DataSource.open(folder.toString(), reading, Progress.SILENT);
    ImageShape shape = Images.shape(files(), reading);
    assertThat(shape).isEqualTo(local.shape().orElseThrow());
    List<Row> rows = Images.decode(files(), reading, shape).collectAsList();
    assertThat(rows).hasSize(local.rows());
    ByteBuffer expected = ByteBuffer.allocate(local.dims());
    for (int i = 0; i < rows.size(); i++) {
      local.read(i, 1, expected.clear());
      assertThat(rows.get(i).<byte[]>getAs(Images.FEATURES)).isEqualTo(expected.array());
    }
  }

  @Test
  void greyImagesHaveOneChannel() {
    requireSameAsLocal(AS_THEY_ARE);
    assertThat(Images.shape(files(), AS_THEY_ARE)).isEqualTo(new ImageShape(1, 4, 6));
    assertThat(files().select("path").collectAsList())
        .extracting(row -> row.getString(0).substring(row.getString(0).lastIndexOf('/') + 1))
        .containsExactly("_a.PNG", "m%20.png", "z.png");
  }

  @Test
  void oneColouredImageGivesAllOfThemColours() throws IOException {
    write(folder.resolve("c.png"), 6, 4, BufferedImage.TYPE_INT_RGB);
    requireSameAsLocal(AS_THEY_ARE);
    assertThatThrownBy(
            () -> Images.decode(files(), AS_THEY_ARE, new ImageShape(1, 4, 6)).collectAsList())
        .hasStackTraceContaining(
            folder.resolve("c.png") + ": has colours, but the images are to be grey");
  }

  @Test
  void imagesAreCutAndResized() throws IOException {
    write(folder.resolve("wide.png"), 30, 10, BufferedImage.TYPE_INT_RGB);
    requireSameAsLocal(
        AS_THEY_ARE.withSize(new DataOptions.Size(5, 3)).withCrop(new DataOptions.Center()));
    requireSameAsLocal(AS_THEY_ARE.withCrop(new DataOptions.Box(1, 0, 4, 4)));
  }

  @Test
  void sparksOwnReaderOfFilesWillDo() {
    Dataset<Row> files =
        Sessions.local()
            .read()
            .format("binaryFile")
            .option("pathGlobFilter", "z.png")
            .load(folder.toString());
    Samples local = DataSource.open(folder.resolve("z.png").toString());
    byte[] pixels =
        Images.decode(files, AS_THEY_ARE, new ImageShape(1, 4, 6)).first().getAs(Images.FEATURES);
    assertThat(Byte.toUnsignedInt(pixels[7]) / 255f).isEqualTo(local.row(0)[7]);
  }

  @Test
  void unusableFilesAreNamed() throws IOException {
    write(folder.resolve("t.png"), 5, 5, BufferedImage.TYPE_BYTE_GRAY);
    requireSameRefusal(folder.resolve("t.png") + ": 5x5, but the data set is 6x4; add `size` 6x4");
    Files.writeString(folder.resolve("e.png"), "not an image");
    requireSameRefusal(
        folder.resolve("e.png")
            + ": is not a PNG, JPEG, BMP, GIF, WebP or TIFF image; remove it or save it anew");
    assertThatThrownBy(() -> Images.files(Sessions.local(), folder.resolve(".hidden/y").toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("y: cannot be read");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> Images.files(Sessions.local(), empty.toString()))
        .hasMessage(empty + ": holds no images");
  }

  private void requireSameRefusal(String message) {
    assertThatThrownBy(() -> DataSource.open(folder.toString())).hasMessage(message);
    assertThatThrownBy(() -> Images.shape(files(), AS_THEY_ARE))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void arraysOfParquetAndImagesAreFitted() {
    Dataset<Row> pixels = Images.decode(files(), AS_THEY_ARE, new ImageShape(1, 4, 6));
    MixtureOfFactorAnalyzers estimator =
        new MixtureOfFactorAnalyzers().setK(1).setFactors(1).setImageShape("1x4x6").setMaxIter(2);
    List<Double> expected = estimator.fit(pixels.coalesce(1)).trainLogLikelihood();
    String parquet = folder.resolve("pixels.parquet").toString();
    pixels.coalesce(1).write().parquet(parquet);
    assertThat(estimator.fit(Sessions.local().read().parquet(parquet)).trainLogLikelihood())
        .isEqualTo(expected);
    String floats = folder.resolve("floats.parquet").toString();
    float[][] pictures = Sessions.pictures(50, 4, 1);
    Dataset<Row> arrays =
        Sessions.of(
            Sessions.FLOATS, java.util.Arrays.stream(pictures).map(Sessions::boxed).toList(), 1);
    arrays.write().parquet(floats);
    estimator = estimator.setImageShape("1x4x4");
    assertThat(estimator.fit(Sessions.local().read().parquet(floats)).trainLogLikelihood())
        .isEqualTo(estimator.fit(arrays).trainLogLikelihood());
  }
}
