/**
 * Named data sets: their sources, checksums and folders.
 *
 * <p>{@link org.mixel.data.named.NamedSets} is the way in. Files are fetched once, from the first
 * of several sources that has the right bytes, into {@code data/NAME} of the cache folder; what
 * lies there already, put by hand for instance, is checked and used. A file has its final name only
 * when its checksum is right.
 */
@NullMarked
package org.mixel.data.named;

import org.jspecify.annotations.NullMarked;
