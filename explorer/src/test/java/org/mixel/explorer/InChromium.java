package org.mixel.explorer;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the machine's own Chromium, one for all classes; without one they are skipped and say
 * so. {@code MIXEL_CHROMIUM} names it where it is not on the {@code PATH}.
 */
final class InChromium implements BeforeAllCallback, ParameterResolver {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "chrome");
  private static final String MISSING =
      "tests of the page in a browser are skipped: no Chromium on the PATH"
          + " (install one, or name it in MIXEL_CHROMIUM)";

  /** The browser and what drives it; closed after the last test. */
  private record Running(Playwright playwright, Browser browser) implements AutoCloseable {
    static Running start(Path executable) {
      Playwright playwright =
          Playwright.create(
              new Playwright.CreateOptions()
                  .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
      return new Running(
          playwright,
          playwright
              .chromium()
              .launch(new BrowserType.LaunchOptions().setExecutablePath(executable)));
    }

    @Override
    public void close() {
      playwright.close();
    }
  }

  /** Where the machine has a Chromium. */
  static Optional<Path> executable() {
    String named = System.getenv("MIXEL_CHROMIUM");
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(Path::of)
        .flatMap(folder -> NAMES.stream().map(folder::resolve))
        .flatMap(file -> Stream.of(file, Path.of(file + ".exe")))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (executable().isEmpty()) {
      System.out.println(context.getDisplayName() + ": " + MISSING);
      Assumptions.abort(MISSING);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Browser.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(InChromium.class))
        .getOrComputeIfAbsent(
            "browser", key -> Running.start(executable().orElseThrow()), Running.class)
        .browser();
  }
}
