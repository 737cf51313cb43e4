package dev.architect.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.benchmarks.task.TaskEngineComparison;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs {@code benchmarks/run} over a toy project, with a Maven and a Java that only record how they were called. */
final class RunScriptTest {

    private static final String FAKE_MAVEN = """
            #!/usr/bin/env bash
            echo "mvn $*" >>"$PROJECT/calls"
            [[ ! -f $PROJECT/broken ]] || { echo "[ERROR] Foo.java:[3,1] ';' expected"; exit 1; }
            for argument; do
                [[ $argument != -Dbenchmarks.app=* ]] || mkdir -p "${argument#*=}"
            done
            """;
    private static final String FAKE_JAVA = """
            #!/usr/bin/env bash
            [[ $1 != -version ]] || { echo 'openjdk version "17.0.3"' >&2; exit; }
            printf '%s\\n' "$@"
            """;

    @TempDir
    private Path folder;

    private Path project;

    private record Ended(int exitCode, String out, String err) {}

    @BeforeEach
    void buildToyProject() throws IOException {
        project = Files.createDirectories(folder.toRealPath().resolve("the project"));
        executable(project.resolve("benchmarks/run"), Files.readString(Path.of("run")));
        executable(folder.resolve("bin/mvn"), FAKE_MAVEN);
        executable(project.resolve("jdk/bin/java"), FAKE_JAVA);
        for (String name : List.of("architect-core/src/main", "adapters", "integrations", "testing")) {
            Files.createDirectories(project.resolve(name));
        }
        Files.writeString(project.resolve("pom.xml"), "");
        Files.writeString(project.resolve("architect-core/src/main/A.java"), "");
    }

    @ParameterizedTest
    @CsvSource({
        "tasks, --store sqlite --tasks 100 --rounds 1 --backlog 1000 --stuck 1000",
        "inflight, --tasks 20 --answer-millis 50 --seconds 1",
        "cluster, --nodes 2 --running 4 --rate 20 --seconds 1",
        "pickup, --tasks 5",
        "items, --items 200 --comments 400 --repeats 1",
        "lists, --tasks 600 --calls 600 --repeats 1 --rate 50 --seconds 1 --warm-up 1 --inserts 200",
        "await, --callers 20 --seconds 1",
        "router, -f 0 -wi 0 -i 1 -r 10ms -foe true -p candidates=6",
        "approvals, -f 0 -wi 0 -i 1 -r 10ms -foe true -p rules=50 -p text=short",
        "routing, --data src/test/data/routing --seeds 1",
        "failover, --runs 1 --subjects architect-two-providers --dialects openai --scenarios S05 --settings defaults",
        "calls, --rounds 1 --calls 5",
        "hedging, --requests 200 --parallel 4 --normal-millis 2",
        "live, --pages 4 --stalled 0 --rate 20 --seconds 1 --rounds 1 --cuts 3",
        "parse, -f 0 -wi 0 -i 1 -r 10ms -p row=openai/architect"
    })
    void everyNameMeasuresAndWritesTheSameFormOfJson(String name, String tinyOptions) throws Exception {
        Path json = folder.resolve("figures.json");
        List<String> arguments = new ArrayList<>(List.of(name));
        arguments.addAll(List.of(tinyOptions.split(" ")));
        arguments.addAll(List.of("--json", json.toString()));

        Ended ended = run(arguments.toArray(String[]::new));
        List<String> java = ended.out.lines().toList();
        int at = java.indexOf("-cp") + 2;
        Class<?> main = Class.forName(java.get(at));
        main.getMethod("main", String[].class)
                .invoke(null, (Object) java.subList(at + 1, java.size()).toArray(String[]::new));

        assertThat(run().out).contains("  " + name + " ");
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.fieldNames()).toIterable().containsExactly("name", "machine", "options", "rows", "ratios");
        assertThat(report.get("name").asText()).isEqualTo(name);
        assertThat(report.get("machine").fieldNames()).toIterable().contains("cpu", "cores", "memoryMib", "os", "jdk");
        assertThat(report.get("rows"))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.isObject()).isTrue());
        assertThat(report.get("ratios").isObject()).isTrue();
    }

    @Test
    void theSideBySideRunStatesItsRatiosByName() throws Exception {
        Path json = folder.resolve("figures.json");

        TaskEngineComparison.main(
                ("--store sqlite --tasks 100 --rounds 2 --backlog 1000 --stuck 500 --dir " + folder + " --json " + json)
                        .split(" "));

        JsonNode report = new ObjectMapper().readTree(json.toFile());
        for (String name : List.of("drain", "bulk", "single", "singleOneThread", "backlog", "stuck")) {
            JsonNode ratio = report.get("ratios").get(name);
            assertThat(ratio.get("median").asDouble()).as(name).isPositive();
            assertThat(ratio.get("min").asDouble())
                    .isLessThanOrEqualTo(ratio.get("max").asDouble());
            assertThat(ratio.get("commitMicrosMedian").asLong()).isPositive();
        }
        assertThat(report.get("options").get("store").asText()).isEqualTo("sqlite");
        assertThat(report.get("rows"))
                .hasSize(4)
                .allSatisfy(row -> assertThat(row.get("duplicates").asLong()).isZero());
    }

    @ParameterizedTest
    @CsvSource({"tasks, PostgresComparison", "inflight, InFlightProcesses"})
    void theStoreDecidesWhatIsMeasured(String name, String main) throws Exception {
        Ended ended = run(name, "--rounds", "1", "--store", "postgres", "--seconds", "1");

        assertThat(ended.out)
                .contains("\ndev.architect.benchmarks.postgres." + main + "\n")
                .endsWith("\n--rounds\n1\n--store\npostgres\n--seconds\n1\n");
    }

    @Test
    void theGatewayIsStartedByTheLauncherOfTheTree() throws Exception {
        Ended ended = run("gateway", "--rounds", "1");

        assertThat(ended.out)
                .contains("\ndev.architect.benchmarks.gateway.GatewayComparison\n--launcher\n" + project + "/gaia\n")
                .endsWith("\n--rounds\n1\n");
    }

    @Test
    void buildsOnceAndAgainWhenASourceIsNewer() throws Exception {
        Ended first = run("router", "-wi", "1", "two words");
        Ended second = run("router");
        makeNewer("architect-core/src/main/A.java");
        Ended third = run("router");

        assertThat(first.err).contains("benchmarks/run: building");
        assertThat(first.out).endsWith("dev.architect.benchmarks.router.RouterTable\n-wi\n1\ntwo words\n");
        assertThat(second.err).isEmpty();
        assertThat(third.err).contains("building");
        assertThat(Files.readAllLines(project.resolve("calls")))
                .hasSize(2)
                .first()
                .asString()
                .contains("-pl benchmarks -am");
    }

    @Test
    void aFailedBuildIsShownAndTriedAgain() throws Exception {
        Files.writeString(project.resolve("broken"), "");
        Ended failed = run("parse");
        Files.delete(project.resolve("broken"));
        Ended repaired = run("parse");

        assertThat(failed.exitCode).isEqualTo(2);
        assertThat(failed.err).contains("Foo.java:[3,1] ';' expected").contains("the build failed, see above");
        assertThat(repaired.exitCode).isZero();
    }

    @Test
    void anUnknownNameGetsOneLine() throws Exception {
        Ended ended = run("route");

        assertThat(ended.exitCode).isEqualTo(2);
        assertThat(ended.err)
                .isEqualTo(
                        "benchmarks/run: 'route' is no measurement, expected one of tasks, inflight, cluster, items, lists, ledger, shards, pickup, await, failover, calls, gateway, hedging, live, router, routing, parse, approvals\n");
        assertThat(project.resolve("calls")).doesNotExist();
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        project.resolve("benchmarks/run").toString())
                .directory(folder.toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment()
                .putAll(Map.of(
                        "PROJECT",
                        project.toString(),
                        "JAVA_HOME",
                        project.resolve("jdk").toString(),
                        "PATH",
                        folder.resolve("bin") + File.pathSeparator + System.getenv("PATH")));
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes());
        return new Ended(process.waitFor(), out, Files.readString(folder.resolve("err")));
    }

    private void makeNewer(String file) throws IOException {
        FileTime built = Files.getLastModifiedTime(project.resolve("benchmarks/target/run/current"));
        Files.setLastModifiedTime(
                project.resolve(file), FileTime.from(built.toInstant().plusSeconds(2)));
    }

    private static void executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
