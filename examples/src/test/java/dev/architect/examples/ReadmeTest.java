package dev.architect.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.SimulatorScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what a reader can paste. */
final class ReadmeTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final String SIMULATOR = "http://127.0.0.1:8089";

    @TempDir
    private Path folder;

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    private static String program() throws IOException {
        return between(readme(), "```java\n", "```");
    }

    @Test
    void theProgramRunsAsItIsAgainstTheSimulator() throws Exception {
        try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard())) {
            assertThat(program()).contains(SIMULATOR);
            // The one change: the reader's simulator has a port of its own.
            String source = program().replace(SIMULATOR, "http://127.0.0.1:" + simulator.port());

            List<String> printed = run(compiled(source));

            assertThat(printed)
                    .anyMatch(line -> line.matches("claude/\\S+ cost \\$0\\.0*[1-9]\\d*"))
                    .last()
                    .asString()
                    .matches("\\$0\\.0*[1-9]\\d* instead of \\$0\\.0*[1-9]\\d*");
            assertThat(simulator.log()).hasSize(2).allMatch(SimulatedCall::isAnswered);
        }
    }

    private Path compiled(String source) throws IOException {
        Path file = Files.writeString(folder.resolve("Hello.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int result = compiler.run(
                null,
                System.out,
                System.err,
                "-proc:none",
                "-Xlint:all,-path,-classfile",
                "-Werror",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                file.toString());
        assertThat(result).as("result of the compiler").isZero();
        return folder;
    }

    private List<String> run(Path classes) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", classes + ":" + System.getProperty("java.class.path"), "Hello"));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(output.toFile());
        builder.environment().put("ANTHROPIC_API_KEY", "simulated");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isZero();
        return Files.readAllLines(output);
    }

    @Test
    void theDependenciesHoldEveryClassThatTheProgramImports() throws IOException {
        List<String> artifacts = Pattern.compile("<dependency>.*<artifactId>(architect-[a-z-]+)</artifactId>")
                .matcher(readme())
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(artifacts)
                .isNotEmpty()
                .allSatisfy(artifact -> assertThat(Files.readString(ROOT.resolve("architect-bom/pom.xml")))
                        .contains("<artifactId>" + artifact + "</artifactId>"));
        // What the others depend on comes along.
        List<String> modules =
                Stream.concat(artifacts.stream(), Stream.of("architect-core")).toList();

        List<String> imports = Pattern.compile("(?m)^import (dev\\.architect\\.[\\w.]+);")
                .matcher(program())
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(imports)
                .hasSizeGreaterThan(10)
                .allSatisfy(type -> assertThat(modules.stream()
                                .flatMap(module -> Stream.of(module, "adapters/" + module))
                                .map(module ->
                                        ROOT.resolve(module + "/src/main/java/" + type.replace('.', '/') + ".java")))
                        .anyMatch(Files::exists));
    }

    @Test
    void theInMemoryStoreIsAPublicArtifact() throws IOException {
        Path module = ROOT.resolve("adapters/architect-store-memory");

        assertThat(readme()).contains("`architect-store-memory`", "new InMemoryStore(TimeSource.system())");
        assertThat(Files.readString(ROOT.resolve("docs/how-to/embed.md"))).contains("`architect-store-memory`");
        assertThat(Files.readString(ROOT.resolve("architect-bom/pom.xml")))
                .contains("<artifactId>architect-store-memory</artifactId>");
        assertThat(Files.readString(module.resolve("src/main/java/module-info.java")))
                .contains("exports dev.architect.store.memory;");
        assertThat(Files.readString(module.resolve("pom.xml"))).doesNotContain("maven.deploy.skip");
    }

    @Test
    void everyFileItLinksToIsThere() throws IOException {
        List<MatchResult> links =
                Pattern.compile("\\]\\(([^)]+)\\)").matcher(readme()).results().toList();

        assertThat(links)
                .isNotEmpty()
                .allSatisfy(link -> assertThat(ROOT.resolve(link.group(1).replaceAll("#.*", "")))
                        .exists());
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
