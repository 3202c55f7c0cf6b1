package org.mixel.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.mixel.data.ImageShape;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;
import org.mixel.tensor.NativeScope;

/**
 * A command that writes, at a size of seconds.
 *
 * @param name for people
 * @param outputs files and folders that must be old or new
 * @param arguments of the command
 */
record WritingCommand(String name, List<String> outputs, List<String> arguments) {
  private static final int ROWS = 500;
  private static final String SMALL = " --steps 4 --batch 16 --width 8";

  static final List<WritingCommand> ALL =
      List.of(
          of("fit", "m.mfa", "fit in.npy -o m.mfa --components 3 --factors 1 --iterations 6"),
          of(
              "fit with a report",
              "n.mfa n.html",
              "fit in.npy -o n.mfa --components 2 --factors 1 --iterations 2 --report n.html"),
          of(
              "train",
              "g.net",
              "train dcgan in.npy -o g.net --steps 6 --batch 16 --width 8 --latent 4 --evaluate-every 3"),
          of("sample an array", "s.npy", "sample old.mfa -n 60 -o s.npy"),
          of("sample compressed", "s.npz", "sample old.mfa -n 60 -o s.npz"),
          of("sample images", "pictures", "sample old.mfa -n 8 -o pictures"),
          of("score", "o.png", "score old.mfa in.npy --outliers 9 -o o.png"),
          of("inpaint", "i.png", "inpaint old.mfa in.npy --mask right -o i.png"),
          of("reconstruct", "r.npy", "reconstruct old.mfa in.npy -o r.npy"),
          of("components", "c.png", "components old.mfa -o c.png"),
          of(
              "ndb",
              "b.html b.bins bins",
              "ndb in.npy old.npy --bins 4 --report b.html --save-bins b.bins --export-bins bins"),
          of("evaluate", "e.html", "evaluate in.npy old.npy --report e.html --bins 4"),
          of(
              "fit of several stages",
              "h.mfa",
              "fit in.npy -o h.mfa --hierarchical 2 --components 4 --factors 1 --iterations 2"),
          of(
              "fit of several numbers",
              "k.mfa k.html",
              "fit in.npy -o k.mfa --components 2,3 --factors 1 --iterations 2 --validation old.npy --report k.html"),
          of("fit of an update", "u.mfa", "fit in.npy -o u.mfa --update old.mfa --iterations 2"),
          of(
              "train pix2pix",
              "p.net",
              "train pix2pix in.npy -o p.net --mixture old.mfa --picture-every 2" + SMALL),
          of(
              "train adversarial-mfa",
              "a.net",
              "train adversarial-mfa in.npy -o a.net --init old.mfa --checkpoint-every 2" + SMALL),
          of("train vae", "v.net", "train vae in.npy -o v.net --latent 4" + SMALL),
          of("study", "out", "study mnist --data in.npy --stages training-images,mfa -o out"),
          of("sample a mosaic", "x.png", "sample old.mfa -n 9 -o x.png"),
          of("components in a grid", "d.png", "components old.mfa --grid 1,2 -o d.png"),
          of(
              "inpaint into a folder",
              "whole w.npy",
              "inpaint old.mfa old.npy --mask right --mode mean -o whole --variance w.npy"),
          of("reconstruct into a folder", "again", "reconstruct old.mfa old.npy -o again"),
          of(
              "evaluate features",
              "f.html",
              "evaluate in.npy old.npy --features net.pt --metrics frechet --report f.html"),
          of("score columns", "y.png", "score old.mfa columns.npz --outliers 9 -o y.png"));

  private static WritingCommand of(String name, String outputs, String arguments) {
    return new WritingCommand(name, List.of(outputs.split(" ")), List.of(arguments.split(" ")));
  }

  /** Writes images, row by row and column by column. */
  static void writeImages(Path folder) throws IOException {
    byte[] pixels = new byte[ROWS * 64];
    new Random(1).nextBytes(pixels);
    ImageShape shape = new ImageShape(1, 8, 8);
    SampleWriter.write(folder.resolve("in.npy"), StoredSamples.ofBytes("in", shape, pixels));
    ByteArrayOutputStream array = new ByteArrayOutputStream();
    String header =
        "{'descr': '|u1', 'fortran_order': True, 'shape': (%d, 8, 8), }".formatted(ROWS);
    header = header + " ".repeat(117 - header.length()) + "\n";
    array.write(("\u0093NUMPY\u0001\0v\0" + header).getBytes(StandardCharsets.ISO_8859_1));
    array.write(pixels);
    try (OutputStream out = Files.newOutputStream(folder.resolve("columns.npz"));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("images.npy"));
      zip.write(array.toByteArray());
    }
  }

  /** Writes a network of features. */
  static void writeNetwork(Path folder) {
    try (NativeScope scope = new NativeScope()) {
      JitModule module = new JitModule(new QualifiedName("__torch__.network"));
      module.define("def forward(self, x):\n    return x.mean(3)\n");
      module.save(folder.resolve("net.pt").toString());
    }
  }

  /** Whether it can be resumed, and says so. */
  boolean isTraining() {
    return arguments.get(0).equals("fit") || arguments.get(0).equals("train");
  }

  /** Whether it goes on in the folder that it began. */
  boolean isStudy() {
    return arguments.get(0).equals("study");
  }
}
