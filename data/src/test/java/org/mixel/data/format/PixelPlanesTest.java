package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mixel.data.format.NpyFormatTest.bytes;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import org.junit.jupiter.api.Test;

/** Pixels are what is stored, laid over black where they are clear, in planes of eight bits. */
class PixelPlanesTest {
  private static final int CMYK = 4;

  @Test
  void premultipliedColoursAreOverBlackAlready() {
    BufferedImage plain = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    plain.getRaster().setPixel(0, 0, new int[] {200, 100, 50, 51});
    assertThat(PixelPlanes.of(plain)).isEqualTo(bytes(40, 20, 10));
    BufferedImage multiplied = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB_PRE);
    multiplied.getRaster().setPixel(0, 0, new int[] {40, 20, 10, 51});
    assertThat(PixelPlanes.of(multiplied)).isEqualTo(bytes(40, 20, 10));
  }

  @Test
  void greyMayBeClearToo() {
    ComponentColorModel clear =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY), true, false, 3, DataBuffer.TYPE_BYTE);
    WritableRaster raster = clear.createCompatibleWritableRaster(2, 1);
    raster.setPixels(0, 0, 2, 1, new int[] {200, 255, 100, 51});
    assertThat(PixelPlanes.of(new BufferedImage(clear, raster, false, null)))
        .isEqualTo(bytes(200, 20));
  }

  @Test
  void coloursBeyondAPaletteAreBlack() {
    byte[] ramp = {10, 20};
    IndexColorModel palette = new IndexColorModel(8, 2, ramp, ramp, new byte[] {30, 40});
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 3, 1, 1, null);
    raster.setPixels(0, 0, 3, 1, new int[] {1, 0, 200});
    assertThat(PixelPlanes.of(new BufferedImage(palette, raster, false, null)))
        .isEqualTo(bytes(20, 10, 0, 20, 10, 0, 40, 30, 0));
  }

  @Test
  void otherColourSpacesHaveNone() {
    ColorSpace ink =
        new ColorSpace(ColorSpace.TYPE_CMYK, CMYK) {
          @Override
          public float[] toRGB(float[] value) {
            return value;
          }

          @Override
          public float[] fromRGB(float[] value) {
            return value;
          }

          @Override
          public float[] toCIEXYZ(float[] value) {
            return value;
          }

          @Override
          public float[] fromCIEXYZ(float[] value) {
            return value;
          }
        };
    ComponentColorModel model = new ComponentColorModel(ink, false, false, 1, DataBuffer.TYPE_BYTE);
    assertThat(
            PixelPlanes.of(
                new BufferedImage(model, model.createCompatibleWritableRaster(1, 1), false, null)))
        .isNull();
  }
}
