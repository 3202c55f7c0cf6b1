package org.mixel.data.format;

import java.io.IOException;
import java.util.Set;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import org.mixel.InputException;
import org.mixel.data.Coding;

/**
 * The tags of a TIFF file (TIFF 6.0). The JDK's reader takes numbers of every kind for colours, so
 * others are refused here.
 */
final class TiffTags {
  private static final int UNSIGNED = BaselineTIFFTagSet.SAMPLE_FORMAT_UNSIGNED_INTEGER;
  private static final int MOST_BITS = 16;

  /** Of JPEG, old and new, JPEG 2000 and WebP. */
  private static final Set<Integer> LOSSY = Set.of(6, 7, 34712, 50001);

  private final TIFFDirectory tags;

  private TiffTags(TIFFDirectory tags) {
    this.tags = tags;
  }

  /**
   * Reads the tags of the first picture.
   *
   * @param name the file, as errors call it
   * @param bytes the size of the file
   * @throws InputException if the file holds several pictures of one size, or numbers that are no
   *     colours, or claims more packed bytes than it has
   */
  static TiffTags read(ImageReader reader, String name, int bytes) throws IOException {
    TiffTags tags = new TiffTags(TIFFDirectory.createFromMetadata(reader.getImageMetadata(0)));
    tags.requireColours(name);
    // The JDK's reader takes memory for as many.
    if (!tags.all(BaselineTIFFTagSet.TAG_STRIP_BYTE_COUNTS, 0, bytes)
        || !tags.all(BaselineTIFFTagSet.TAG_TILE_BYTE_COUNTS, 0, bytes)) {
      throw new InputException(
          name + ": claims more bytes than the " + bytes + " that it has; get it again");
    }
    // A smaller second one is a preview.
    if (hasSecond(reader)
        && reader.getWidth(1) == reader.getWidth(0)
        && reader.getHeight(1) == reader.getHeight(0)) {
      throw new InputException(
          name + ": holds several pictures; save each as a file of its own, or all as .npy");
    }
    return tags;
  }

  private void requireColours(String name) {
    boolean unsigned = all(BaselineTIFFTagSet.TAG_SAMPLE_FORMAT, UNSIGNED, UNSIGNED);
    if (!unsigned || !all(BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE, 1, MOST_BITS)) {
      throw new InputException(
          name
              + ": is a TIFF of numbers that are not unsigned or have more than 16 bits; save it as"
              + " 8 or 16 bits, or as .npy");
    }
    if (!all(BaselineTIFFTagSet.TAG_EXTRA_SAMPLES, 1, 2)) {
      throw new InputException(
          name + ": is a TIFF with channels beside its colours; save it as RGB or grey");
    }
  }

  private boolean all(int tag, int least, int most) {
    TIFFField field = tags.getTIFFField(tag);
    for (int i = 0; field != null && i < field.getCount(); i++) {
      if (field.getAsLong(i) < least || field.getAsLong(i) > most) {
        return false;
      }
    }
    return true;
  }

  /** Without counting them all: pictures may be chained in a circle. */
  private static boolean hasSecond(ImageReader reader) throws IOException {
    try {
      return reader.getWidth(1) > 0;
    } catch (IndexOutOfBoundsException e) {
      return false;
    }
  }

  /** How the picture was coded. */
  Coding coding() {
    TIFFField compression = tags.getTIFFField(BaselineTIFFTagSet.TAG_COMPRESSION);
    return compression != null && LOSSY.contains(compression.getAsInt(0))
        ? Coding.LOSSY
        : Coding.LOSSLESS;
  }
}
