package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Files that are left out are counted by their kind, the most frequent kinds first. */
class LeftOutTest {
  @Test
  void kindsAreEndings() {
    LeftOut leftOut = new LeftOut();
    assertThat(leftOut.files()).isEmpty();
    assertThat(leftOut.notes("d")).isEmpty();
    leftOut.addFile("a/README");
    assertThat(leftOut.files()).contains("1 file left out (1 without ending)");
    leftOut.addFile("a.TXT");
    leftOut.addFile("b.txt");
    leftOut.addFile("c.abcdefghij");
    leftOut.addFile("c.abcdefghijk");
    leftOut.addFile("what? no.");
    leftOut.addFile("odd.a b");
    leftOut.addFile(".hidden.txt");
    assertThat(leftOut.files())
        .contains("8 files left out (4 without ending, 2 .txt, 1 .abcdefghij, 1 hidden)");
  }

  @Test
  void sixKindsAreShown() {
    LeftOut leftOut = new LeftOut();
    for (String kind : new String[] {"a", "b", "c", "d", "e", "f"}) {
      leftOut.addFile("x." + kind);
    }
    assertThat(leftOut.files()).contains("6 files left out (1 .a, 1 .b, 1 .c, 1 .d, 1 .e, 1 .f)");
    leftOut.addFile("x.g");
    assertThat(leftOut.files())
        .contains("7 files left out (1 .a, 1 .b, 1 .c, 1 .d, 1 .e, 1 .f and other kinds)");
  }

  @Test
  void everyNoteIsALine() {
    LeftOut leftOut = new LeftOut();
    leftOut.addFile("x.txt");
    leftOut.addRepeatedFolder();
    leftOut.addRepeatedFolder();
    leftOut.addDeadLink();
    assertThat(leftOut.notes("d"))
        .containsExactly(
            "d: 1 file left out (1 .txt): not images that can be read",
            "d: links to folders that are read already are passed over: 2",
            "d: links to nothing are passed over: 1");
  }
}
