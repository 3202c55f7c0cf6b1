package org.mixel.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/** Protects that the page answers at once over many rows. */
@ExtendWith(InChromium.class)
class PageManyRowsTest {
  /** Brushes across the histogram, and gives the median milliseconds from a move to its picture. */
  private static final String BRUSH =
      """
      async () => {
        const chart = document.querySelector('.histogram');
        const { left, top, width } = chart.getBoundingClientRect();
        const send = (type, at) => chart.dispatchEvent(new PointerEvent(type,
          { clientX: left + at * width, clientY: top + 20, pointerId: 1, bubbles: true }));
        chart.setPointerCapture = () => {};
        send('pointerdown', 0.1);
        const times = [];
        for (let i = 1; i <= 20; i++) {
          const from = performance.now();
          send('pointermove', 0.1 + i * 0.04);
          await new Promise(requestAnimationFrame);
          await new Promise(done => setTimeout(done));
          times.push(performance.now() - from);
        }
        send('pointerup', 0.9);
        return times.sort((a, b) => a - b)[10];
      }
      """;

  @Test
  void brushingAHundredThousandRowsIsQuick(Browser browser) {
    try (MixtureOfFactorAnalyzers model = Bars.images();
        Explorer explorer =
            Explorer.open(
                Exploration.of("bars.mfa", model)
                    .withData(Bars.rows(model, "many.npy", 100_000, 1), null),
                0);
        ShownPage shown = ShownPage.open(browser, explorer, "view=likelihood")) {
      assertThat(shown.at("#view-likelihood .facts").first()).containsText("100,000 rows");
      double median = ((Number) shown.page.evaluate(BRUSH)).doubleValue();
      System.out.printf("100,000 rows: %.0f ms from a move of the brush to its picture%n", median);
      assertThat(median).isLessThan(300);
      shown.fragmentHas("range=");
    }
  }
}
