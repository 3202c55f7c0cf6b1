package org.mixel.data.format;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The images in a folder, at any depth. Links are followed, but each folder is read once: what lies
 * in it without a link counts first, then links in the order of their paths. So links in a circle
 * do no harm.
 */
final class FolderWalk {
  private final Path root;
  private final LeftOut leftOut;
  private final List<Path> images = new ArrayList<>();
  private final List<Path> links = new ArrayList<>();
  private final Set<Path> read = new HashSet<>();

  private FolderWalk(Path root, LeftOut leftOut) {
    this.root = root;
    this.leftOut = leftOut;
  }

  /**
   * Lists images in the order of their paths.
   *
   * @param leftOut counts the other files
   * @throws org.mixel.InputException if a folder may not be read
   */
  static List<Path> images(Path root, LeftOut leftOut) {
    FolderWalk walk = new FolderWalk(root, leftOut);
    walk.enter(root);
    while (!walk.links.isEmpty()) {
      List<Path> next = walk.links.stream().sorted(Comparator.comparing(Path::toString)).toList();
      walk.links.clear();
      next.forEach(walk::enter);
    }
    return walk.images.stream().sorted(Comparator.comparing(Path::toString)).toList();
  }

  private void enter(Path folder) {
    for (Path path : FileErrors.naming(folder, () -> children(folder))) {
      String name = root.relativize(path).toString();
      boolean link = Files.isSymbolicLink(path);
      if (Files.isDirectory(path)) {
        if (ImageFiles.isHidden(name + "/")) {
          leftOut.addFile(name + "/");
        } else if (link) {
          links.add(path);
        } else {
          enter(path);
        }
      } else if (link && !Files.exists(path)) {
        leftOut.addDeadLink();
      } else if (Files.isRegularFile(path) && ImageFiles.isImage(name)) {
        images.add(path);
      } else {
        leftOut.addFile(name);
      }
    }
  }

  /** The content of a folder, in the order of the paths; empty if it was read before. */
  private List<Path> children(Path folder) throws IOException {
    if (!read.add(folder.toRealPath())) {
      leftOut.addRepeatedFolder();
      return List.of();
    }
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(children::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    children.sort(Comparator.comparing(Path::toString));
    return children;
  }
}
