package org.mixel.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The page in a browser of its own, and what went wrong in it. */
final class ShownPage implements AutoCloseable {
  static final int WIDE = 1280;
  static final int NARROW = 390;

  /** Milliseconds that anything may take, on a machine that is busy with something else. */
  private static final int PATIENCE = 30_000;

  static {
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
  }

  private final BrowserContext context;
  private final String home;
  final Page page;

  /** Reports of the console, the page and requests to elsewhere. */
  private final List<String> complaints = new ArrayList<>();

  /** Parts of complaints that a test provokes; they may come at any time. */
  private final List<String> provoked = new ArrayList<>();

  private ShownPage(BrowserContext context, URI address) {
    this.context = context;
    home = address.toString().replaceAll("\\?.*", "");
    page = context.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    page.onRequest(
        request -> {
          if (!request.url().startsWith(home) && !request.url().startsWith("data:")) {
            complaints.add("asked " + request.url());
          }
        });
  }

  /**
   * Opens the page as the user would, by its address with the token.
   *
   * @param fragment the state to begin with, such as {@code view=bins}
   */
  static ShownPage open(Browser browser, Explorer explorer, String fragment) {
    return open(browser, explorer, fragment, WIDE, ColorScheme.LIGHT);
  }

  static ShownPage open(
      Browser browser, Explorer explorer, String fragment, int width, ColorScheme scheme) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(width, width == NARROW ? 844 : 800)
                .setColorScheme(scheme));
    ShownPage shown = new ShownPage(context, explorer.address());
    shown.page.navigate(explorer.address() + "#" + fragment);
    shown.ready();
    return shown;
  }

  /** Waits until all rows are scored, all bins counted and the page has shown them. */
  void ready() {
    page.waitForSelector("main[aria-busy=false]");
  }

  /** Goes to another state, as a bookmark would. */
  void go(String fragment) {
    page.evaluate(
        "fragment => new Promise(done => {"
            + " addEventListener('popstate', () => setTimeout(done), { once: true });"
            + " location.hash = fragment; })",
        fragment);
  }

  Locator at(String selector) {
    return page.locator(selector);
  }

  /** A button by its name, as a screen reader reads it. */
  Locator button(String name) {
    return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true))
        .locator("visible=true");
  }

  /** The pixels of a canvas, as text that changes when they do. */
  String pixels(String selector) {
    return (String) at(selector).evaluate("canvas => canvas.toDataURL()");
  }

  /** Waits until a canvas shows something else than before. */
  void changed(String selector, String before) {
    page.waitForCondition(() -> !pixels(selector).equals(before));
  }

  /** Drags from one point of an element to another, both in parts of its width and height. */
  void drag(String selector, double fromX, double fromY, double toX, double toY) {
    BoundingBox box = at(selector).boundingBox();
    page.mouse().move(box.x + fromX * box.width, box.y + fromY * box.height);
    page.mouse().down();
    page.mouse()
        .move(
            box.x + toX * box.width, box.y + toY * box.height, new Mouse.MoveOptions().setSteps(8));
    page.mouse().up();
  }

  String fragment() {
    return URI.create(page.url()).getRawFragment();
  }

  /** Waits until the address tells the state. */
  void fragmentHas(String pattern) {
    page.waitForURL(Pattern.compile(".*" + pattern + ".*"));
  }

  /** Says that the test provokes complaints that contain this. */
  void provokes(String part) {
    provoked.add(part);
  }

  @Override
  public void close() {
    context.close();
    assertThat(complaints).allMatch(each -> provoked.stream().anyMatch(each::contains));
  }
}
