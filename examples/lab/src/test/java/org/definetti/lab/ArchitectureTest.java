package org.definetti.lab;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * The rules that cross modules, over the main classes of every Java module.
 *
 * <p>Plain tests that call {@code check}: Surefire runs no {@code @ArchTest} field, and a rule that
 * does not run stays green.
 */
final class ArchitectureTest {

  /** Main classes only, whether a module comes as a folder or, after packaging, as a jar. */
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          // Not ArchUnit's own option: it knows only target/test-classes, and CI also builds
          // into another folder.
          .withImportOption(location -> !location.contains("/test-classes/"))
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("org.definetti");

  /** The packages of each module, lowest first; a module may use itself and those before it. */
  private static final List<List<String>> MODULES =
      List.of(
          List.of(
              "org.definetti.random..",
              "org.definetti.latent..",
              "org.definetti.audit..",
              "org.definetti.kernel.."),
          List.of(
              "org.definetti.attention..",
              "org.definetti.derivation..",
              "org.definetti.architecture..",
              "org.definetti.symmetry..",
              "org.definetti.sparse.."),
          List.of(
              "org.definetti.engine..",
              "org.definetti.layer..",
              "org.definetti.objective..",
              "org.definetti.optimise..",
              "org.definetti.train..",
              "org.definetti.calibration..",
              "org.definetti.transfer..",
              "org.definetti.experiment..",
              "org.definetti.risk.."),
          List.of("org.definetti.lab.."));

  private static final String COMMAND_LINE = "org.definetti.lab..";

  /** Kotlin's hard keywords that Java allows, and the extensions of {@code Any}. */
  private static final Set<String> KOTLIN_NAMES =
      Set.of(
          "as",
          "fun",
          "in",
          "is",
          "object",
          "typealias",
          "typeof",
          "val",
          "var",
          "when",
          "also",
          "apply",
          "let",
          "run",
          "takeIf",
          "takeUnless",
          "to");

  private static final Set<String> MATRIX_MUTATORS =
      Set.of(
          "set",
          "setRow",
          "setColumn",
          "setTo",
          "setMatrix",
          "fill",
          "fillComplex",
          "zero",
          "reshape",
          "insertIntoThis",
          "loadFrom");

  @Test
  void theRulesSeeTheLibrary() {
    assertFalse(MAIN.stream().findAny().isEmpty(), "no classes imported: every rule would hold");
    assertFalse(MAIN.stream().anyMatch(type -> type.getSimpleName().endsWith("Test")));
  }

  @Test
  void packagesAreNullMarked() {
    List<String> unmarked = new ArrayList<>();
    for (String name : packages()) {
      JavaClass info =
          MAIN.stream()
              .filter(type -> type.getName().equals(name + ".package-info"))
              .findFirst()
              .orElse(null);
      if (info == null || !info.isAnnotatedWith(NullMarked.class)) {
        unmarked.add(name);
      }
    }
    assertFalse(!unmarked.isEmpty(), () -> "packages without @NullMarked: " + unmarked);
  }

  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching("org.definetti.(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void modulesPointOneWay() {
    for (int i = 0; i < MODULES.size(); i++) {
      List<String> later = new ArrayList<>();
      for (List<String> module : MODULES.subList(i + 1, MODULES.size())) {
        later.addAll(module);
      }
      if (!later.isEmpty()) {
        noClasses()
            .that(resideInAnyPackage(MODULES.get(i).toArray(String[]::new)))
            .should()
            .dependOnClassesThat(resideInAnyPackage(later.toArray(String[]::new)))
            .allowEmptyShould(true)
            .check(MAIN);
      }
    }
  }

  @Test
  void everyPackageBelongsToAModule() {
    String[] known = MODULES.stream().flatMap(List::stream).toArray(String[]::new);
    classes().should().resideInAnyPackage(known).check(MAIN);
  }

  @Test
  void thePageListsEveryPackageAndWhatToReadFirst() throws IOException {
    String page = Files.readString(Path.of("..", "..", "docs", "architecture.md"));
    Set<String> listed = new TreeSet<>();
    Pattern.compile("^\\| `([a-z.]+)` \\| .* \\| (.*) \\|$", Pattern.MULTILINE)
        .matcher(page)
        .results()
        .forEach(
            row -> {
              String name = "org.definetti." + row.group(1);
              listed.add(name);
              Pattern.compile("`(\\w+)`")
                  .matcher(row.group(2))
                  .results()
                  .map(type -> name + "." + type.group(1))
                  .forEach(type -> assertTrue(MAIN.contain(type), type));
            });
    assertEquals(packages(), listed);
  }

  @Test
  void commonsMathLivesInOnePackagePerModule() {
    for (List<String> module : MODULES) {
      DescribedPredicate<JavaClass> here = resideInAnyPackage(module.toArray(String[]::new));
      Set<String> users = new TreeSet<>();
      for (JavaClass type : MAIN) {
        if (here.test(type)
            && type.getDirectDependenciesFromSelf().stream()
                .anyMatch(use -> isUnder("org.apache.commons.math3", use.getTargetClass()))) {
          users.add(type.getPackageName());
        }
      }
      assertFalse(users.size() > 1, () -> "Commons Math: expected one package, got " + users);
    }
  }

  @Test
  void smileStaysInTheExamples() {
    noClasses()
        .that(resideOutsideOfPackage(COMMAND_LINE))
        .should()
        .dependOnClassesThat(resideInAPackage("smile.."))
        .check(MAIN);
  }

  @Test
  void vectorsStayInTheirPackage() {
    noClasses()
        .that(resideOutsideOfPackage("org.definetti.engine.simd.."))
        .should()
        .dependOnClassesThat(resideInAPackage("jdk.incubator.."))
        .check(MAIN);
  }

  @Test
  void publicSignaturesAreOursOrTheJdks() {
    classes()
        .that(describe("are library API", ArchitectureTest::isLibraryApi))
        .should(hold("show only our own, JDK, JSpecify types and SimpleMatrix", this::foreignTypes))
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void publicTypesAreNeverAbstractClassesNorOpen() {
    ArchRule rule = publicTypesAreClosed();
    rule.check(MAIN);
    // The control: an open class is seen.
    JavaClasses open = new ClassFileImporter().importClasses(Open.class);
    assertThrows(AssertionError.class, () -> rule.check(open));
  }

  private static ArchRule publicTypesAreClosed() {
    return classes()
        .that(describe("are public", type -> type.getModifiers().contains(JavaModifier.PUBLIC)))
        .and(describe("are not interfaces or exceptions", type -> !isInterfaceOrException(type)))
        // An enum with constant bodies is not final, and cannot be extended either.
        .and(describe("are not enums", type -> !type.isEnum()))
        .should()
        .haveModifier(JavaModifier.FINAL)
        .allowEmptyShould(true);
  }

  @Test
  void forbiddenCalls() {
    ArchRule rule = noForbiddenCalls();
    rule.check(MAIN);
    // The control: a forbidden call is seen.
    JavaClasses guilty = new ClassFileImporter().importClasses(Open.class);
    assertThrows(AssertionError.class, () -> rule.check(guilty));
  }

  private static ArchRule noForbiddenCalls() {
    return classes()
        .should(
            hold(
                "draw, print and compute as agreed",
                type ->
                    type.getAccessesFromSelf().stream()
                        .filter(ArchitectureTest::isForbidden)
                        .map(JavaAccess::getDescription)
                        .toList()));
  }

  @Test
  void librariesDoNotPrint() {
    noClasses()
        .that(resideOutsideOfPackage(COMMAND_LINE))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(MAIN);
  }

  @Test
  void namesAreNotKotlins() {
    classes()
        .that(describe("are library API", ArchitectureTest::isLibraryApi))
        .should(
            hold(
                "have no public name that Kotlin reads otherwise",
                type -> {
                  List<String> names = new ArrayList<>();
                  for (JavaMethod method : type.getMethods()) {
                    if (isExposed(method.getModifiers())
                        && KOTLIN_NAMES.contains(method.getName())
                        && !overridesJdk(type, method)) {
                      names.add(method.getFullName());
                    }
                  }
                  for (JavaField field : type.getFields()) {
                    if (isExposed(field.getModifiers()) && KOTLIN_NAMES.contains(field.getName())) {
                      names.add(field.getFullName());
                    }
                  }
                  return names;
                }))
        .allowEmptyShould(true)
        .check(MAIN);
  }

  private static Set<String> packages() {
    Set<String> names = new TreeSet<>();
    MAIN.forEach(type -> names.add(type.getPackageName()));
    return names;
  }

  private static boolean isUnder(String packageName, JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    return name.equals(packageName) || name.startsWith(packageName + ".");
  }

  private static boolean isExposed(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static boolean isLibraryApi(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && !isUnder("org.definetti.lab", type)
        && !type.getPackageName().contains(".internal");
  }

  private static boolean isInterfaceOrException(JavaClass type) {
    return type.isInterface()
        || type.isAssignableTo(Throwable.class)
        || type.getSimpleName().equals("package-info");
  }

  /** A method that a JDK interface names is not our choice, for example {@code Runnable.run}. */
  private static boolean overridesJdk(JavaClass type, JavaMethod method) {
    return type.getAllRawInterfaces().stream()
        .filter(parent -> isUnder("java", parent))
        .anyMatch(
            parent ->
                parent.getMethods().stream()
                    .anyMatch(other -> other.getName().equals(method.getName())));
  }

  private List<String> foreignTypes(JavaClass type) {
    List<String> foreign = new ArrayList<>();
    for (JavaMethod method : type.getMethods()) {
      if (isExposed(method.getModifiers())) {
        method.getAllInvolvedRawTypes().forEach(used -> addForeign(used, method, foreign));
      }
    }
    type.getConstructors().stream()
        .filter(constructor -> isExposed(constructor.getModifiers()))
        .forEach(
            constructor ->
                constructor
                    .getAllInvolvedRawTypes()
                    .forEach(used -> addForeign(used, constructor, foreign)));
    for (JavaField field : type.getFields()) {
      if (isExposed(field.getModifiers())) {
        field.getAllInvolvedRawTypes().forEach(used -> addForeign(used, field, foreign));
      }
    }
    for (JavaType parent : type.getInterfaces()) {
      parent.getAllInvolvedRawTypes().forEach(used -> addForeign(used, parent, foreign));
    }
    return foreign;
  }

  private static void addForeign(JavaClass used, Object where, List<String> foreign) {
    JavaClass base = used.getBaseComponentType();
    boolean known =
        base.isPrimitive()
            || isUnder("java", base)
            || isUnder("org.jspecify", base)
            || isUnder("org.definetti", base)
            || base.getName().equals("org.ejml.simple.SimpleMatrix");
    if (!known) {
      foreign.add(where + " shows " + base.getName());
    }
  }

  private static boolean isForbidden(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    String type = owner.getName();
    String name = access.getTarget().getName();
    return type.equals("java.util.Random")
        || (type.equals("java.lang.Math") && name.equals("random"))
        || (type.equals("java.util.random.RandomGenerator") && name.equals("getDefault"))
        || (isUnder("java.util", owner)
            && (name.equals("parallel") || name.equals("parallelStream")))
        || (isUnder("org.ejml", owner)
            && (type.contains("_MT_") || type.contains("EjmlConcurrency")))
        || (type.equals("org.ejml.simple.SimpleMatrix") && name.startsWith("random"))
        || (isUnder("org.ejml.simple", owner) && MATRIX_MUTATORS.contains(name));
  }

  private static ArchCondition<JavaClass> hold(
      String description, java.util.function.Function<JavaClass, List<String>> violations) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        violations
            .apply(type)
            .forEach(found -> events.add(SimpleConditionEvent.violated(type, found)));
      }
    };
  }

  /** What the rules must refuse: an open class that draws from the global generator. */
  @SuppressWarnings("unused")
  public static class Open {
    /** Draws where nobody can see the seed. */
    public double draw() {
      return Math.random();
    }
  }
}
