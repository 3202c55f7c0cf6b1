package org.mixel.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/** Protects the one selection of all views: links, fragments, history, keys, and what fails. */
@ExtendWith(InChromium.class)
class PageSelectionTest {
  private static MixtureOfFactorAnalyzers model;
  private static Exploration exploration;
  private static Explorer explorer;

  @BeforeAll
  static void serve() {
    model = Bars.images();
    exploration = Bars.explored(model);
    explorer = Explorer.open(exploration, 0);
  }

  @AfterAll
  static void end() {
    if (explorer != null) {
      explorer.close();
      model.close();
    }
  }

  @Test
  void aRowBringsItsMostProbableComponent(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=likelihood&component=0")) {
      Locator tile = shown.at("#view-likelihood .split .tile").nth(1);
      int row = Integer.parseInt(tile.getAttribute("data-row"));
      tile.click();
      int component =
          model.mostProbable(Objects.requireNonNull(exploration.data()).select(new int[] {row}))[0];
      assertThat(shown.at("[data-chip=row]")).containsText("Row " + row);
      assertThat(shown.at("[data-chip=component]")).containsText("Component " + component);
      assertThat(shown.at("#map-line")).containsText("Component " + component);
      assertThat(tile).hasAttribute("aria-current", "true");
    }
  }

  @Test
  void everyStateComesBackFromItsFragment(Browser browser) {
    String[] states = {
      "view=map&component=6&colour=class:6",
      "view=component&component=3&z=1.5,-0.5&pad=1,0",
      "view=complete&component=4&row=17&mask=bottom&seed=2",
      "view=likelihood&component=2&row=9&range=-100000,300&page=1",
      "view=bins&component=5&candidate=1&bin=2&adjust=raw"
    };
    for (String state : states) {
      try (ShownPage shown = ShownPage.open(browser, explorer, state)) {
        String component = "Component " + state.replaceAll(".*component=(\\d+).*", "$1");
        assertThat(shown.at("[data-chip=component]")).containsText(component);
        shown.page.reload();
        shown.ready();
        assertThat(shown.at("[data-chip=component]")).containsText(component);
        assertThat(URLDecoder.decode(shown.fragment(), StandardCharsets.UTF_8)).isEqualTo(state);
      }
    }
  }

  @Test
  void aRowOfAFragmentBringsItsComponent(Browser browser) {
    int component =
        model.mostProbable(Objects.requireNonNull(exploration.data()).select(new int[] {5}))[0];
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=complete&row=5")) {
      assertThat(shown.at("[data-chip=component]")).containsText("Component " + component);
      shown.fragmentHas("component=" + component);
    }
  }

  @Test
  void anUnusableFragmentIsLeftOut(Browser browser) {
    String[] states = {
      "view=nowhere&component=99&row=-1&bin=x&z=9&pad=5,5&colour=red&range=a,b&mask=!&adjust=no&page=1.5",
      "view=constructor&colour=constructor"
    };
    for (String state : states) {
      try (ShownPage shown = ShownPage.open(browser, explorer, state)) {
        assertThat(shown.at("#tab-map")).hasAttribute("aria-selected", "true");
        assertThat(shown.at("[data-chip=component]")).containsText("Component 0");
        assertThat(shown.at("[data-chip=row]")).hasText("No row");
      }
    }
  }

  @Test
  void theBrowsersBackButtonGoesBack(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=map")) {
      shown.at("#tab-bins").click();
      shown.at("#view-bins tbody tr").last().click();
      assertThat(shown.at("[data-chip=bin]")).containsText("Bin");
      shown.page.goBack();
      assertThat(shown.at("[data-chip=bin]")).hasText("No bin");
      shown.page.goBack();
      assertThat(shown.at("#tab-map")).hasAttribute("aria-selected", "true");
    }
  }

  /** The arrow that leads from the first component to another of its line of the map. */
  private String inwards() {
    JsonNode map = Client.of(explorer).json("/api/model").get("map");
    int columns = map.get("columns").asInt();
    return map.get("cells").get(0).asInt() % columns == columns - 1 ? "ArrowLeft" : "ArrowRight";
  }

  @Test
  void allViewsWorkWithKeysAlone(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=map")) {
      Locator chip = shown.at("[data-chip=component]");
      String first = chip.textContent();
      shown.at("#tab-map").focus();
      while (!Boolean.TRUE.equals(
          shown.at("canvas.map").evaluate("canvas => canvas === document.activeElement"))) {
        shown.page.keyboard().press("Tab");
      }
      for (String key : new String[] {"ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"}) {
        shown.page.keyboard().press(key);
      }
      shown.page.keyboard().press(inwards());
      assertThat(chip).not().hasText(first);
      shown.page.keyboard().press("Enter");
      assertThat(shown.at("#tab-component")).hasAttribute("aria-selected", "true");
      shown.at("#tab-component").focus();
      shown.page.keyboard().press("ArrowRight");
      assertThat(shown.at("#tab-complete")).hasAttribute("aria-selected", "true");
      shown.at(".cover").focus();
      shown.page.keyboard().press("ArrowUp");
      shown.page.keyboard().press("Space");
      assertThat(shown.at("#view-complete .link")).containsText("Most probable");
      shown.page.keyboard().press("Control+z");
      assertThat(shown.at("#view-complete .link")).isHidden();
      shown.at("#tab-complete").focus();
      shown.page.keyboard().press("ArrowRight");
      shown.page.keyboard().press("ArrowRight");
      shown.at(".zchart").focus();
      shown.page.keyboard().press("ArrowRight");
      assertThat(shown.at("[data-chip=bin]")).hasText(Pattern.compile("Bin \\d+.*"));
      Locator last = shown.at("#view-bins tbody button").last();
      last.focus();
      shown.page.keyboard().press("Enter");
      assertThat(shown.at("#view-bins tbody tr").last()).hasAttribute("aria-current", "true");
      assertThat(last).isFocused();
    }
  }

  @Test
  void keysOfTheBrowserStayItsOwn(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=map")) {
      for (String selector : new String[] {"canvas.map", "#tab-map"}) {
        Boolean taken =
            (Boolean)
                shown
                    .at(selector)
                    .evaluate(
                        "element => ['ArrowLeft', '+', '0'].some(key => !element.dispatchEvent("
                            + "new KeyboardEvent('keydown', { key, ctrlKey: key !== 'ArrowLeft',"
                            + " altKey: key === 'ArrowLeft', bubbles: true, cancelable: true })))");
        assertThat(taken).as(selector).isFalse();
      }
      shown.at("#tab-map").press("Control+ArrowRight");
      assertThat(shown.at("#tab-map")).hasAttribute("aria-selected", "true");
    }
  }

  @Test
  void theLineOfTheMapTellsTheComponentThatKeysChose(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=map")) {
      shown.at("canvas.map").hover();
      shown.at("canvas.map").press("ArrowRight");
      shown.at("canvas.map").press("ArrowDown");
      String chip = shown.at("[data-chip=component]").textContent();
      assertThat(shown.at("#map-line")).containsText(chip.replaceAll("(Component \\d).*", "$1"));
    }
  }

  @Test
  void aRefusalIsOnePlainLine(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=likelihood")) {
      shown.page.route(
          "**/api/rows/*",
          route ->
              route.fulfill(
                  new Route.FulfillOptions()
                      .setStatus(429)
                      .setContentType("application/json")
                      .setBody("{\"error\": \"too many requests; try again\"}")));
      shown.at("#view-likelihood .split .tile").first().click();
      assertThat(shown.at("#notice")).hasText("too many requests; try again");
      shown.page.unrouteAll();
      shown.at("#view-likelihood .split .tile").nth(3).click();
      assertThat(shown.at("#notice")).hasText("");
      shown.provokes("429");
    }
  }

  @Test
  void rowsThatAreForgottenMeanwhileAreGivenAllTheSame(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=map")) {
      Object lengths =
          shown.page.evaluate(
              """
              async () => {
                const { rows } = await import('/assets/rows.js');
                const { model } = await import('/assets/model.js');
                // So large that only one row is kept.
                Object.assign(model, { dims: 1e7, limits: { ids: 1 } });
                await rows([1]);
                const ask = window.fetch;
                let answer;
                const held = new Promise(done => { answer = done; });
                window.fetch = async (path, options) => {
                  await (path.endsWith('ids=2') ? held : undefined);
                  return ask(path, options);
                };
                const both = rows([1, 2]);
                await rows([3]);
                answer();
                return (await both).map(row => row?.length);
              }
              """);
      assertThat(lengths).isEqualTo(List.of(Bars.SIDE * Bars.SIDE, Bars.SIDE * Bars.SIDE));
    }
  }

  @Test
  void anEndedServerIsTold(Browser browser) {
    Explorer ending = Explorer.open(Exploration.of("bars.mfa", model), 0);
    try (ending;
        ShownPage shown = ShownPage.open(browser, ending, "view=component")) {
      shown.provokes("ERR_CONNECTION");
      ending.close();
      shown.at("canvas.map").press(inwards());
      assertThat(shown.at("#notice")).hasText("No answer: is mixel explore still running?");
    }
  }

  @Test
  void aModelAloneSaysWhatDataWouldShow(Browser browser) {
    try (Explorer alone = Explorer.open(Exploration.of("bars.mfa", model), 0);
        ShownPage shown = ShownPage.open(browser, alone, "view=likelihood")) {
      assertThat(shown.at("#view-likelihood .empty"))
          .hasText("Start with --data to see likelihoods.");
      shown.at("#tab-bins").click();
      assertThat(shown.at("#view-bins .empty")).containsText("--candidate");
      shown.at("#tab-component").click();
      assertThat(shown.at("#view-component .empty")).containsText("--data");
      shown.at("#tab-complete").click();
      assertThat(shown.at("#view-complete .line")).containsText("drop an image");
    }
  }

  @Test
  void vectorsAreBars(Browser browser) {
    try (MixtureOfFactorAnalyzers vectors = Bars.vectors();
        Explorer table =
            Explorer.open(
                Exploration.of("table.mfa", vectors)
                    .withData(Bars.rows(vectors, "table.npy", 300, 1), null),
                0);
        ShownPage shown = ShownPage.open(browser, table, "view=complete&row=2")) {
      String mean = "#view-complete .results canvas[aria-label=Mean]";
      String nothing = shown.pixels(mean);
      shown.drag(".cover", 0.1, 0.5, 0.4, 0.5);
      shown.changed(mean, nothing);
      shown.at("#tab-component").click();
      assertThat(shown.at("#view-component .tile").first()).isVisible();
      String decoded = shown.pixels("#decoded");
      shown.page.getByLabel("Factor 1, in standard deviations").press("End");
      shown.changed("#decoded", decoded);
    }
  }
}
