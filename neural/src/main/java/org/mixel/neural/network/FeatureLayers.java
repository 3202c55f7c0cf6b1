package org.mixel.neural.network;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.mixel.data.ImageShape;

/**
 * A classifier in the style of VGG (Simonyan and Zisserman 2015): blocks of two 3x3 convolutions
 * with rectifiers and a pooling, at most three, the channels doubling from block to block; then one
 * dense layer. The outputs of the first rectifier of each block are features of the image ({@code
 * relu1_1}, {@code relu2_1}, {@code relu3_1}).
 */
public final class FeatureLayers implements Network {
  private static final int MOST_BLOCKS = 3;
  private static final int SMALLEST_SIDE = 4;

  private final List<Network> taps = new ArrayList<>();
  private final List<Network> rest = new ArrayList<>();
  private final Network head;

  /**
   * @param shape of the images
   * @param width channels of the first block
   * @param classes number of classes
   */
  public FeatureLayers(Parameters parameters, ImageShape shape, int width, int classes) {
    int channels = shape.channels();
    int height = shape.height();
    int breadth = shape.width();
    int blocks = 0;
    while (blocks < MOST_BLOCKS && (blocks == 0 || Math.min(height, breadth) >= SMALLEST_SIDE)) {
      int inner = width << blocks;
      String name = "block" + blocks;
      taps.add(
          Stack.Builder.ofMaps(
                  parameters, name + ".first", WeightRule.HE, channels, height, breadth)
              .convolutionBeforeNorm(inner, 3, 1, 1)
              .batchNorm()
              .relu()
              .build());
      rest.add(
          Stack.Builder.ofMaps(parameters, name + ".second", WeightRule.HE, inner, height, breadth)
              .convolutionBeforeNorm(inner, 3, 1, 1)
              .batchNorm()
              .relu()
              .maxPool()
              .build());
      channels = inner;
      height /= 2;
      breadth /= 2;
      blocks++;
    }
    head =
        Stack.Builder.ofMaps(parameters, "head", WeightRule.GLOROT, channels, height, breadth)
            .linear(classes)
            .build();
  }

  /**
   * The features of images.
   *
   * @param rows {@code [n, d]}
   * @return one tensor {@code [n, channels, height, width]} for each block
   */
  public List<Tensor> features(Tensor rows) {
    List<Tensor> features = new ArrayList<>();
    Tensor value = rows;
    for (int i = 0; i < taps.size(); i++) {
      Tensor tap = taps.get(i).forward(value, false);
      features.add(tap);
      if (i + 1 < taps.size()) {
        value = rest.get(i).forward(tap, false);
      }
    }
    return features;
  }

  /** Logits of the classes, {@code [n, classes]}. */
  @Override
  public Tensor forward(Tensor rows, boolean training) {
    Tensor value = rows;
    for (int i = 0; i < taps.size(); i++) {
      value = rest.get(i).forward(taps.get(i).forward(value, training), training);
    }
    return head.forward(value, training);
  }
}
