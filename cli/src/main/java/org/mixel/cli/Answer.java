package org.mixel.cli;

import java.io.IOException;
import java.io.Writer;

/**
 * The answer of a command, as a document and as text.
 *
 * @param document for {@code --json}: a record, map or list; names of record components become
 *     {@code snake_case}
 * @param text for people
 */
record Answer(Object document, Text text) {
  /** Text that is written when it is known to be wanted. */
  @FunctionalInterface
  interface Text {
    void writeTo(Writer writer) throws IOException;
  }

  /**
   * An answer of a few lines.
   *
   * @param text without a final line break; may be empty
   */
  static Answer of(Object document, String text) {
    return new Answer(
        document,
        writer -> {
          if (!text.isEmpty()) {
            writer.write(text);
            writer.write('\n');
          }
        });
  }

  /** An answer that is a table. */
  static Answer of(Object document, TextTable table) {
    return of(document, table.toString());
  }
}
