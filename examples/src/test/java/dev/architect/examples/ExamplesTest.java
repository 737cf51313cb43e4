package dev.architect.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.SimulatorScript;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs each example as a reader does: in a process of its own, whose environment holds the keys and whose working directory
 * gets the files. Nothing but the example prints.
 */
final class ExamplesTest {

    private static final int LONGEST_MINUTES = 2;

    @TempDir
    Path directory;

    private ProviderSimulator simulator;

    @BeforeEach
    void startSimulator() throws IOException {
        simulator = ProviderSimulator.start(SimulatorScript.standard());
    }

    @AfterEach
    void stopSimulator() {
        simulator.close();
    }

    @Test
    void embedAndChatPrintsTwoAnswersAndTheirCost() throws Exception {
        List<String> printed = run(EmbedAndChat.class);

        assertThat(printed)
                .filteredOn(line -> line.matches("(claude|openai)/\\S+ cost \\$0\\.0*[1-9]\\d*"))
                .hasSize(2);
        assertThat(printed).anyMatch(line -> line.matches("first choice because about \\$\\S+ for .+"));
        assertThat(simulator.log()).hasSize(2).allMatch(SimulatedCall::isAnswered);
    }

    @Test
    void durableTasksAreDoneAfterTheRestart() throws Exception {
        List<String> printed = run(DurableTasks.class);

        assertThat(printed.get(0)).isEqualTo("submitted 2 tasks and stopped");
        assertThat(printed)
                .filteredOn(line -> line.matches("[0-9a-z]{13} is DONE: .+"))
                .hasSize(2);
        assertThat(printed)
                .filteredOn(line -> line.matches("[0-9a-z]{13} made 1 call"))
                .hasSize(2);
        assertThat(simulator.log()).hasSize(2).allMatch(SimulatedCall::isAnswered);
    }

    @Test
    void toolsAndStructuredOutputCallTheToolAndReadTheFields() throws Exception {
        List<String> printed = run(ToolsAndStructuredOutput.class);

        assertThat(printed.get(0)).matches("stock of '.+'");
        assertThat(printed).anyMatch(line -> line.contains("17 pieces"));
        assertThat(printed).anyMatch(line -> line.matches("article .+"));
        assertThat(printed).anyMatch(line -> line.matches("pieces \\d+"));
        assertThat(simulator.log()).hasSize(3).allMatch(SimulatedCall::isAnswered);
    }

    @Test
    void ownProviderAnswersWhatItKnowsAndClaudeTheRest() throws Exception {
        List<String> printed = run(OwnProvider.class);

        assertThat(printed).startsWith("lease: The time for which one node owns a task.", "glossary/terms cost $0.00");
        assertThat(printed).anyMatch(line -> line.startsWith("epoch: "));
        assertThat(printed.get(printed.size() - 1)).matches("claude/\\S+ cost \\$0\\.0*[1-9]\\d*");
        assertThat(simulator.log()).hasSize(1).allMatch(SimulatedCall::isAnswered);
    }

    @Test
    void costReportShowsSpendSavingsAndUnpricedCalls() throws Exception {
        List<String> printed = run(CostReport.class);

        assertThat(printed).hasSize(6);
        assertThat(printed.get(0)).matches("claude: 1 calls, 0 unpriced, \\d+ tokens in, \\d+ out, \\$0\\.\\d+");
        assertThat(printed.get(1)).matches("openai: 1 calls, 0 unpriced, \\d+ tokens in, \\d+ out, \\$0\\.\\d+");
        assertThat(printed.get(2)).matches("rented: 1 calls, 1 unpriced, \\d+ tokens in, \\d+ out, \\$0\\.00");
        assertThat(printed.get(3)).matches("spent \\$0\\.\\d+ instead of \\$0\\.\\d+");
        assertThat(printed.get(4)).matches("saved -?\\d+\\.\\d %");
        assertThat(printed.get(5)).isEqualTo("1 calls have no price and stand in neither sum");
    }

    @Test
    void simulatedRunNeedsNoAddress() throws Exception {
        List<String> printed = java(SimulatedRun.class, "OwnProvider");

        assertThat(printed).contains("glossary/terms cost $0.00");
        assertThat(simulator.log()).isEmpty();
    }

    @Test
    void thePageNamesEveryExample() throws IOException {
        String page = Files.readString(Path.of("README.md"));
        String script = Files.readString(Path.of("run"));

        for (Class<?> example : List.of(
                EmbedAndChat.class,
                DurableTasks.class,
                ToolsAndStructuredOutput.class,
                OwnProvider.class,
                CostReport.class)) {
            String name = example.getSimpleName();
            assertThat(page).contains("src/main/java/dev/architect/examples/" + name + ".java");
            assertThat(script).contains("=" + name + " ;;");
        }
    }

    private List<String> run(Class<?> example) throws IOException, InterruptedException {
        return java(example, "http://127.0.0.1:" + simulator.port());
    }

    private List<String> java(Class<?> program, String argument) throws IOException, InterruptedException {
        Path output = directory.resolve("output.txt");
        // An example is over before a better compiler or collector could pay off.
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", classPath(), program.getName(), argument));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("ANTHROPIC_API_KEY", "sk-test");
        builder.environment().put("OPENAI_API_KEY", "sk-test");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> printed = Files.readAllLines(output);
        assertThat(process.exitValue()).as(String.join("\n", printed)).isZero();
        // Neither a stack trace nor a line of a logging library.
        assertThat(printed).noneMatch(line -> line.contains("SLF4J") || line.matches("\\[?(WARN|ERROR).*|\\tat .*"));
        return printed;
    }

    /** Without the tests, whose class path is no part of what an example may use. */
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                        .filter(entry -> !entry.endsWith("test-classes"))
                        .toList());
    }
}
