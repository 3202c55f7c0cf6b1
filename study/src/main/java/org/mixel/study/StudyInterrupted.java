package org.mixel.study;

/** The program is asked to end before a study is done; finished and begun models are saved. */
public final class StudyInterrupted extends RuntimeException {
  private static final long serialVersionUID = 1;

  StudyInterrupted() {
    super("interrupted; the same command goes on from here");
  }
}
