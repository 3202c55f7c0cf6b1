package org.mixel.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The map of the program: which package may import which. A new package needs a row here. */
class ArchitectureTest {
  private static final String ROOT = "org.mixel";

  /** For each package, without its subpackages: the packages that it may import. */
  private static final Map<String, Set<String>> MAY_IMPORT = new TreeMap<>();

  private static final String[] DATA = {"", "data", "data.format", "data.named", "io"};

  /** For packages that neither open nor write data. */
  private static final String[] ROWS = {"", "data"};

  private static final String[] CORE = {
    "tensor",
    "optimizer",
    "cluster",
    "mfa",
    "mfa.training",
    "stat",
    "ndb",
    "metric",
    "memorization",
    "evaluation"
  };

  private static final String[] STUDIES = {
    "study.stage", "study.toy", "study.paper", "study.power"
  };

  static {
    allow("");
    allow("data", "");
    allow("data.format", "", "data");
    allow("data.named", "", "data", "data.format");
    allow("io", "", "data", "data.format", "data.named");
    allow("tensor", ROWS);
    allow("optimizer", ROWS, "tensor");
    allow("cluster", ROWS, "tensor");
    allow("mfa", ROWS, "io", "tensor");
    allow("mfa.training", ROWS, "cluster", "mfa", "optimizer", "tensor");
    allow("stat", ROWS);
    allow("ndb", ROWS, "io", "cluster", "stat", "tensor");
    allow("metric", ROWS, "cluster", "optimizer", "stat", "tensor");
    allow("memorization", ROWS, "cluster", "stat", "tensor");
    allow("evaluation", ROWS, "ndb", "metric", "memorization", "stat", "tensor");
    allow("neural.network", ROWS, "tensor");
    allow("neural", ROWS, CORE, "neural.network");
    allow("figure", ROWS);
    allow("report", "", "figure");
    allow("page", DATA, CORE, "neural", "figure", "report");
    allow("study.stage", DATA, CORE, "neural", "page");
    allow("study.toy", DATA, CORE, "neural", "figure", "report", "page", "study.stage");
    allow("study.paper", DATA, CORE, "neural", "figure", "report", "page", "study.stage");
    allow("study.power", DATA, CORE, "neural", "report", "study.stage");
    allow("study", DATA, CORE, STUDIES, "neural", "figure", "report", "page");
    allow("explorer", DATA, CORE);
    allow("bench", DATA, CORE, "neural", "explorer");
    allow("doctor", DATA, CORE, "neural");
    allow(
        "cli",
        DATA,
        CORE,
        STUDIES,
        "neural",
        "figure",
        "report",
        "page",
        "study",
        "explorer",
        "bench",
        "doctor");
  }

  private static final Set<String> MAY_USE_LIBTORCH =
      Set.of(
          "tensor",
          "optimizer",
          "cluster",
          "mfa",
          "mfa.training",
          "ndb",
          "metric",
          "memorization",
          "neural",
          "neural.network");

  /** The classes of {@code data.format} that other packages may use. */
  private static final Set<String> DOORS =
      Set.of(
          "DataFormats",
          "FittedImage",
          "FramedImage",
          "LabelFiles",
          "MaskFiles",
          "ReadRequest",
          "RowWriter",
          "WeightFiles");

  private static JavaClasses mixel;

  @BeforeAll
  static void readClasses() {
    mixel =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);
  }

  private static void allow(String name, Object... imported) {
    Set<String> names = new TreeSet<>();
    for (Object some : imported) {
      names.addAll(
          some instanceof String[] several ? Arrays.asList(several) : List.of((String) some));
    }
    MAY_IMPORT.put(name, names);
  }

  @Test
  void everyPackageHasARowAndEveryRowAPackage() {
    Set<String> packages =
        mixel.stream().map(ArchitectureTest::name).collect(Collectors.toCollection(TreeSet::new));
    assertThat(packages).isEqualTo(MAY_IMPORT.keySet());
  }

  @Test
  void packagesImportOnlyWhatTheirRowAllows() {
    MAY_IMPORT.forEach(
        (row, imported) -> {
          Set<String> allowed = new TreeSet<>(imported);
          allowed.add(row);
          noClasses()
              .that(liesIn(Set.of(row)))
              .should()
              .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(liesIn(allowed))))
              .as("'%s' imports only %s".formatted(row, allowed))
              .check(mixel);
        });
  }

  @Test
  void packagesFormNoCycles() {
    slices()
        .assignedFrom(slicesBy("packages", JavaClass::getPackageName))
        .should()
        .beFreeOfCycles()
        .check(mixel);
  }

  /** A sealed class and what it permits form one anyway, which the class files do not show. */
  @Test
  void classesOfTheRootPackageFormNoCycles() {
    slices()
        .assignedFrom(
            slicesBy(
                "classes of " + ROOT,
                type ->
                    type.getPackageName().equals(ROOT)
                        ? type.getName().replaceFirst("\\$.*", "")
                        : ""))
        .should()
        .beFreeOfCycles()
        .check(mixel);
  }

  @Test
  void formatsStayBehindTheirDoors() {
    assertThat(mixel)
        .filteredOn(type -> name(type).equals("data.format") && type.isTopLevelClass())
        .filteredOn(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .extracting(JavaClass::getSimpleName)
        .containsExactlyInAnyOrderElementsOf(DOORS);
  }

  @Test
  void libtorchStaysBehindItsBridge() {
    noClasses()
        .that(not(liesIn(MAY_USE_LIBTORCH)))
        .should()
        .dependOnClassesThat(resideInAPackage("org.bytedeco.."))
        .check(mixel);
  }

  @Test
  void dataDoNotReachLibtorch() {
    noClasses()
        .that(liesIn(Set.of(DATA)))
        .should()
        .transitivelyDependOnClassesThat(resideInAPackage("org.bytedeco.."))
        .check(mixel);
  }

  @Test
  void oneClassListensForTheEndOfTheProgram() {
    noClasses()
        .that(describe("are not Shutdown", type -> !type.getName().equals(ROOT + ".Shutdown")))
        .should()
        .callMethod(Runtime.class, "addShutdownHook", Thread.class)
        .check(mixel);
  }

  @Test
  void onlyTheCommandLinePrintsAndExits() {
    noClasses()
        .that(not(liesIn(Set.of("cli"))))
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
    List<String> unmarked = new ArrayList<>();
    for (String row : MAY_IMPORT.keySet()) {
      String name = row.isEmpty() ? ROOT : ROOT + "." + row;
      if (mixel
          .getPackage(name)
          .tryGetPackageInfo()
          .filter(info -> info.isAnnotatedWith(NullMarked.class))
          .isEmpty()) {
        unmarked.add(name);
      }
    }
    assertThat(unmarked).as("packages without a @NullMarked package-info").isEmpty();
  }

  /** The package of a class, without {@code org.mixel.} before it. */
  private static String name(JavaClass type) {
    return type.getPackageName().substring(ROOT.length()).replaceFirst("^\\.", "");
  }

  private static DescribedPredicate<JavaClass> liesIn(Set<String> packages) {
    return describe(
        "lie in " + packages,
        type -> resideInAPackage(ROOT + "..").test(type) && packages.contains(name(type)));
  }

  private static SliceAssignment slicesBy(String description, Function<JavaClass, String> slice) {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        String name = slice.apply(type);
        return name.isEmpty() ? SliceIdentifier.ignore() : SliceIdentifier.of(name);
      }

      @Override
      public String getDescription() {
        return description;
      }
    };
  }
}
