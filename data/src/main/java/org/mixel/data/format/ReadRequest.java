package org.mixel.data.format;

import org.mixel.Progress;
import org.mixel.data.DataOptions;

/**
 * A request to a reader.
 *
 * @param name the user's name for the set
 * @param options layout, size and crop
 * @param progress where the reader reports
 */
public record ReadRequest(String name, DataOptions options, Progress progress) {}
