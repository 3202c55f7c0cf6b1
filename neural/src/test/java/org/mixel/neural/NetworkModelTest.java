package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSampler;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.neural.network.Parameters;
import org.mixel.neural.network.Pyramid;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * Files of models: what was saved draws the same rows again, and a file that was tampered with is
 * refused in one line, before memory is taken for what it claims.
 */
@ExtendWith(OneThread.class)
class NetworkModelTest {
  private static final ImageShape IMAGE = new ImageShape(1, 14, 14);
  private static final ImageShape GIVEN = new ImageShape(1, 7, 7);

  @TempDir Path folder;

  private Path saved(Recipe recipe) {
    Path file = folder.resolve(recipe.kind() + ".safetensors");
    Architecture architecture =
        new Architecture(
            recipe.kind(),
            IMAGE.dims(),
            IMAGE,
            2,
            recipe.needsMixture() ? 0 : 3,
            recipe.translates() ? GIVEN : null,
            recipe.translates() ? 0 : Pyramid.of(IMAGE, recipe.smallestSide()).levels());
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(1);
        Scaling scaling = Scaling.of(ComputeDevice.CPU, 0.5, 0.5);
        MixtureOfFactorAnalyzers mixture = mixture()) {
      Parameters.Source source =
          Parameters.Source.fresh(random, ComputeDevice.CPU, ScalarType.Float)
              .with(
                  "mixture.",
                  Parameters.Source.stored(
                      MixtureGenerator.parametersOf(mixture, scaling), ComputeDevice.CPU));
      try (Generator generator = recipe.generator(architecture, source)) {
        new NetworkModel(architecture, scaling, generator).save(file, Map.of("seed", "1"));
      }
    }
    return file;
  }

  private static MixtureOfFactorAnalyzers mixture() {
    float[] values = new float[2 * GIVEN.dims()];
    Arrays.fill(values, 0.25f);
    return MixtureOfFactorAnalyzers.of(
        Tensors.of(new float[2], 2),
        Tensors.of(values, 2, GIVEN.dims()),
        Tensors.of(values, 2, 1, GIVEN.dims()),
        Tensors.of(values, 2, GIVEN.dims()),
        GIVEN,
        Map.of());
  }

  /** The file with something changed. */
  private Path tampered(Path file, BiConsumer<Map<String, Tensor>, Map<String, String>> change) {
    Path copy = folder.resolve("tampered.safetensors");
    try (NativeScope scope = new NativeScope()) {
      SafeTensors stored = SafeTensors.read(file);
      Map<String, Tensor> tensors = new LinkedHashMap<>(stored.tensors());
      Map<String, String> metadata = new TreeMap<>(stored.metadata());
      change.accept(tensors, metadata);
      SafeTensors.write(copy, tensors, metadata);
    }
    return copy;
  }

  private static void assertRefused(Path file, String what) {
    assertThatThrownBy(() -> NetworkModel.load(file, ComputeDevice.CPU).close())
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": not a usable model: ")
        .hasMessageContaining(what)
        .hasMessageNotContaining("\n");
  }

  @Test
  void theSameSeedDrawsTheSameRowsFromAFile() {
    Path file = saved(new Dcgan());
    assertThat(NetworkModel.isOne(file)).isTrue();
    assertThat(ModelSampler.isModel(file)).isTrue();
    try (NetworkModel model = NetworkModel.load(file, ComputeDevice.CPU);
        RowSampler one = model.sampler(5);
        RowSampler again = model.sampler(5);
        RowSampler other = model.sampler(6);
        RowSampler opened = ModelSampler.open(file, false, 5, ComputeDevice.CPU)) {
      float[] rows = one.nextRows(3);
      assertThat(rows).hasSize(3 * IMAGE.dims()).doesNotContain(Float.NaN);
      assertThat(again.nextRows(3)).isEqualTo(rows);
      assertThat(opened.nextRows(3)).isEqualTo(rows);
      assertThat(other.nextRows(3)).isNotEqualTo(rows);
      assertThat(one.nextRows(3)).isNotEqualTo(rows);
      assertThat(opened.shape()).contains(IMAGE);
      assertThat(model.architecture())
          .isEqualTo(new Architecture("dcgan", IMAGE.dims(), IMAGE, 2, 3, null, 2));
    }
    assertThatThrownBy(() -> ModelSampler.open(file, true, 5, ComputeDevice.CPU))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": a dcgan has no pixel noise to add; leave out `noise`");
  }

  @Test
  void missingAndMisshapenTensorsAreNamed() {
    Path file = saved(new Dcgan());
    assertRefused(
        tampered(file, (tensors, texts) -> tensors.remove("generator.0.bias")),
        "tensor generator.0.bias is missing");
    assertRefused(
        tampered(file, (tensors, texts) -> tensors.remove("scaling.factor")),
        "tensor scaling.factor is missing");
    assertRefused(
        tampered(
            file, (tensors, texts) -> tensors.put("generator.0.bias", Tensors.of(new float[4], 4))),
        "tensor generator.0.bias has shape [4], expected [36]");
    assertRefused(
        tampered(
            file, (tensors, texts) -> tensors.put("scaling.offset", Tensors.of(new float[7], 7))),
        "the scaling does not fit rows of 196 values");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "width | 4097 | `width` must be from 1 to 4096, got 4097",
        "width | 0 | `width` must be from 1 to 4096, got 0",
        "width | 4096 | expected [73728, 3]",
        "width | 99999999999 | width is no number: 99999999999",
        "width | -1 | width is no number: -1",
        "latent | 999999999 | `latent` must be from 1 to 65536, got 999999999",
        "latent | 65536 | expected [36, 65536]",
        "dims | 999999999 | dims must be from 1 to 16777216, got 999999999",
        "dims | 195 | images do not have 195 values",
        "image_shape | 3,99999999,99999999 | unusable image size",
        "image_shape | 1,0,196 | unusable image size",
        "image_shape | 1,196,1 | cannot be halved",
        "image_shape | 2,7,14 | images have 1 or 3 channels, got 2",
        "image_shape | everything | image_shape is not channels,height,width: everything",
        "given_shape | 1,7,7 | images are translated by pix2pix alone",
        "levels | 9 | cannot be halved 9 times",
        "levels | 33 | cannot be halved 33 times",
        "levels | 0 | cannot be halved often enough",
        "mixel_model | gan | no model is called 'gan'",
        "mixel_model | pix2pix | images are translated by pix2pix alone, and always there",
        "mixel_model | adversarial-mfa | tensor log_weights is missing",
        "mixel_model | vae | tensor generator.4.weight is missing",
      })
  void impossibleMetadataAreRefused(String name, String value, String what) {
    Path file = saved(new Dcgan());
    assertRefused(tampered(file, (tensors, texts) -> texts.put(name, value)), what);
  }

  @Test
  void hugeImagesAreRefusedForWhatTheFileLacks() {
    Path file = saved(new Dcgan());
    assertRefused(
        tampered(
            file,
            (tensors, texts) -> {
              texts.put("image_shape", "1,4096,4096");
              texts.put("dims", "16777216");
              texts.put("levels", "10");
              texts.put("width", "4096");
              texts.put("latent", "65536");
            }),
        "expected [33554432, 65536]");
  }

  @Test
  void missingMetadataAreNamed() {
    Path file = saved(new Vae());
    assertRefused(
        tampered(file, (tensors, texts) -> texts.remove("latent")), "its metadata lack latent");
    assertRefused(
        tampered(file, (tensors, texts) -> texts.remove("image_shape")),
        "vae is trained on images, but rows are numbers without shape");
  }

  @Test
  void aTranslationNeedsAMixtureOfItsSize() {
    Path file = saved(new Pix2Pix());
    try (NetworkModel model = NetworkModel.load(file, ComputeDevice.CPU);
        RowSampler sampler = model.sampler(1)) {
      assertThat(sampler.nextRows(2)).hasSize(2 * IMAGE.dims()).doesNotContain(Float.NaN);
    }
    assertRefused(
        tampered(file, (tensors, texts) -> texts.put("given_shape", "1,8,8")),
        "tensor means has shape [2, 49], expected [2, 64]");
    assertRefused(
        tampered(file, (tensors, texts) -> texts.put("given_shape", "3,7,7")),
        "the mixture is of 7x7x3 images, but the data are 14x14");
    assertRefused(
        tampered(file, (tensors, texts) -> tensors.remove("mixture.loadings")),
        "tensor loadings is missing");
  }

  @Test
  void otherFilesAreNoModels() throws Exception {
    Path file = folder.resolve("other");
    assertThat(NetworkModel.isOne(file)).isFalse();
    Files.write(file, new byte[100]);
    assertThat(NetworkModel.isOne(file)).isFalse();
    assertThat(ModelSampler.isModel(file)).isFalse();
    assertThatThrownBy(() -> NetworkModel.load(file, ComputeDevice.CPU))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file.toString());
  }

  @Test
  void kindsAreCalledByTheirNames() {
    for (Recipe recipe : Recipe.all()) {
      assertThat(Recipe.of(recipe.kind())).isEqualTo(recipe);
    }
    assertThatThrownBy(() -> Recipe.of("stylegan"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "no model is called 'stylegan'; there are dcgan, wgan, wgan-gp, began, vae, vae-dfc,"
                + " adversarial-mfa, pix2pix");
  }
}
