package org.mixel.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The cache folder follows MIXEL_HOME, then each system's custom. */
class CacheFolderTest {
  @Test
  void everySystem() {
    Path home = Path.of("/home/u");
    assertThat(folder(Map.of(), "Linux")).isEqualTo(home.resolve(".cache/mixel"));
    assertThat(folder(Map.of("XDG_CACHE_HOME", "/c"), "Linux")).isEqualTo(Path.of("/c/mixel"));
    assertThat(folder(Map.of("XDG_CACHE_HOME", "c"), "Linux"))
        .isEqualTo(home.resolve(".cache/mixel"));
    assertThat(folder(Map.of(), "Mac OS X")).isEqualTo(home.resolve("Library/Caches/mixel"));
    assertThat(folder(Map.of("LOCALAPPDATA", "/local"), "Windows 11"))
        .isEqualTo(Path.of("/local/mixel"));
    assertThat(folder(Map.of(), "Windows 11")).isEqualTo(home.resolve("AppData/Local/mixel"));
    assertThat(folder(Map.of("MIXEL_HOME", "/m", "XDG_CACHE_HOME", "/c"), "Linux"))
        .isEqualTo(Path.of("/m"));
    assertThat(folder(Map.of("MIXEL_HOME", " "), "Linux")).isEqualTo(home.resolve(".cache/mixel"));
  }

  private static Path folder(Map<String, String> environment, String system) {
    return CacheFolder.path(environment, system, "/home/u");
  }
}
