/**
 * Reports: a title, a summary and sections of text, tables and figures ({@link
 * org.mixel.report.Report}), written as one HTML file that asks for nothing outside itself ({@link
 * org.mixel.report.HtmlReport}).
 *
 * <p>All text is plain text; whatever it holds is shown as it is. The same report gives the same
 * bytes. Everything here is immutable and safe for use by several threads.
 */
@NullMarked
package org.mixel.report;

import org.jspecify.annotations.NullMarked;
