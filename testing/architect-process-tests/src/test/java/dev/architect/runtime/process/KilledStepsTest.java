package dev.architect.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.spi.Store;
import dev.architect.step.TaskStep;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.Task;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed between any two steps of a task: what is recorded is used, and no effect happens twice. */
final class KilledStepsTest {

    private static final int POINTS = StepProcess.STEPS * StepProcess.POINTS;

    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void aProcessIsKilledAtSomePoints() throws Exception {
        kill(3, 4);
    }

    @Test
    @Tag("slow")
    @Timeout(7_200)
    void aProcessIsKilledThreeHundredTimesAtEachPointInTurn() throws Exception {
        kill(300, 1);
    }

    private void kill(int kills, int stride) throws Exception {
        Files.createDirectory(folder.resolve("effects"));
        int killedAfterEffect = 0;
        for (int i = 0; i < kills; i++) {
            int point = i * stride % POINTS;
            killedAfterEffect += point % StepProcess.POINTS == 1 ? 1 : 0;
            Process process = start(point);
            try (BufferedReader output = process.inputReader(StandardCharsets.US_ASCII)) {
                assertThat(output.readLine()).as("run %d at point %d", i, point).isEqualTo(StepProcess.HERE);
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        Process last = start(-1);
        assertThat(last.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(last.exitValue()).isZero();
        verify(kills, killedAfterEffect);
    }

    private Process start(int point) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StepProcess.class.getName(),
                        folder.toString(),
                        "" + point)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("errors.txt").toFile()))
                .start();
    }

    private void verify(int tasks, int killedAfterEffect) throws IOException {
        try (Store store = SqliteStore.at(folder.resolve("tasks.db"));
                Stream<Path> files = Files.list(folder.resolve("effects"))) {
            List<Task> all = store.tasks().list(TaskQuery.newest(500));
            assertThat(all).hasSize(tasks).allMatch(task -> task.state() == TaskState.DONE);
            for (Task task : all) {
                List<TaskStep> steps = store.steps().steps(task.id());
                assertThat(steps).hasSize(StepProcess.STEPS);
                // Each output is made anew by whoever does a step, so this is what the attempts were given.
                assertThat(store.tasks().result(task.id()).orElseThrow().output())
                        .contains(steps.stream().map(TaskStep::output).collect(Collectors.joining()));
            }
            List<Path> effects = files.toList();
            assertThat(effects.stream().filter(file -> !isAsked(file))).hasSize(tasks * StepProcess.STEPS);
            long asked = 0;
            for (Path file : effects.stream().filter(KilledStepsTest::isAsked).toList()) {
                asked += Files.readAllLines(file, StandardCharsets.US_ASCII).size();
            }
            // A step that was recorded is never done again; one that was killed between its effect and its record asks
            // a second time.
            assertThat(asked).isEqualTo((long) tasks * StepProcess.STEPS + killedAfterEffect);
        }
    }

    private static boolean isAsked(Path file) {
        return file.toString().endsWith(".asked");
    }
}
