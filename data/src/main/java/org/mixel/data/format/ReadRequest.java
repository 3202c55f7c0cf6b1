package org.mixel.data.format;

import org.mixel.Progress;
import org.mixel.data.DataOptions;

/**
 * What a reader is asked for.
 *
 * @param name what the user called the set; the name of the samples
 * @param options how to understand it
 * @param progress where the reader reports
 */
public record ReadRequest(String name, DataOptions options, Progress progress) {}
