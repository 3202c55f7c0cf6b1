package org.mixel.study.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/**
 * Each fault is what its name says: its candidates hold just the rows and values that they should.
 */
class FaultTest {
  private static final ImageShape SHAPE = new ImageShape(1, 4, 5);
  private static final int ROWS = 5000;

  /** The first pixel is the class, times 20; the next two number the row; the others are noise. */
  private static PowerSource images() {
    byte[] pixels = new byte[ROWS * SHAPE.dims()];
    SplittableRandom random = new SplittableRandom(1);
    int[] classes = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      classes[i] = i % 10;
      for (int j = 3; j < SHAPE.dims(); j++) {
        pixels[i * SHAPE.dims() + j] = (byte) (60 + random.nextInt(100));
      }
      pixels[i * SHAPE.dims()] = (byte) (20 * classes[i]);
      pixels[i * SHAPE.dims() + 1] = (byte) (i / 200);
      pixels[i * SHAPE.dims() + 2] = (byte) (i % 200);
    }
    return PowerSource.of("images", StoredSamples.ofBytes("images", SHAPE, pixels), classes);
  }

  private static final DealtRows DEALT = images().deal(2000, 4, 7);

  private static Samples plant(String name) {
    Fault fault =
        Fault.all(Optional.of(SHAPE)).stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow();
    return fault.planting().plant(DEALT, new SplittableRandom(3));
  }

  private static int pixel(Samples rows, int row, int place) {
    return Math.round(255 * rows.row(row)[place]);
  }

  private static List<Integer> numbers(Samples rows) {
    return IntStream.range(0, rows.rows())
        .mapToObj(i -> 200 * pixel(rows, i, 1) + pixel(rows, i, 2))
        .toList();
  }

  private static double[] shares(Samples rows) {
    double[] shares = new double[10];
    for (int i = 0; i < rows.rows(); i++) {
      shares[pixel(rows, i, 0) / 20] += 1.0 / rows.rows();
    }
    return shares;
  }

  @Test
  void dealtSetsHaveNoRowInCommon() {
    List<Integer> all = new ArrayList<>(numbers(DEALT.reference()));
    all.addAll(numbers(DEALT.unseen()));
    all.addAll(numbers(DEALT.pool()));
    assertThat(all).hasSize(2000 + 400 + 2600).doesNotHaveDuplicates();
    assertThat(images().mostRows()).isEqualTo(2000);
    assertThat(numbers(images().deal(2000, 4, 7).pool())).isEqualTo(numbers(DEALT.pool()));
    assertThat(numbers(images().deal(2000, 4, 8).pool())).isNotEqualTo(numbers(DEALT.pool()));
  }

  @Test
  void modesAreLostInTurn() {
    assertThat(plant("none: equal sets").rows()).isEqualTo(2000);
    Samples one = plant("1 of 10 classes lost");
    assertThat(one.rows()).isEqualTo(2000);
    assertThat(shares(one)[4]).isZero();
    assertThat(Arrays.stream(shares(one)).filter(share -> share > 0.1)).hasSize(9);
    double[] two = shares(plant("2 of 10 classes lost"));
    assertThat(two[4] + two[5]).isZero();
    assertThat(shares(plant("half of a class lost"))[4]).isCloseTo(0.05 / 0.95, within(0.012));
    assertThat(shares(plant("a quarter of a class lost"))[4])
        .isCloseTo(0.075 / 0.975, within(0.014));
  }

  @Test
  void proportionsAreWrongByWhatIsSaid() {
    double[] shares = shares(plant("classes x 0.8 and x 1.2"));
    double odd = IntStream.range(0, 5).mapToDouble(i -> shares[2 * i + 1]).sum();
    assertThat(odd).isCloseTo(0.6, within(0.02));
  }

  @Test
  void dispersionScalesDistancesToTheMeanOfTheClass() {
    PowerSource source = PowerSource.gaussians(5);
    DealtRows dealt = source.deal(100, 0, 6);
    Samples narrow =
        Fault.all(Optional.empty()).stream()
            .filter(each -> each.name().equals("dispersion x 0.9"))
            .findFirst()
            .orElseThrow()
            .planting()
            .plant(dealt, new SplittableRandom(0));
    for (int i = 0; i < 100; i++) {
      float[] mean = dealt.means()[dealt.classes()[i]];
      float[] before = dealt.pool().row(i);
      float[] after = narrow.row(i);
      for (int j = 0; j < mean.length; j++) {
        assertThat(after[j] - mean[j]).isCloseTo(0.9f * (before[j] - mean[j]), within(1e-5f));
      }
    }
  }

  @Test
  void changedImagesStayBytes() {
    Samples shifted = plant("shifted by a pixel");
    assertThat(shifted.type()).isEqualTo(ElementType.UINT8);
    assertThat(shifted.shape()).contains(SHAPE);
    float[] before = DEALT.pool().row(9);
    float[] after = shifted.row(9);
    for (int y = 0; y < 4; y++) {
      assertThat(after[5 * y]).isEqualTo(before[5 * y]);
      for (int x = 1; x < 5; x++) {
        assertThat(after[5 * y + x]).isEqualTo(before[5 * y + x - 1]);
      }
    }
    Samples noisy = plant("noise of 0.1");
    double squares = 0;
    for (int i = 0; i < 2000; i++) {
      double off = noisy.row(i)[10] - DEALT.pool().row(i)[10];
      squares += off * off / 2000;
    }
    assertThat(Math.sqrt(squares)).isCloseTo(0.1, within(0.005));
  }

  @Test
  void blurKeepsSumsAndSpreadsByItsSigma() {
    ImageShape wide = new ImageShape(3, 15, 15);
    float[] values = new float[wide.dims()];
    int plane = 15 * 15;
    values[plane + 7 * 15 + 7] = 1;
    ImageChange.blur(wide, 1).apply(values, 0);
    double sum = 0;
    double spread = 0;
    for (int i = 0; i < plane; i++) {
      assertThat(values[i]).isZero();
      sum += values[plane + i];
      spread += values[plane + i] * Math.pow(i % 15 - 7.0, 2);
    }
    assertThat(sum).isCloseTo(1, within(1e-6));
    assertThat(spread).isCloseTo(1, within(0.01));
  }

  @Test
  void jpegLosesMoreTheLowerItsQuality() {
    double[] lost = new double[2];
    for (int q = 0; q < 2; q++) {
      Samples coded = plant("JPEG of quality " + (q == 0 ? 90 : 50));
      for (int i = 0; i < 200; i++) {
        for (int j = 0; j < SHAPE.dims(); j++) {
          lost[q] += Math.abs(coded.row(i)[j] - DEALT.pool().row(i)[j]) / 200 / SHAPE.dims();
        }
      }
    }
    assertThat(lost[0]).isBetween(0.001, 0.03);
    assertThat(lost[1]).isBetween(2 * lost[0], 0.2);
  }

  @Test
  void copiesAndMidpointsComeFromWhereTheyShould() {
    Set<Integer> known = new HashSet<>(numbers(DEALT.reference()));
    List<Integer> copies = numbers(plant("copies of a tenth of it"));
    assertThat(known).containsAll(copies);
    assertThat(new HashSet<>(copies)).hasSizeBetween(195, 200);
    List<Integer> few = numbers(plant("few fresh rows, repeated"));
    assertThat(known).doesNotContainAnyElementsOf(few);
    assertThat(new HashSet<>(few)).hasSizeBetween(195, 200);

    Samples some = plant("10% midpoints");
    int changed = 0;
    for (int i = 0; i < 2000; i++) {
      assertThat(pixel(some, i, 0)).isEqualTo(pixel(DEALT.pool(), i, 0));
      changed += Arrays.equals(some.row(i), DEALT.pool().row(i)) ? 0 : 1;
    }
    assertThat(changed).isBetween(150, 250);
  }

  @Test
  void rowsWithoutLabelsHaveClustersForClasses() {
    Samples rows = images().deal(500, 0, 1).reference();
    PowerSource source = PowerSource.clustered("clusters", rows, 0, org.mixel.Progress.SILENT);
    assertThat(Arrays.stream(source.deal(200, 0, 1).classes()).distinct().count()).isEqualTo(10);
  }
}
