package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.mixel.figure.ProportionPlot.Candidate;

/**
 * The band about the reference in which the proportions of candidates of one size are expected; the
 * arrays are not copied.
 *
 * @param rows of each of these candidates
 * @param errors standard error of the difference in each bin, the largest of these candidates'
 *     (they differ a little, by what the bin holds of each)
 * @param name what legends call it
 */
@SuppressWarnings("ArrayRecordComponent")
record Band(int rows, double[] errors, String name) {
  /** What legends call the reference and its band where there is one. */
  static final String ALONE = "reference ± standard error of the difference";

  /** One band for each size, that of the smallest candidates first: it is the widest. */
  static List<Band> of(List<Candidate> candidates) {
    TreeMap<Integer, List<Candidate>> sizes = new TreeMap<>();
    for (Candidate candidate : candidates) {
      sizes.computeIfAbsent(candidate.rows(), rows -> new ArrayList<>()).add(candidate);
    }
    List<Band> bands = new ArrayList<>();
    sizes.forEach(
        (rows, alike) -> {
          double[] errors = new double[alike.get(0).standardErrors().length];
          for (Candidate candidate : alike) {
            for (int bin = 0; bin < errors.length; bin++) {
              errors[bin] = Math.max(errors[bin], candidate.standardErrors()[bin]);
            }
          }
          String name =
              sizes.size() == 1
                  ? ALONE
                  : String.format(Locale.ROOT, "± standard error, %,d rows", rows);
          bands.add(new Band(rows, errors, name));
        });
    return bands;
  }

  /** What legends call the reference beside these bands. */
  static String reference(List<Band> bands) {
    return bands.size() == 1 ? bands.get(0).name() : "reference";
  }

  /** What legends call a candidate beside these bands. */
  static String title(List<Band> bands, Candidate candidate) {
    return bands.size() == 1
        ? ProportionPlot.title(candidate.name(), candidate)
        : ProportionPlot.title(
            String.format(Locale.ROOT, "%s (%,d rows)", candidate.name(), candidate.rows()),
            candidate);
  }
}
