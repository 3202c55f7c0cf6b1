package org.mixel.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A script inside a page, named in the page's content security policy by its hash.
 *
 * @param text which does not hold the end of a script element
 */
record PageScript(String text) {
  /** A script that lies beside this class. */
  static PageScript read(String name) {
    return new PageScript(HtmlReport.resource(name));
  }

  String element() {
    return "<script>" + text + "</script>";
  }

  /** What the policy calls this script and no other. */
  String source() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] hash = sha256.digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
