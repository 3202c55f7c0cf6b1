package org.mixel.neural;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mixel.data.ImageShape;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;

/**
 * Samples of a mixture, made sharper by a network (Richardson and Weiss 2018, section 5.1). The
 * results may be larger than the images of the mixture, which are then enlarged first.
 *
 * @param mixture whose rows are translated; stays as it is
 * @param parameters of the network
 * @param network from {@code [n, d]} to {@code [n, d]}
 * @param given the shape of the mixture's images
 * @param image the shape of the results
 */
public record TranslatedMixture(
    MixtureGenerator mixture,
    Parameters parameters,
    Network network,
    ImageShape given,
    ImageShape image)
    implements Generator {
  @Override
  public Tensor draw(RandomStream random, int count, boolean training) {
    return network.forward(given(random, count), training);
  }

  /** Samples of the mixture at the size of the result, {@code [count, d]}. */
  Tensor given(RandomStream random, int count) {
    return enlarge(mixture.drawNoiseless(random, count).detach());
  }

  /** The mixture's images at the size of the results, {@code [n, d]}, by linear interpolation. */
  public Tensor enlarge(Tensor rows) {
    if (given.equals(image)) {
      return rows;
    }
    return NativeScope.compute(
        () -> {
          Tensor maps = rows.view(-1, given.channels(), given.height(), given.width());
          long[] size = {image.height(), image.width()};
          return torch
              .upsample_bilinear2d(maps, size, false, new DoubleOptional(), new DoubleOptional())
              .reshape(-1, image.dims());
        });
  }

  /** Images at the size of the mixture's, {@code [n, given]}, by averages. */
  public Tensor reduce(Tensor rows) {
    if (given.equals(image)) {
      return rows;
    }
    return NativeScope.compute(
        () ->
            torch
                .adaptive_avg_pool2d(
                    rows.view(-1, image.channels(), image.height(), image.width()),
                    given.height(),
                    given.width())
                .reshape(-1, given.dims()));
  }

  @Override
  public Map<String, Tensor> named() {
    Map<String, Tensor> named = new LinkedHashMap<>(parameters.named());
    mixture.named().forEach((name, tensor) -> named.put("mixture." + name, tensor));
    return named;
  }

  @Override
  public void close() {
    parameters.close();
    mixture.close();
  }
}
