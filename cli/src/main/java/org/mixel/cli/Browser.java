package org.mixel.cli;

import java.awt.Desktop;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;

/** The user's browser. */
final class Browser {
  private Browser() {}

  /**
   * Opens an address, without waiting for the browser.
   *
   * @return whether there seems to be a browser that does
   */
  static boolean open(URI address) {
    boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    return linux ? byLauncher(address) : byDesktop(address);
  }

  /** The desktop's own launcher, which needs no window system inside this process. */
  private static boolean byLauncher(URI address) {
    if (System.getenv("DISPLAY") == null && System.getenv("WAYLAND_DISPLAY") == null) {
      return false;
    }
    try {
      new ProcessBuilder("xdg-open", address.toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean byDesktop(URI address) {
    try {
      if (GraphicsEnvironment.isHeadless()
          || !Desktop.isDesktopSupported()
          || !Desktop.getDesktop().isSupported(Desktop.Action.BROWSE)) {
        return false;
      }
      Desktop.getDesktop().browse(address);
      return true;
    } catch (IOException | RuntimeException | LinkageError e) {
      return false;
    }
  }
}
