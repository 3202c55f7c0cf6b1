package org.mixel.explorer;

/** A request that is not answered, and why. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final int BAD_REQUEST = 400;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int CONFLICT = 409;
  static final int TOO_LARGE = 413;
  static final int UNAVAILABLE = 503;

  private final int status;

  /**
   * @param status the code of HTTP
   * @param message one plain line
   */
  Refusal(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** Nothing is there. */
  static Refusal notFound() {
    return new Refusal(NOT_FOUND, "nothing is at this address");
  }

  static void require(boolean holds, int status, String otherwise) {
    if (!holds) {
      throw new Refusal(status, otherwise);
    }
  }

  int status() {
    return status;
  }
}
