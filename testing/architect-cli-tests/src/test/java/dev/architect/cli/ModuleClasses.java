package dev.architect.cli;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the architecture rules look at: the modules of the build and the classes that came out of them. */
final class ModuleClasses {
    private static final Pattern MODULE = Pattern.compile("<module>([^<]*architect-[^<]+)</module>");
    private static final Pattern LOCATION =
            Pattern.compile("/(architect-[a-z0-9-]+?)(?:-\\d[^/]*\\.jar!/|/target/classes/)");

    /** Starts servers for tests and the demo of a cluster, and uses clocks and threads as it likes. */
    private static final String TEST_EQUIPMENT = "architect-postgres-server";

    private final List<Path> modules;
    private final List<JavaClass> classes;

    private ModuleClasses(List<Path> modules, List<JavaClass> classes) {
        this.modules = modules;
        this.classes = classes;
    }

    /** Reads the module list of the root {@code pom.xml} and every class of the modules on the class path but tests. */
    static ModuleClasses read() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve(".mvn"))) {
            root = root.getParent();
        }
        List<Path> modules = MODULE.matcher(Files.readString(root.resolve("pom.xml")))
                .results()
                .map(match -> match.group(1))
                .filter(name -> !name.equals("architect-bom"))
                .filter(name -> !name.endsWith("/" + TEST_EQUIPMENT))
                .map(root::resolve)
                .toList();
        List<JavaClass> classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.architect").stream()
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .filter(type -> !artifactOf(type).equals(TEST_EQUIPMENT))
                        .toList();
        return new ModuleClasses(modules, classes);
    }

    /** The names of the artifacts that may hold classes. */
    List<String> artifacts() {
        return modules.stream().map(module -> module.getFileName().toString()).toList();
    }

    /** The artifacts whose sources hold at least one type. */
    List<String> artifactsWithSources() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path module : modules) {
            Path sources = module.resolve("src/main/java");
            if (Files.isDirectory(sources) && holdsTypes(sources)) {
                found.add(module.getFileName().toString());
            }
        }
        return found;
    }

    List<JavaClass> classes() {
        return classes;
    }

    List<JavaClass> classesOf(String artifact) {
        return classes.stream()
                .filter(type -> artifactOf(type).equals(artifact))
                .toList();
    }

    /** The artifact that a class was loaded from, determined by its jar or folder. */
    static String artifactOf(JavaClass type) {
        String location =
                type.getSource().map(source -> source.getUri().toString()).orElse("nowhere");
        Matcher matcher = LOCATION.matcher(location);
        if (!matcher.find()) {
            throw new IllegalStateException(type.getName() + " comes from " + location + ", expected an artifact");
        }
        return matcher.group(1);
    }

    /** The artifact that a package belongs to by its name: the one with the longest root package around it. */
    String ownerOf(String packageName) {
        return artifacts().stream()
                .filter(artifact -> isWithin(packageName, rootPackage(artifact)))
                .max(Comparator.comparingInt(artifact -> rootPackage(artifact).length()))
                .orElse("none");
    }

    static boolean isWithin(String packageName, String root) {
        return packageName.equals(root) || packageName.startsWith(root + ".");
    }

    private static String rootPackage(String artifact) {
        return switch (artifact) {
            case "architect-core" -> "dev.architect";
            case "architect-server-example" -> "dev.architect.server";
            case "architect-spring-boot-starter" -> "dev.architect.spring.boot";
            default -> "dev." + artifact.replace('-', '.');
        };
    }

    private static boolean holdsTypes(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> name.endsWith(".java") && !name.endsWith("-info.java"));
        }
    }
}
