package org.mixel.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Route;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/** Protects that the commands and Java lines which the page teaches exist. */
@ExtendWith(InChromium.class)
class PageCommandsTest {
  private static final List<String> STATES =
      List.of(
          "view=map",
          "view=map&colour=z",
          "view=component&component=3&z=1.5,-0.25&pad=1,0",
          "view=complete&row=4&mask=left&seed=3",
          "view=complete&row=4&mask=5.3",
          "view=likelihood",
          "view=likelihood&row=4",
          "view=bins&adjust=raw",
          "view=bins&adjust=bh&candidate=1");
  private static final Pattern OPTION = Pattern.compile("(?<= )--[a-z-]+");

  private static MixtureOfFactorAnalyzers model;
  private static Explorer explorer;

  @TempDir private Path folder;

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
  void commandsHaveTheOptionsOfTheManual(Browser browser) throws IOException {
    String manual = Files.readString(Path.of("../docs/cli.md"));
    try (ShownPage shown = open(browser)) {
      for (String state : STATES) {
        shown.go(state);
        for (String command : shown.at("footer pre").textContent().split("\n")) {
          String[] words = command.split(" ");
          assertThat(words[0]).isEqualTo("mixel");
          String section = manual.substring(manual.indexOf("\n## `mixel " + words[1]) + 1);
          String described =
              section.substring(0, section.indexOf("\n## "))
                  + manual.substring(0, manual.indexOf("\n## `mixel demo"));
          Matcher options = OPTION.matcher(command);
          while (options.find()) {
            assertThat(described).as(command).contains(options.group());
          }
        }
      }
    }
  }

  @Test
  void javaLinesCompile(Browser browser) {
    try (ShownPage shown = open(browser)) {
      shown.button("Java").click();
      for (String state : STATES) {
        shown.go(state);
        assertThat(shown.at("footer pre")).containsText("import ");
        assertThat(compile(shown.at("footer pre").textContent())).as(state).isEmpty();
      }
    }
  }

  @Test
  void theCommandPlacesTheBinsOfThePage(Browser browser) {
    try (ShownPage shown = open(browser)) {
      shown.go("view=bins");
      assertThat(shown.at("footer pre")).containsText(" --seed 7 ");
      shown.button("Java").click();
      assertThat(shown.at("footer pre")).containsText(".withSeed(7L)");
    }
  }

  /** The page of data from a place whose name needs quotes, read with options; bins of a seed. */
  private static ShownPage open(Browser browser) {
    ShownPage shown = ShownPage.open(browser, explorer, "");
    shown.page.route(
        "**/api/model",
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType("application/json")
                    .setBody(
                        route
                            .fetch()
                            .text()
                            .replace("\"bars.npy\"", "\"my \\\"bars\\\"\"")
                            .replace(
                                "\"reading\":[]",
                                "\"reading\":[\"--crop\",\"center\",\"--size\",\"12x12\"]"))));
    shown.page.route(
        "**/api/bins/*",
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType("application/json")
                    .setBody(route.fetch().text().replace("\"seed\":0", "\"seed\":7"))));
    shown.page.reload();
    shown.ready();
    return shown;
  }

  /** The complaints of the compiler about lines with their imports, made the body of a method. */
  private List<?> compile(String lines) {
    String imports = lines.substring(0, lines.indexOf("\n\n"));
    String source =
        imports
            + "\nclass Lines { void run() throws Exception {"
            + lines.substring(imports.length())
            + "}}";
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
    compiler
        .getTask(
            null,
            null,
            told,
            List.of("-proc:none", "-d", folder.toString(), "-cp", classPath()),
            null,
            List.of(
                new SimpleJavaFileObject(
                    URI.create("string:///Lines.java"), JavaFileObject.Kind.SOURCE) {
                  @Override
                  public CharSequence getCharContent(boolean ignoreErrors) {
                    return source;
                  }
                }))
        .call();
    return told.getDiagnostics();
  }

  private static String classPath() {
    return Stream.of(MixtureOfFactorAnalyzers.class, Samples.class, Tensor.class, Pointer.class)
        .map(each -> each.getProtectionDomain().getCodeSource().getLocation())
        .map(location -> Path.of(URI.create(location.toString())).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
