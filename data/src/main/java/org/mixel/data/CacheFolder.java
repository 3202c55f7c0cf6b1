package org.mixel.data;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where Mixel keeps what it downloads: {@code MIXEL_HOME} when that is set, else the user's cache
 * folder ({@code $XDG_CACHE_HOME/mixel} or {@code ~/.cache/mixel}, on macOS {@code
 * ~/Library/Caches/mixel}, on Windows {@code %LOCALAPPDATA%\mixel}). The folder may not exist yet.
 */
public final class CacheFolder {
  private CacheFolder() {}

  /** The folder of this process. */
  public static Path path() {
    return path(System.getenv(), System.getProperty("os.name"), System.getProperty("user.home"));
  }

  static Path path(Map<String, String> environment, String system, String home) {
    String chosen = value(environment, "MIXEL_HOME");
    if (chosen != null) {
      return Path.of(chosen).toAbsolutePath();
    }
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      String local = value(environment, "LOCALAPPDATA");
      return (local != null ? Path.of(local) : Path.of(home, "AppData", "Local")).resolve("mixel");
    }
    if (name.startsWith("mac")) {
      return Path.of(home, "Library", "Caches", "mixel");
    }
    String xdg = value(environment, "XDG_CACHE_HOME");
    // The XDG specification says to ignore relative paths.
    boolean usable = xdg != null && Path.of(xdg).isAbsolute();
    return (usable ? Path.of(xdg) : Path.of(home, ".cache")).resolve("mixel");
  }

  private static @Nullable String value(Map<String, String> environment, String key) {
    String value = environment.get(key);
    return value == null || value.isBlank() ? null : value;
  }
}
