package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RandomStream;

/** A candidate that lacks one digit is found out, whichever it is, by the bins of that digit. */
@Tag("slow")
class LostDigitTest {
  private static final int CANDIDATE_ROWS = 10_000;

  @Test
  void everyRemovedDigitIsFoundInItsOwnBins() {
    Samples digits = Digits.images("mnist:train");
    int[] labels = Digits.labels("mnist:train");
    int[] order;
    try (RandomStream random = RandomStream.of(5)) {
      order = random.choose(digits.rows(), digits.rows());
    }
    int[] known = Arrays.copyOf(order, 40_000);
    VoronoiBins bins =
        VoronoiBins.fit(
            digits.select(known),
            VoronoiBins.Options.defaults().withRestarts(3),
            ComputeDevice.CPU,
            Progress.SILENT);
    int[] majority = majority(bins, digits, labels);
    for (int lost = 0; lost < 10; lost++) {
      int digit = lost;
      int[] rows =
          Arrays.stream(order, known.length, order.length)
              .filter(row -> labels[row] != digit)
              .limit(CANDIDATE_ROWS)
              .toArray();
      assertThat(rows).hasSize(CANDIDATE_ROWS);
      NdbResult result =
          Ndb.compare(bins, digits.select(rows), 0.05, ComputeDevice.CPU, Progress.SILENT);
      assertThat(result.chiSquareP()).isLessThan(1e-10);
      assertThat(result.expected().p()).isEqualTo(0.001);
      List<Integer> marked = result.differentByHolm();
      List<Integer> under =
          marked.stream().filter(k -> result.tests().get(k).difference() < 0).toList();
      long own = under.stream().filter(k -> majority[k] == digit).count();
      long all = IntStream.of(majority).filter(each -> each == digit).count();
      assertThat(own).as("bins of digit %s found, of %s", digit, all).isGreaterThan(all * 3 / 4);
      assertThat(own).as("of %s marked bins", marked.size()).isGreaterThan(marked.size() / 2);
    }
  }

  /** The digit that most test images of each bin show. */
  private static int[] majority(VoronoiBins bins, Samples digits, int[] labels) {
    int[][] votes = new int[bins.bins()][10];
    int[] assigned = bins.assign(digits, ComputeDevice.CPU, Progress.SILENT);
    for (int i = 0; i < assigned.length; i++) {
      votes[assigned[i]][labels[i]]++;
    }
    return Arrays.stream(votes)
        .mapToInt(of -> IntStream.range(0, 10).reduce((a, b) -> of[b] > of[a] ? b : a).getAsInt())
        .toArray();
  }
}
