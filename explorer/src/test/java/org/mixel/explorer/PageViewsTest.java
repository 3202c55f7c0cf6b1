package org.mixel.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.SelectOption;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.data.Samples;
import org.mixel.io.Masks;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/** Protects what each view of the page does, in a real browser. */
@ExtendWith(InChromium.class)
class PageViewsTest {
  private static MixtureOfFactorAnalyzers model;
  private static Explorer explorer;

  @BeforeAll
  static void serve() {
    model = Bars.images();
    explorer = Explorer.open(Bars.explored(model), 0);
  }

  @AfterAll
  static void end() {
    if (explorer != null) {
      explorer.close();
      model.close();
    }
  }

  @Test
  void aClickOnTheMapChoosesAComponent(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=map")) {
      int[] place = place(shown.page, 5);
      shown.at("canvas.map").click(new Locator.ClickOptions().setPosition(place[0], place[1]));
      assertThat(shown.at("[data-chip=component]")).containsText("Component 5");
      assertThat(shown.at("#view-component h2")).hasText("Component 5");
      shown.fragmentHas("component=5");
    }
  }

  /** The middle of a component's tile while the whole map is shown. */
  private static int[] place(Page page, int component) {
    @SuppressWarnings("unchecked")
    List<Number> place =
        (List<Number>)
            page.evaluate(
                "async k => { const { map } = await (await fetch('api/model')).json();"
                    + " const { clientWidth: w, clientHeight: h } ="
                    + " document.querySelector('canvas.map');"
                    + " const scale = 0.98 * Math.min(w / map.columns, h / map.rows);"
                    + " const cell = map.cells[k];"
                    + " return [(w - map.columns * scale) / 2 + (cell % map.columns + 0.5) * scale,"
                    + " (h - map.rows * scale) / 2"
                    + " + (Math.floor(cell / map.columns) + 0.5) * scale]; }",
                component);
    return new int[] {place.get(0).intValue(), place.get(1).intValue()};
  }

  @Test
  void theMapZoomsPansAndChangesItsColours(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=map")) {
      String whole = shown.pixels("canvas.map");
      shown.button("Zoom in").click();
      shown.changed("canvas.map", whole);
      String zoomed = shown.pixels("canvas.map");
      shown.drag("canvas.map", 0.5, 0.5, 0.7, 0.6);
      shown.changed("canvas.map", zoomed);
      shown.button("Fit").click();
      shown.page.waitForCondition(() -> shown.pixels("canvas.map").equals(whole));
      shown.page.getByLabel("Colour of the tiles").selectOption("class:3");
      assertThat(shown.at(".legend")).containsText("100 %");
      shown.changed("canvas.map", whole);
      shown.page.getByLabel("Colour of the tiles").selectOption("z");
      assertThat(shown.at(".legend")).containsText("too many");
    }
  }

  @Test
  void slidersAndPadMoveThePicture(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=component&component=2")) {
      shown.page.waitForCondition(
          () -> !shown.at(".slider output").first().textContent().isEmpty());
      String mean = shown.pixels("#decoded");
      Locator first = shown.page.getByLabel("Factor 1, in standard deviations");
      first.focus();
      first.press("End");
      assertThat(shown.at(".slider output").first()).hasText("+3.00 sd");
      shown.changed("#decoded", mean);
      shown.fragmentHas("z=3,0");
      shown.button("Mean").click();
      shown.page.waitForCondition(() -> shown.pixels("#decoded").equals(mean));
      shown.drag(".pad", 0.5, 0.5, 0.9, 0.1);
      assertThat(shown.at(".slider output").first()).hasText("+2.80 sd");
      assertThat(shown.at(".slider output").last()).hasText("+2.80 sd");
      shown.at(".pad").press("ArrowLeft");
      assertThat(shown.at(".slider output").first()).hasText("+2.70 sd");
      shown.page.getByLabel("Factor across").selectOption(new SelectOption().setValue("1"));
      assertThat(shown.page.getByLabel("Factor up")).hasValue("0");
    }
  }

  @Test
  void aComponentShowsItsRealMembers(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=component&component=7")) {
      assertThat(shown.at("#view-component .facts")).containsText("rank 1 of 8");
      assertThat(shown.at("#view-component .facts")).containsText("classes 7: 100 %");
      assertThat(shown.at("#view-component .tile")).hasCount(24);
      shown.at("#view-component .tile").first().click();
      assertThat(shown.at("#tab-likelihood")).hasAttribute("aria-selected", "true");
      assertThat(shown.at("aside.row h3")).hasText(Pattern.compile("Row \\d+"));
    }
  }

  @Test
  void aBrushedHoleIsCompleted(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=complete&row=3")) {
      String mean = "#view-complete .results canvas[aria-label=Mean]";
      String nothing = shown.pixels(mean);
      shown.drag(".cover", 0.2, 0.5, 0.8, 0.5);
      shown.changed(mean, nothing);
      shown.fragmentHas("mask=");
      shown.page.waitForSelector("#view-complete .results[aria-busy=false]");
      String brushed = shown.pixels(mean);
      shown.button("Bottom").click();
      shown.fragmentHas("mask=bottom");
      shown.changed(mean, brushed);
      shown.button("Undo").click();
      shown.page.waitForCondition(() -> shown.pixels(mean).equals(brushed));
      shown.button("Erase").click();
      shown.drag(".cover", 0.1, 0.5, 0.5, 0.5);
      shown.changed(mean, brushed);
      shown.button("Clear").click();
      shown.page.waitForCondition(() -> shown.pixels(mean).equals(nothing));
    }
  }

  @Test
  void otherDrawsAreOthersOfTheSameCompletion(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=complete&row=3&mask=left")) {
      String mean = "#view-complete .results canvas[aria-label=Mean]";
      String draw = "#view-complete .results canvas[aria-label='Draw 1']";
      assertThat(shown.at("#view-complete .link")).containsText("Most probable: component");
      String meanBefore = shown.pixels(mean);
      String drawBefore = shown.pixels(draw);
      shown.button("Other draws").click();
      shown.changed(draw, drawBefore);
      assertThat(shown.pixels(mean)).isEqualTo(meanBefore);
    }
  }

  @Test
  void theSavedMaskIsThatOfTheCommandLine(Browser browser, @TempDir Path folder) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=complete&row=3&mask=bottom")) {
      assertThat(shown.at("#view-complete .link")).containsText("Most probable: component");
      Download download = shown.page.waitForDownload(() -> shown.button("Save the mask").click());
      Path file = folder.resolve(download.suggestedFilename());
      download.saveAs(file);
      Samples rows = Bars.rows(model, "rows", 1, 1);
      assertThat(Masks.read(file.toString(), rows, model.shape()).observed(0))
          .isEqualTo(Masks.read("bottom", rows, model.shape()).observed(0));
    }
  }

  @Test
  void anImageFileIsTakenAsARow(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=complete&mask=top")) {
      String mean = "#view-complete .results canvas[aria-label=Mean]";
      assertThat(shown.at("#view-complete .link")).containsText("Most probable: component");
      String before = shown.pixels(mean);
      shown
          .page
          .getByLabel("Image file")
          .setInputFiles(new FilePayload("mine.png", "image/png", png(Color.WHITE)));
      assertThat(shown.at("#view-complete .line")).containsText("mine.png");
      assertThat(shown.at("[data-chip=row]")).hasText("No row");
      assertThat(shown.page.getByLabel("Row", new Page.GetByLabelOptions().setExact(true)))
          .hasValue("");
      shown.changed(mean, before);
      String taken = shown.pixels(mean);
      shown.page.evaluate(
          "text => { const files = new DataTransfer();"
              + " const bytes = Uint8Array.from(atob(text), each => each.charCodeAt(0));"
              + " files.items.add(new File([bytes], 'dropped.png'));"
              + " dispatchEvent(new DragEvent('drop', { dataTransfer: files })); }",
          Base64.getEncoder().encodeToString(png(Color.RED)));
      assertThat(shown.at("#view-complete .line")).containsText("dropped.png");
      shown.changed(mean, taken);
      shown.page.evaluate(
          "() => { const files = new DataTransfer();"
              + " files.items.add(new File(['no image'], 'notes.txt'));"
              + " dispatchEvent(new DragEvent('drop', { dataTransfer: files })); }");
      assertThat(shown.at("#notice")).hasClass(Pattern.compile("error"));
      shown.provokes("400");
    }
  }

  /** A picture with a bar below. */
  private static byte[] png(Color colour) {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(colour);
    graphics.fillRect(0, 18, 40, 12);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }

  @Test
  void aRangeOfTheHistogramShowsItsRows(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=likelihood")) {
      Locator line = shown.at("#view-likelihood .split .number").first();
      assertThat(line).hasText("1–40 of 800");
      assertThat(shown.at("#view-likelihood .split .tile").first()).isVisible();
      shown.drag(".histogram", 0.0, 0.5, 0.4, 0.5);
      assertThat(line).not().containsText("of 800");
      shown.fragmentHas("range=");
      shown.button("All rows").click();
      assertThat(line).hasText("1–40 of 800");
      shown.button("Rows after").click();
      assertThat(line).hasText("41–80 of 800");
      Locator most = shown.page.getByLabel("Most log-likelihood, in nats");
      most.fill("-1e9");
      most.press("Enter");
      assertThat(line).hasText("no rows");
    }
  }

  @Test
  void aFingerThatScrollsChoosesNoRange(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=likelihood")) {
      BoundingBox box = shown.at(".histogram").boundingBox();
      shown.page.mouse().move(box.x + 50, box.y + 50);
      shown.page.mouse().down();
      shown.at(".histogram").dispatchEvent("pointercancel");
      shown.page.mouse().move(box.x + 200, box.y + 50);
      shown.page.mouse().up();
      assertThat(shown.button("All rows")).isDisabled();
    }
  }

  @Test
  void aRowThatIsAskedForAgainIsShown(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=likelihood")) {
      AtomicInteger asked = new AtomicInteger();
      shown.page.route(
          "**/api/rows/3",
          route -> {
            // The first is left without an answer.
            if (asked.getAndIncrement() > 0) {
              route.resume();
            }
          });
      shown.go("view=likelihood&row=3");
      shown.at("#theme").click();
      assertThat(shown.at("aside.row .share").first()).isVisible();
      assertThat(asked.get()).isEqualTo(2);
    }
  }

  @Test
  void aRowOpensWithAllThatIsKnownOfIt(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=likelihood")) {
      shown.at("#view-likelihood .split .tile").nth(2).click();
      assertThat(shown.at("aside.row .facts")).containsText("nats");
      assertThat(shown.at("aside.row .share").first()).containsText("Component");
      assertThat(shown.at("aside.row [aria-label='Nearest components'] .tile")).hasCount(8);
      assertThat(shown.at("aside.row [aria-label='Nearest rows'] .tile")).hasCount(8);
      shown.at("aside.row [aria-label='Nearest rows'] .tile").first().click();
      assertThat(shown.at("#view-likelihood .split .facts")).containsText("nats");
      shown.button("Complete it").click();
      assertThat(shown.at("#tab-complete")).hasAttribute("aria-selected", "true");
    }
  }

  @Test
  void binsTellWhatACandidateLacks(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=bins")) {
      Locator facts = shown.at("#view-bins > .facts");
      assertThat(facts).not().containsText(Pattern.compile("^0 of"));
      String adjusted = facts.textContent();
      shown.button("Raw").click();
      assertThat(facts).not().hasText(adjusted);
      shown.at("#view-bins tbody tr").first().click();
      assertThat(shown.at("aside.bin h3")).hasText(Pattern.compile("Bin \\d+"));
      assertThat(shown.at("aside.bin [aria-label='Rows of the reference'] .tile").first())
          .isVisible();
      assertThat(shown.at("[data-chip=component]"))
          .containsText(Pattern.compile("Component [012]"));
      shown
          .page
          .getByLabel("Candidate", new Page.GetByLabelOptions().setExact(true))
          .selectOption("1");
      assertThat(shown.at("[data-chip=bin]")).hasText("No bin");
      shown.button("Holm").click();
      assertThat(facts).containsText(Pattern.compile("^0 of"));
    }
  }

  @Test
  void aCandidateThatFailedShowsNoBinsOfAnother(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=bins")) {
      shown.page.route(
          "**/api/progress",
          route ->
              route.fulfill(
                  new Route.FulfillOptions()
                      .setContentType("application/json")
                      .setBody(
                          route
                              .fetch()
                              .text()
                              .replaceFirst(
                                  "\\{[^{]*}]}$",
                                  "{\"state\":\"failed\",\"error\":\"no bins today\"}]}"))));
      shown.page.reload();
      shown.ready();
      assertThat(shown.at("#view-bins tbody tr").first()).isVisible();
      String bars = shown.pixels(".zchart");
      shown.go("view=bins&candidate=1");
      assertThat(shown.at("#view-bins > .facts")).hasText("no bins today");
      assertThat(shown.at("#view-bins tbody tr")).hasCount(0);
      shown.changed(".zchart", bars);
      shown.at(".zchart").click();
      assertThat(shown.at("[data-chip=bin]")).hasText("No bin");
    }
  }

  @Test
  void nothingMovesWhileResultsCome(Browser browser) {
    try (ShownPage shown = ShownPage.open(browser, explorer, "view=complete&row=3")) {
      BoundingBox before = shown.at("#view-complete .results").boundingBox();
      shown.button("Left").click();
      assertThat(shown.at("#view-complete .link")).containsText("Most probable");
      BoundingBox after = shown.at("#view-complete .results").boundingBox();
      assertThat(after).usingRecursiveComparison().isEqualTo(before);
    }
  }
}
