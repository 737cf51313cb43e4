package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the {@code gaia} script over a toy project, with a Maven and a Java that only write down how they were called. */
final class GaiaScriptTest {

    private static final String FAKE_MAVEN = """
            #!/usr/bin/env bash
            echo "mvn $*" >>"$PROJECT/calls"
            [[ ! -p $PROJECT/began ]] || { echo began >"$PROJECT/began"; read -r _ <"$PROJECT/go"; }
            [[ ! -f $PROJECT/broken ]] || { echo "[ERROR] Foo.java:[3,1] ';' expected"; exit 1; }
            for argument; do
                [[ $argument != -Dgaia.app=* ]] || app=${argument#-Dgaia.app=}
            done
            mkdir -p "$app/lib" "$app/server"
            touch "$app/lib/a.jar" "$app/lib/b.jar" "$app/server/c.jar"
            """;
    private static final String FAKE_JAVA = """
            #!/usr/bin/env bash
            for argument; do
                [[ $argument != -XX:ArchiveClassesAtExit=* ]] || archive=${argument#*=}
            done
            if [[ -n ${archive:-} ]]; then
                touch "$archive"
                printf '<%s>' "$@" >>"$PROJECT/trained"
                echo >>"$PROJECT/trained"
                exit 0
            fi
            printf '<%s>' "$@"
            exit "${FAKE_EXIT:-0}"
            """;

    @TempDir
    private Path folder;

    private Path project;

    private record Ended(int exitCode, String out, String err) {}

    @BeforeEach
    void buildToyProject() throws IOException {
        project = Files.createDirectories(folder.toRealPath().resolve("the project"));
        executable(project.resolve("gaia"), Files.readString(script()));
        executable(folder.resolve("bin/mvn"), FAKE_MAVEN);
        executable(project.resolve("jdk/bin/java"), FAKE_JAVA);
        Files.writeString(project.resolve("jdk/release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"17.0.3\"\n");
        for (String name : List.of(
                "architect-core/src/main/java",
                "architect-core/src/test/java",
                "adapters",
                "integrations",
                "testing",
                "tools")) {
            Files.createDirectories(project.resolve(name));
        }
        write("pom.xml");
        write("architect-core/src/main/java/A.java");
        write("architect-core/src/test/java/ATest.java");
    }

    @Test
    void buildsOnceAndPassesArgumentsAndExitCodeOn() throws Exception {
        Ended first = run(Map.of("FAKE_EXIT", "7"), "-p", "two words", "");
        Ended second = run(Map.of(), "version");

        assertThat(first.exitCode).isEqualTo(7);
        assertThat(first.err).contains("gaia: building Architect");
        assertThat(first.out).endsWith("<dev.architect.cli.Main><-p><two words><>");
        assertThat(second.exitCode).isZero();
        assertThat(second.err).isEmpty();
        assertThat(calls()).singleElement().asString().contains("-q -B -ntp").contains("-pl tools/architect-cli -am");
    }

    @Test
    void startsOnAClassPathWithTheArchiveOfItsClasses() throws Exception {
        Ended brief = run(Map.of(), "version");
        Ended longer = run(Map.of(), "serve");

        assertThat(brief.out)
                .containsPattern("<-cp><[^>:]*/lib/a\\.jar:[^>:]*/lib/b\\.jar>")
                .containsPattern("<-XX:SharedArchiveFile=[^>]*classes-17\\.0\\.3-\\d+\\.jsa>")
                .contains("<-XX:TieredStopAtLevel=1>")
                .doesNotContain("enable-native-access");
        assertThat(longer.out).contains("<-XX:SharedArchiveFile=");
    }

    @Test
    void aServerHasAHeapThatFitsAndTheUsersOptionsWin() throws Exception {
        Ended serve = run(Map.of("GAIA_JAVA_OPTIONS", "-Xmx2g -Dmine=1"), "serve");
        Ended demo = run(Map.of(), "demo");
        Ended node = run(Map.of(), "cluster", "node");
        Ended prompt = run(Map.of(), "-p", "hello");

        for (Ended server : List.of(serve, demo, node)) {
            assertThat(server.out).contains("<-XX:+UseSerialGC>", "<-Xmx256m>", "<-XX:MaxHeapFreeRatio=30>");
        }
        assertThat(serve.out.indexOf("<-Xmx2g><-Dmine=1>")).isGreaterThan(serve.out.indexOf("<-Xmx256m>"));
        assertThat(prompt.out).doesNotContain("<-Xmx");
    }

    @Test
    void onlyCommandsThatStartAServerHaveItsJarsAndAnArchiveOfTheirOwn() throws Exception {
        Ended prompt = run(Map.of(), "-p", "hello");
        Ended verbose = run(Map.of(), "--verbose", "serve");
        Ended demo = run(Map.of(), "demo");
        Ended clusterDemo = run(Map.of(), "cluster", "demo");
        Ended node = run(Map.of(), "cluster", "node");

        assertThat(prompt.out).doesNotContain("c.jar").contains("/classes-17.0.3-");
        assertThat(node.out).doesNotContain("c.jar");
        for (Ended started : List.of(verbose, demo, clusterDemo)) {
            assertThat(started.out)
                    .containsPattern("<-cp><[^>:]*/lib/a\\.jar:[^>:]*/lib/b\\.jar:[^>:]*/server/c\\.jar>")
                    .contains("/classes-server-17.0.3-");
        }
        assertThat(Files.readAllLines(project.resolve("trained"))).hasSize(2);
        assertThat(Files.readAllLines(project.resolve("trained")).get(0))
                .contains("<-p>")
                .doesNotContain("c.jar");
        assertThat(Files.readAllLines(project.resolve("trained")).get(1)).contains("<demo>", "c.jar");
    }

    @Test
    void jarsOfTheUsersOwnComeLastAndInNoArchive() throws Exception {
        Map<String, String> environment = Map.of("GAIA_CLASSPATH", "/x/acme.jar:/x/client.jar");
        Ended prompt = run(environment, "-p", "hello");
        Ended serve = run(environment, "serve");

        assertThat(prompt.out).contains("/lib/b.jar:/x/acme.jar:/x/client.jar>");
        assertThat(serve.out).contains("/server/c.jar:/x/acme.jar:/x/client.jar>");
        assertThat(Files.readString(project.resolve("trained"))).doesNotContain("acme.jar");
    }

    @Test
    void buildsAgainWhenASourceHasChanged() throws Exception {
        run(Map.of(), "version");
        makeNewer("architect-core/src/test/java/ATest.java");
        assertThat(run(Map.of(), "version").err).isEmpty();

        Files.writeString(project.resolve("architect-core/src/main/java/A.java"), "y");
        makeNewer("architect-core/src/main/java/A.java");
        Ended rebuilt = run(Map.of(), "version");

        assertThat(rebuilt.err).contains("building");
        assertThat(calls()).hasSize(2);
    }

    /** As {@code cp -r} leaves it: every file is new, and the old place is gone. */
    @Test
    void aCopyOfABuiltTreeRunsItsOwnJarsWithoutABuild() throws Exception {
        run(Map.of(), "version");
        Path copy = folder.toRealPath().resolve("a copy & more");
        assertThat(new ProcessBuilder("cp", "-r", project.toString(), copy.toString())
                        .start()
                        .waitFor())
                .isZero();
        try (Stream<Path> files = Files.walk(copy)) {
            FileTime later = FileTime.from(Instant.now().plus(Duration.ofHours(1)));
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("current"))
                    .toList()) {
                Files.setLastModifiedTime(file, later);
            }
        }
        Files.move(project, folder.resolve("moved away"));
        project = copy;

        Ended brief = run(Map.of(), "version");
        Ended serve = run(Map.of(), "serve");

        assertThat(brief.exitCode).isZero();
        assertThat(brief.err).doesNotContain("building");
        assertThat(calls()).hasSize(1);
        assertThat(brief.out).contains("<-cp><" + copy + "/tools/").doesNotContain("the project");
        assertThat(serve.out)
                .contains(":" + copy + "/tools/")
                .contains("/server/c.jar")
                .doesNotContain("the project");
    }

    @Test
    void doesNotBuildAgainForAFileThatWasOnlyTouched() throws Exception {
        run(Map.of(), "version");
        makeNewer("architect-core/src/main/java/A.java");

        assertThat(run(Map.of(), "version").err).isEmpty();
        assertThat(calls()).hasSize(1);
    }

    @Test
    void showsWhyTheBuildFailedAndTriesAgainNextTime() throws Exception {
        write("broken");
        Ended failed = run(Map.of(), "version");
        Files.delete(project.resolve("broken"));
        Ended repaired = run(Map.of(), "version");

        assertThat(failed.exitCode).isEqualTo(1);
        assertThat(failed.err).contains("Foo.java:[3,1] ';' expected").contains("gaia: the build failed, see above");
        assertThat(failed.out).isEmpty();
        assertThat(repaired.exitCode).isZero();
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        fifo("began");
        fifo("go");
        Process one = start(Map.of(), project.resolve("gaia"), "version");
        assertThat(Files.readString(project.resolve("began"))).isEqualTo("began\n");
        Process other = start(Map.of(), project.resolve("gaia"), "version");
        BufferedReader otherErr = other.errorReader();
        assertThat(otherErr.readLine()).contains("waiting for another build");
        Files.writeString(project.resolve("go"), "go\n");

        assertThat(one.waitFor()).isZero();
        assertThat(other.waitFor()).isZero();
        assertThat(calls()).hasSize(1);
    }

    @Test
    void runsFromElsewhereThroughLinks() throws Exception {
        Path link = Files.createSymbolicLink(
                Files.createDirectory(folder.resolve("links")).resolve("g"), Path.of("../the project/gaia"));
        Path again = Files.createSymbolicLink(folder.resolve("again"), link);

        Ended ended = end(start(Map.of(), again, "version"));

        assertThat(ended.exitCode).isZero();
        assertThat(ended.out).endsWith("<version>");
    }

    @Test
    void refusesAnOldJava() throws Exception {
        Files.writeString(project.resolve("jdk/release"), "JAVA_VERSION=\"11.0.20\"\n");

        Ended ended = run(Map.of(), "version");

        assertThat(ended.exitCode).isEqualTo(1);
        assertThat(ended.err)
                .isEqualTo("gaia: " + project.resolve("jdk/bin/java")
                        + " is Java 11.0.20, expected 17 or newer: set JAVA_HOME\n");
        assertThat(project.resolve("calls")).doesNotExist();
    }

    @Test
    void reportsThatJavaHomeIsWrong() throws Exception {
        Ended ended = run(Map.of("JAVA_HOME", "/nowhere"), "version");

        assertThat(ended.exitCode).isEqualTo(1);
        assertThat(ended.err).isEqualTo("gaia: JAVA_HOME is /nowhere, and there is no bin/java in it\n");
    }

    private static Path script() {
        Path place = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(place.resolve("gaia"))) {
            place = place.getParent();
        }
        return place.resolve("gaia");
    }

    private Ended run(Map<String, String> environment, String... arguments) throws Exception {
        return end(start(environment, project.resolve("gaia"), arguments));
    }

    private Process start(Map<String, String> environment, Path program, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program.toString()).directory(folder.toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment().put("PROJECT", project.toString());
        builder.environment().put("JAVA_HOME", project.resolve("jdk").toString());
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Ended end(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes());
        String err = new String(process.getErrorStream().readAllBytes());
        return new Ended(process.waitFor(), out, err);
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(project.resolve("calls"));
    }

    private void write(String name) throws IOException {
        Files.writeString(project.resolve(name), "x");
    }

    private void makeNewer(String name) throws IOException {
        Path file = project.resolve(name);
        FileTime now = Files.getLastModifiedTime(project.resolve("calls"));
        Files.setLastModifiedTime(file, FileTime.from(now.toInstant().plus(Duration.ofHours(1))));
    }

    private void fifo(String name) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", project.resolve(name).toString())
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
