package org.mixel.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;

/** Features are what the network makes of pixels in [0, 1], row by row; other files are refused. */
class FeatureNetworkTest {
  private static final ImageShape SHAPE = new ImageShape(3, 4, 5);

  @TempDir Path folder;

  private Path network(String body) {
    Path file = folder.resolve("network.pt");
    try (NativeScope scope = new NativeScope()) {
      JitModule module = new JitModule(new QualifiedName("__torch__.network"));
      module.define("def forward(self, x):\n    " + body + "\n");
      module.save(file.toString());
    }
    return file;
  }

  private static Samples images(int rows) {
    byte[] pixels = new byte[rows * SHAPE.dims()];
    new Random(1).nextBytes(pixels);
    return StoredSamples.ofBytes("images", SHAPE, pixels);
  }

  private Samples features(String body, Samples images) {
    try (FeatureNetwork network = FeatureNetwork.load(network(body), ComputeDevice.CPU)) {
      return network.of(images, Progress.SILENT);
    }
  }

  @Test
  void channelMeansOfMoreThanOneBatch() {
    Samples images = images(150);
    Samples features = features("return x.mean(3, True).mean(2, True)", images);
    assertThat(features.rows()).isEqualTo(150);
    assertThat(features.dims()).isEqualTo(3);
    assertThat(features.shape()).isEmpty();
    assertThat(features.name()).isEqualTo("images");
    for (int row : new int[] {0, 63, 64, 149}) {
      float[] pixels = images.row(row);
      for (int c = 0; c < 3; c++) {
        double mean = 0;
        for (int j = 0; j < 20; j++) {
          mean += pixels[20 * c + j] / 20;
        }
        assertThat((double) features.row(row)[c]).isCloseTo(mean, within(1e-6));
      }
    }
  }

  @Test
  void refusesWhatIsNoNetworkOfTheseImages() throws IOException {
    Path text = Files.writeString(folder.resolve("text.pt"), "no network");
    assertThatThrownBy(() -> FeatureNetwork.load(text, ComputeDevice.CPU))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(text + ": not a TorchScript network; write one");
    assertThatThrownBy(() -> FeatureNetwork.load(folder.resolve("none.pt"), ComputeDevice.CPU))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("none.pt: no such file");
    assertThatThrownBy(() -> features("return x.view(-1, 7)", images(3)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("network.pt: cannot take 5x4x3 images: ")
        .hasMessageContaining("invalid for input of size");
    assertThatThrownBy(() -> features("return x.mean()", images(3)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("gives 1 numbers for 3 images and 1 for one");
    assertThatThrownBy(() -> features("return (x, x)", images(3)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("must return one tensor");
    assertThatThrownBy(() -> features("return x[:, :0]", images(3)))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("network.pt: gives no numbers for an image; take another network");
    Samples plain = StoredSamples.ofFloats("plain", 4, null, new float[8]);
    assertThatThrownBy(() -> features("return x", plain))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("plain: its rows are not images");
  }

  @Test
  void tellsWhoseTheFeaturesAreThatAreNotFinite() {
    assertThatThrownBy(() -> features("return x / (x - x)", images(3).named("digits")))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(
            "network.pt: gives NaN or infinite numbers for row 0 of digits, whose pixels are"
                + " finite; mend the network, which takes pixels in [0, 1]");
    float[] pixels = new float[3 * SHAPE.dims()];
    pixels[SHAPE.dims() + 4] = Float.NaN;
    Samples holes = StoredSamples.ofFloats("holes", SHAPE.dims(), SHAPE, pixels);
    assertThatThrownBy(() -> features("return x", holes))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "row 1 of holes holds a value that is NaN or infinite; remove the row or mend the"
                + " value");
  }
}
