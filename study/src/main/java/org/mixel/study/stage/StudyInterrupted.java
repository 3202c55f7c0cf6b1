package org.mixel.study.stage;

/** The program is asked to end before a study is done; finished and begun models are saved. */
public final class StudyInterrupted extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says how to go on. */
  public StudyInterrupted() {
    super("interrupted; the same command goes on from here");
  }
}
