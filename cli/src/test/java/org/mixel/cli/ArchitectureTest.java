package org.mixel.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The map of the house: which package may import which. A new package needs a row here. */
class ArchitectureTest {
  private static final String ROOT = "org.mixel";
  private static final List<String> CORE =
      List.of(
          "data",
          "tensor",
          "optimizer",
          "cluster",
          "mfa",
          "mfa.training",
          "stat",
          "ndb",
          "metric",
          "memorization");

  /** For each package (its subpackages included), what it may import beside {@code org.mixel}. */
  private static final Map<String, List<String>> MAY_IMPORT = new TreeMap<>();

  static {
    allow("data");
    allow("tensor", "data");
    allow("optimizer", "tensor", "data");
    allow("cluster", "tensor", "data");
    allow("mfa", "tensor", "data");
    allow("mfa.training", "mfa", "optimizer", "cluster", "tensor", "data");
    allow("stat");
    allow("ndb", "cluster", "stat", "tensor", "data");
    allow("metric", "stat", "tensor", "data");
    allow("memorization", "stat", "tensor", "data");
    allow("neural", CORE);
    allow("spark", CORE);
    allow("bench", CORE, "neural");
    allow("figure", CORE, "neural");
    allow("report", CORE, "neural", "figure");
    allow("study", CORE, "neural", "figure", "report");
    allow("explorer", CORE, "neural", "figure", "report", "study");
    allow("cli", CORE, "neural", "spark", "bench", "figure", "report", "study", "explorer");
  }

  private static final String[] LIBTORCH = {"org.bytedeco.."};
  private static final List<String> MAY_USE_LIBTORCH =
      List.of(
          "tensor",
          "optimizer",
          "cluster",
          "mfa",
          "mfa.training",
          "metric",
          "memorization",
          "ndb",
          "neural");

  private static JavaClasses mixel;

  @BeforeAll
  static void readClasses() {
    mixel =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);
  }

  private static void allow(String name, String... imported) {
    allow(name, List.of(), imported);
  }

  private static void allow(String name, List<String> imported, String... more) {
    MAY_IMPORT.put(name, Stream.concat(imported.stream(), Arrays.stream(more)).toList());
  }

  @Test
  void theClassesOfSeveralModulesAreSeen() {
    assertThat(packages()).contains("", "data", "tensor", "cli");
  }

  @Test
  void everyPackageHasARow() {
    assertThat(packages())
        .filteredOn(name -> !name.isEmpty())
        .allMatch(name -> !row(name).isEmpty());
  }

  @Test
  void packagesImportOnlyWhatTheirRowAllows() {
    for (String row : MAY_IMPORT.keySet()) {
      Set<String> allowed = new TreeSet<>(MAY_IMPORT.get(row));
      allowed.add(row);
      noClasses()
          .that(liesIn(List.of(row)))
          .should()
          .dependOnClassesThat(liesInOtherThan(allowed))
          .as(row + " imports only " + allowed)
          .allowEmptyShould(true)
          .check(mixel);
    }
    noClasses()
        .that(resideInAPackage(ROOT))
        .should()
        .dependOnClassesThat(liesInOtherThan(Set.of()))
        .as(ROOT + " itself imports none of its packages")
        .check(mixel);
  }

  @Test
  void packagesFormNoCycles() {
    slices().assignedFrom(new Rows()).should().beFreeOfCycles().check(mixel);
  }

  /** A package may lean on its own subpackages and they on it; among each other they do not. */
  @Test
  void subpackagesOfOnePackageFormNoCycles() {
    slices()
        .matching(ROOT + ".(*).(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(mixel);
  }

  private static final class Rows implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(rowOf(type));
    }

    @Override
    public String getDescription() {
      return "the rows of the table";
    }
  }

  @Test
  void libtorchStaysBehindItsBridge() {
    noClasses()
        .that(not(liesIn(MAY_USE_LIBTORCH)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(LIBTORCH))
        .check(mixel);
  }

  @Test
  void onlyTheCommandLinePrintsAndExits() {
    noClasses()
        .that(not(liesIn(List.of("cli"))))
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(mixel);
  }

  @Test
  void everyPackageIsNullMarkedAndDescribed() {
    Set<String> unmarked = new TreeSet<>();
    for (String name : packages()) {
      JavaPackage found = mixel.getPackage(name.isEmpty() ? ROOT : ROOT + "." + name);
      if (found
          .tryGetPackageInfo()
          .filter(info -> info.isAnnotatedWith(NullMarked.class))
          .isEmpty()) {
        unmarked.add(found.getName());
      }
    }
    assertThat(unmarked).as("packages without a @NullMarked package-info").isEmpty();
  }

  /** The packages that hold classes, without {@code org.mixel.} before their names. */
  private static Set<String> packages() {
    return mixel.stream()
        .map(type -> type.getPackageName().substring(ROOT.length()).replaceFirst("^\\.", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The longest row that the package or one of its parents has, or the empty string. */
  private static String row(String name) {
    return MAY_IMPORT.keySet().stream()
        .filter(row -> name.equals(row) || name.startsWith(row + "."))
        .max((a, b) -> Integer.compare(a.length(), b.length()))
        .orElse("");
  }

  private static String rowOf(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(ROOT + ".") ? row(name.substring(ROOT.length() + 1)) : "";
  }

  private static DescribedPredicate<JavaClass> liesIn(List<String> rows) {
    return DescribedPredicate.describe("lie in " + rows, type -> rows.contains(rowOf(type)));
  }

  /** Whether a class belongs to a package of Mixel that has a row, but none of these. */
  private static DescribedPredicate<JavaClass> liesInOtherThan(Set<String> rows) {
    return DescribedPredicate.describe(
        "lie in packages of Mixel other than " + rows,
        type -> !rowOf(type).isEmpty() && !rows.contains(rowOf(type)));
  }
}
