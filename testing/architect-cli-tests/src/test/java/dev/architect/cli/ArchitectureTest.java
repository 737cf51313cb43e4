package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.architect.cli.planted.left.PlantedLeft;
import dev.architect.cli.planted.right.PlantedRight;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** Checks the design over every artifact: who may depend on whom, and what is reached through the SPI only. */
final class ArchitectureTest {
    private static ModuleClasses modules;

    @BeforeAll
    static void readModules() throws IOException {
        modules = ModuleClasses.read();
    }

    @Test
    void seesClassesOfEveryArtifactThatHasSources() throws IOException {
        Set<String> seen = modules.classes().stream()
                .map(ModuleClasses::artifactOf)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(modules.artifactsWithSources()).contains("architect-core");
        assertThat(seen).containsAll(modules.artifactsWithSources());
    }

    @Test
    void noPackageIsSplitOverTwoArtifacts() {
        Map<String, Set<String>> homes = modules.classes().stream()
                .collect(Collectors.groupingBy(
                        JavaClass::getPackageName, Collectors.mapping(ModuleClasses::artifactOf, Collectors.toSet())));

        assertThat(homes)
                .isNotEmpty()
                .allSatisfy((name, artifacts) -> assertThat(artifacts).as(name).hasSize(1));
    }

    @Test
    void packagesAreNamedAfterTheirArtifact() {
        assertThat(modules.classes())
                .allSatisfy(type -> assertThat(modules.ownerOf(type.getPackageName()))
                        .as(type.getName())
                        .isEqualTo(ModuleClasses.artifactOf(type)));
    }

    @Test
    void artifactsDependOnlyOnThoseTheyMay() {
        assertThat(violations(type -> type.getDirectDependenciesFromSelf().stream()
                        .filter(use ->
                                ModuleClasses.isWithin(use.getTargetClass().getPackageName(), "dev.architect"))
                        .filter(use -> !ModuleRules.mayDependOn(
                                ModuleClasses.artifactOf(type),
                                modules.ownerOf(use.getTargetClass().getPackageName())))
                        .map(use -> use.getDescription())))
                .isEmpty();
    }

    @Test
    void artifactsReferToNothingForbidden() {
        assertThat(violations(type ->
                        ModuleRules.uses(type, ModuleRules.forbiddenReferences(ModuleClasses.artifactOf(type), type))))
                .isEmpty();
    }

    @Test
    void packagesOfAnArtifactHaveNoCycles() {
        for (String artifact : modules.artifacts()) {
            assertThat(PackageRules.cycles(modules.classesOf(artifact)))
                    .as(artifact)
                    .isEmpty();
        }
    }

    @Test
    void packagesOfTheCoreDependOnTheirOwnLayerAndLowerOnes() {
        assertThat(modules.classesOf("architect-core").stream().flatMap(PackageRules::upwards))
                .isEmpty();
    }

    @Test
    void packagesHaveAtMostTwentyFiveTypes() {
        assertThat(PackageRules.largerThan(PackageRules.MAX_TYPES, modules.classes()))
                .isEmpty();
    }

    @Test
    void simpleNamesStandOnce() {
        assertThat(PackageRules.repeatedNames(modules.classes())).isEmpty();
    }

    @Test
    void onlyOneClassOfTheCommandLineNeedsTheServer() {
        assertThat(modules.classesOf("architect-cli").stream().flatMap(ModuleRules::touchesServer))
                .isEmpty();
    }

    @Test
    void onlyOneClassNeedsADatabaseServerOfItsOwn() {
        assertThat(modules.classes().stream().flatMap(ModuleRules::touchesDatabaseServer))
                .isEmpty();
    }

    @Test
    void findsPlantedCyclesSizesAndNames() {
        JavaClasses halves = new ClassFileImporter().importClasses(PlantedLeft.class, PlantedRight.class);
        JavaClasses namesakes =
                new ClassFileImporter().importClasses(java.util.Date.class, java.sql.Date.class, List.class);

        assertThat(PackageRules.cycles(halves))
                .containsExactly("dev.architect.cli.planted.left <-> dev.architect.cli.planted.right");
        assertThat(PackageRules.cycles(List.of(halves.get(PlantedLeft.class)))).isEmpty();
        assertThat(PackageRules.largerThan(1, namesakes)).isEqualTo(Map.of("java.util", 2L));
        assertThat(PackageRules.repeatedNames(namesakes)).isEqualTo(Map.of("Date", Set.of("java.sql", "java.util")));
    }

    @Test
    void findsWhatDependsOnAHigherLayer() {
        JavaClass facade = modules.classesOf("architect-core").stream()
                .filter(type -> type.getName().equals("dev.architect.Architect"))
                .findFirst()
                .orElseThrow();

        assertThat(PackageRules.upwards(facade)).isEmpty();
        assertThat(PackageRules.above(PackageRules.layer("dev.architect.spi"), facade))
                .anyMatch(use -> use.contains("dev.architect.schedule."));
        assertThat(PackageRules.layer("dev.architect.task")).isLessThan(PackageRules.layer("dev.architect.spi"));
        assertThat(PackageRules.layer("dev.architect.schedule")).isLessThan(PackageRules.layer("dev.architect"));
        assertThatThrownBy(() -> PackageRules.layer("dev.architect.attic"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is in no layer");
    }

    @Test
    void findsWhatTouchesTheServer() {
        JavaClass server = modules.classesOf("architect-server-example").stream()
                .filter(type -> type.getName().equals("dev.architect.server.ArchitectServer"))
                .findFirst()
                .orElseThrow();
        JavaClass starter = modules.classesOf("architect-cli").stream()
                .filter(type -> type.getName().equals("dev.architect.cli.launch.LocalServer"))
                .findFirst()
                .orElseThrow();

        assertThat(ModuleRules.touchesServer(server)).isNotEmpty();
        assertThat(ModuleRules.touchesServer(starter)).isEmpty();
        assertThat(starter.getDirectDependenciesFromSelf())
                .anyMatch(use -> use.getTargetClass().getName().startsWith("dev.architect.server."));
    }

    @Test
    void timeRandomnessAndThreadsComeThroughTheSpi() {
        assertThat(violations(type -> ModuleClasses.artifactOf(type).matches("architect-(testkit|simulator)")
                                || ModuleRules.isSourceOfTimeOrThreads(type)
                        ? Stream.empty()
                        : ModuleRules.takesTimeRandomnessOrThreads(type)))
                .isEmpty();
    }

    @Test
    void theExceptedClassesAreTheOnesThatNeedIt() {
        for (String name : ModuleRules.SOURCES_OF_TIME_AND_THREADS) {
            assertThat(modules.classesOf("architect-core").stream()
                            .filter(type -> type.getName().equals(name))
                            .flatMap(ModuleRules::takesTimeRandomnessOrThreads))
                    .as(name)
                    .isNotEmpty();
        }
    }

    @Test
    void findsPlantedTimeRandomnessAndThreads() {
        JavaClass offender = new ClassFileImporter().importClass(Offender.class);

        String found = ModuleRules.takesTimeRandomnessOrThreads(offender).collect(Collectors.joining("\n"));

        assertThat(found)
                .contains("Instant.now()", "System.nanoTime()", "System.currentTimeMillis()")
                .contains("Random.<init>", "ThreadLocalRandom.current()")
                .contains("Thread.<init>", "Thread.sleep(", "Executors.newCachedThreadPool()");
    }

    @Test
    void findsPlantedUse() {
        JavaClass offender = new ClassFileImporter().importClass(Offender.class);

        assertThat(ModuleRules.uses(offender, List.of(Pattern.compile("java\\.util\\.Random"))))
                .isNotEmpty();
        assertThat(ModuleRules.uses(offender, ModuleRules.forbiddenReferences("architect-core", offender)))
                .anyMatch(use -> use.contains("java.lang.Thread"))
                .anyMatch(use -> use.contains("java.util.concurrent.Executors"))
                .anyMatch(use -> use.contains("java.io.InputStream"))
                .anyMatch(use -> use.contains("java.nio.file.Path"))
                .anyMatch(use -> use.contains("java.net.Socket"))
                .anyMatch(use -> use.contains("org.slf4j.Logger"));
        assertThat(ModuleRules.uses(offender, ModuleRules.forbiddenReferences("architect-router", offender)))
                .anyMatch(use -> use.contains("java.net.Socket"))
                .anyMatch(use -> use.contains("java.sql.Connection"));
        assertThat(ModuleRules.uses(offender, ModuleRules.forbiddenReferences("architect-store-sqlite", offender)))
                .anyMatch(use -> use.contains("java.net.Socket"))
                .anyMatch(use -> use.contains("java.nio.channels.SocketChannel"))
                .noneMatch(use -> use.contains("java.nio.channels.FileChannel"));
    }

    @Test
    void dependenciesThatAreForbiddenAndAllowed() {
        assertThat(ModuleRules.mayDependOn("architect-provider-claude", "architect-provider-openai"))
                .isFalse();
        assertThat(ModuleRules.mayDependOn("architect-provider-claude", "architect-router"))
                .isFalse();
        assertThat(ModuleRules.mayDependOn("architect-provider-claude", "architect-store-jdbi"))
                .isFalse();
        assertThat(ModuleRules.mayDependOn("architect-store-sqlite", "architect-provider-http"))
                .isFalse();
        assertThat(ModuleRules.mayDependOn("architect-core", "architect-router"))
                .isFalse();
        assertThat(ModuleRules.mayDependOn("architect-provider-claude", "architect-provider-http"))
                .isTrue();
        assertThat(ModuleRules.mayDependOn("architect-store-sqlite", "architect-store-jdbi"))
                .isTrue();
        assertThat(ModuleRules.mayDependOn("architect-cli", "architect-router")).isTrue();
        assertThat(ModuleRules.mayDependOn("architect-runtime", "architect-router"))
                .isTrue();
        assertThat(ModuleRules.mayDependOn("architect-spring-boot-starter", "architect-store-postgres"))
                .isTrue();
        assertThat(ModuleRules.mayDependOn("architect-spring-boot-starter", "architect-provider-claude"))
                .isFalse();
        for (String artifact :
                List.of("architect-core", "architect-cli", "architect-server-example", "architect-runtime")) {
            assertThat(ModuleRules.mayDependOn(artifact, "architect-testkit"))
                    .as(artifact)
                    .isFalse();
        }
        assertThat(ModuleRules.mayDependOn("architect-simulator", "architect-core"))
                .isFalse();
        assertThat(ModuleRules.mayDependOn("architect-runtime", "architect-provider-claude"))
                .isFalse();
    }

    private static List<String> violations(Function<JavaClass, Stream<String>> rule) {
        return modules.classes().stream().flatMap(rule).toList();
    }

    /** Breaks the rules on purpose; never run. */
    @SuppressWarnings("unused")
    private static final class Offender {
        private final Supplier<Instant> reference = Instant::now;
        private final LongSupplier wall = System::currentTimeMillis;
        private InputStream stream;
        private Path file;
        private Socket[] sockets;
        private SocketChannel channel;
        private FileChannel fileChannel;
        private Connection connection;
        private Logger logger;

        void offend() throws InterruptedException {
            long tick = System.nanoTime()
                    + new Random().nextInt()
                    + ThreadLocalRandom.current().nextInt();
            new Thread(() -> Executors.newCachedThreadPool().shutdown()).start();
            Thread.sleep(tick);
        }
    }
}
