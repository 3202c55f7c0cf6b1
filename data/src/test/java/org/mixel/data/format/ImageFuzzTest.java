package org.mixel.data.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.data.ImageShape;

/** Pictures and archives of any bytes are read, or refused in one plain line. */
@Tag("fuzz")
class ImageFuzzTest {
  /** Larger pictures are refused at their header, which saves the time of decoding noise. */
  private static final int MOST_SIDE = 256;

  private static final ImageShape GREY = new ImageShape(1, 4, 4);

  @MethodSource("org.mixel.data.format.SeedFiles#pngs")
  @FuzzTest
  void png(byte[] bytes) {
    decode("x.png", bytes);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#plainPngs")
  @FuzzTest
  void pngContent(byte[] bytes) {
    decode("x.png", Packed.png(bytes));
  }

  @MethodSource("org.mixel.data.format.SeedFiles#jpegs")
  @FuzzTest
  void jpeg(byte[] bytes) {
    decode("x.jpg", bytes);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#webps")
  @FuzzTest
  void webp(byte[] bytes) {
    decode("x.webp", bytes);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#bmps")
  @FuzzTest
  void bmp(byte[] bytes) {
    decode("x.bmp", bytes);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#gifs")
  @FuzzTest
  void gif(byte[] bytes) {
    decode("x.gif", bytes);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#tiffs")
  @FuzzTest
  void tiff(byte[] bytes) {
    decode("x.tiff", bytes);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#zips")
  @FuzzTest
  void zip(byte[] bytes) {
    HostileBytes.givePictures("x.zip", bytes, ArrayFuzzTest::read);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#zipMembers")
  @FuzzTest
  void zipMembers(byte[] bytes) {
    HostileBytes.givePictures("x.zip", Packed.zip(bytes), ArrayFuzzTest::read);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#tars")
  @FuzzTest
  void tar(byte[] bytes) {
    HostileBytes.givePictures("x.tar", Packed.tar(bytes), ArrayFuzzTest::read);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#tars")
  @FuzzTest
  void tarInGzip(byte[] bytes) {
    HostileBytes.givePictures("x.tar.gz", Packed.gzip(Packed.tar(bytes)), ArrayFuzzTest::read);
  }

  private static void decode(String name, byte[] bytes) {
    HostileBytes.give(
        name, bytes, file -> FittedImage.read(bytes, file.toString(), MOST_SIDE, GREY));
  }
}
