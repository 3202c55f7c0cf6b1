package org.mixel.study;

/** The program is to end before a study is done; what was trained so far is saved. */
public final class StudyInterrupted extends RuntimeException {
  private static final long serialVersionUID = 1;

  StudyInterrupted() {
    super("interrupted; the same command goes on from here");
  }
}
