package org.mixel.data.named;

import java.util.List;

/**
 * One file of a named set.
 *
 * @param name its name in the set's folder
 * @param bytes its size
 * @param checksum the hash of its bytes
 * @param mirrors where to get it, in the order in which they are tried
 */
public record SetFile(String name, long bytes, Checksum checksum, List<Mirror> mirrors) {
  static SetFile of(String name, long bytes, Checksum checksum, Mirror... mirrors) {
    return new SetFile(name, bytes, checksum, List.of(mirrors));
  }
}
