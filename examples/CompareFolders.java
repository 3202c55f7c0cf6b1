import org.mixel.data.Samples;
import org.mixel.io.DataSource;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbResult;

/** Tests whether two folders of images have the same distribution. */
public final class CompareFolders {
  public static void main(String[] arguments) {
    Samples reference = DataSource.open(arguments[0]);
    Samples candidate = DataSource.open(arguments[1]);

    NdbResult result = Ndb.test(reference, candidate);
    System.out.println(result);
    for (int bin : result.underfilled(5)) {
      System.out.printf(
          "bin %d: %.3f of the reference, %.3f of the candidate%n",
          bin, result.referenceProportions()[bin], result.proportions()[bin]);
    }
  }
}
