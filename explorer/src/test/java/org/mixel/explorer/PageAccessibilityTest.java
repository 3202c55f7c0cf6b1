package org.mixel.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/**
 * Protects that everybody can use the page: axe-core's rules of WCAG 2.2, levels A and AA, in every
 * view, light and dark, wide and narrow; nothing is wider than the window; names and live regions
 * that no rule can ask for.
 */
@ExtendWith(InChromium.class)
class PageAccessibilityTest {
  /** A state of each view, and what can be seen once it is all there. */
  private static final Map<String, String> STATES =
      new TreeMap<>(
          Map.of(
              "view=map&component=2", "canvas.map",
              "view=component&component=3&row=4", "#view-component .tile",
              "view=complete&row=4&mask=left", "#view-complete .link",
              "view=likelihood&row=4", "aside.row .share",
              "view=bins&bin=1&row=4", "aside.bin .tile"));

  private static final String FINDINGS =
      "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',"
          + " 'wcag22aa', 'best-practice'] })).violations.flatMap(({ id, nodes }) =>"
          + " nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))";

  private static MixtureOfFactorAnalyzers model;
  private static Explorer explorer;
  private static String axe;

  @BeforeAll
  static void serve() throws IOException {
    model = Bars.images();
    explorer = Explorer.open(Bars.explored(model), 0);
    try (InputStream in =
        Objects.requireNonNull(PageAccessibilityTest.class.getResourceAsStream("/axe.min.js"))) {
      axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @AfterAll
  static void end() {
    if (explorer != null) {
      explorer.close();
      model.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"1280, LIGHT", "1280, DARK", "390, LIGHT", "390, DARK"})
  void noViewHasAFinding(int width, ColorScheme scheme, Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "", width, scheme)) {
      shown.page.evaluate(axe + "; undefined");
      for (String state : STATES.keySet()) {
        shown.go(state);
        shown.at(STATES.get(state)).first().waitFor();
        assertThat((List<?>) shown.page.evaluate(FINDINGS))
            .as("%s at %d, %s", state, width, scheme)
            .isEmpty();
        assertThat(
                shown.page.evaluate(
                    "() => document.documentElement.scrollWidth <= window.innerWidth"))
            .as("%s fits %d", state, width)
            .isEqualTo(true);
      }
    }
  }

  @Test
  void whatCanBeReachedHasAName(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=bins&bin=1&row=4")) {
      String nameless =
          "() => [...document.querySelectorAll('button, input, select, [tabindex=\"0\"], [role=img]')]"
              + ".filter(each => !each.hidden && !(each.getAttribute('aria-label') || each.textContent.trim()"
              + " || each.labels?.length)).map(each => each.outerHTML)";
      assertThat((List<?>) shown.page.evaluate(nameless)).isEmpty();
      assertThat(shown.at("#notice").getAttribute("role")).isEqualTo("status");
      assertThat(shown.at("#map-line").getAttribute("aria-live")).isEqualTo("polite");
    }
  }
}
