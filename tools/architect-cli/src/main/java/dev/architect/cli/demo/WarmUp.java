package dev.architect.cli.demo;

import dev.architect.Architect;
import dev.architect.cli.launch.SetupFactory;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskTimeoutException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a few tasks on the side before the demo begins, with a simulator and a database of their own. A JVM is slow in its
 * first second; the demo shows a server that has been up for a while. None of this is part of the account.
 */
final class WarmUp {

    private static final int TASKS = 60;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private WarmUp() {}

    static void run(@Nullable Path policy) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("gaia-warm-up");
        try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard());
                Architect architect =
                        SetupFactory.simulated(folder, policy, simulator).open()) {
            List<TaskHandle> handles =
                    architect.tasks().submitAll(Corpus.builtIn().tasks(TASKS, 0));
            for (TaskHandle handle : handles) {
                handle.await(TIMEOUT);
            }
        } catch (TaskTimeoutException slowMachine) {
            LOG.warn("the warm-up was given up: {}", slowMachine.getMessage());
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
