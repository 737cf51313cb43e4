package dev.architect.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other faults of whole processes: they freeze, stop, die of a task, and find no space and no threads. */
final class EngineFaultProcessTest {

    private static final Duration MOST_CLAIM = Duration.ofSeconds(12);

    @TempDir
    private Path folder;

    /** It is frozen for longer than its lease, so the other node performs its tasks, and what it says afterwards counts for nothing. */
    @Test
    @Tag("slow")
    void aFrozenNodeLosesItsTasksAndDoesNoHarmWhenItGoesOn() throws Exception {
        try (EngineWorld world = new EngineWorld(folder)) {
            EngineHandle other = world.start();
            other.awaitReady();
            EngineHandle frozen = world.start("tasks=300");
            frozen.awaitEnded(20);
            world.freezeBetweenTransactions(frozen, folder.resolve("architect.db"));
            other.awaitDrained();
            frozen.thaw();
            frozen.awaitDrained();
            other.awaitDrained();
            frozen.stop();
            other.stop();

            EngineFigures figures = world.verified()
                    .print("SIGSTOP past the lease, then SIGCONT")
                    .assertSound();
            assertThat(figures.claims()).isPositive();
            assertThat(figures.longestClaim()).isLessThanOrEqualTo(MOST_CLAIM.plusSeconds(2));
        }
    }

    @Test
    void aTaskThatKillsItsNodeThreeTimesTakesNoOtherWithIt() throws Exception {
        try (EngineWorld world = new EngineWorld(folder)) {
            List<EngineHandle> nodes = new ArrayList<>(List.of(world.start("tasks=50", "poison=1")));
            nodes.get(0).awaitExit();
            for (int death = 2; death <= 3; death++) {
                EngineHandle next = world.start();
                next.awaitExit();
                nodes.add(next);
            }
            EngineHandle last = world.start();
            last.awaitDrained();
            last.stop();

            EngineFigures figures =
                    world.verified().print("three deaths by one task").assertSound();
            assertThat(figures.poisonDead).isEqualTo(1);
            assertThat(nodes).extracting(EngineHandle::exitValue).containsOnly(137);
        }
    }

    @Test
    void anOrderlyStopUnderLoadHandsBackWhatItDoesNotFinish() throws Exception {
        stopUnderLoad(1);
    }

    @Test
    @Tag("slow")
    void tenOrderlyStopsUnderLoadHandBackWhatTheyDoNotFinish() throws Exception {
        stopUnderLoad(10);
    }

    private void stopUnderLoad(int stops) throws Exception {
        try (EngineWorld world = new EngineWorld(folder)) {
            for (int stop = 0; stop < stops; stop++) {
                // Without time to finish, every second one.
                EngineHandle node = world.start("tasks=200", "stopSeconds=" + stop % 2 * 10);
                node.awaitEnded(20);
                assertThat(node.stop()).isLessThan(Duration.ofSeconds(20));
            }
            EngineHandle last = world.start();
            last.awaitDrained();
            last.stop();

            EngineFigures figures =
                    world.verified().print("orderly stops x " + stops).assertSound();
            assertThat(figures.attemptsLost).as("attempts that count as lost").isZero();
            assertThat(figures.attemptsFailed).as("attempts that failed").isZero();
            assertThat(figures.estimates).as("calls without an exact entry").isLessThanOrEqualTo(stops * 60);
        }
    }

    /** The effect happens, the provider is paid, and the store takes neither the end nor the call for a while. */
    @Test
    @Tag("slow")
    void aFullDiskLosesNothingThatWasAcceptedOrPaidFor() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk.toString()) == 0,
                "a small disk cannot be mounted here");
        try (EngineWorld world = new EngineWorld(folder, disk.resolve("architect.db"))) {
            EngineHandle node = world.start("tasks=40");
            node.awaitEnded(10);
            fill(disk.resolve("filler"));
            node.submitAgain();
            node.awaitRefused(1);
            Files.delete(disk.resolve("filler"));
            node.awaitDrained();
            node.submitAgain();
            node.awaitDrained();
            node.stop();

            assertThat(node.refused()).containsOnly("FULL");
            EngineFigures figures = world.verified().print("full disk").assertSound();
            assertThat(figures.attemptsFailed).as("attempts that failed").isZero();
            assertThat(figures.estimates).as("calls without an exact entry").isZero();
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static void fill(Path file) {
        try (var out = Files.newOutputStream(file)) {
            byte[] block = new byte[4_096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("space");
        }
    }

    /** As another user, since the limit does not hold for root, but with the right to read root's files. */
    @Test
    @Tag("slow")
    void aNodeWithoutThreadsGoesOnWhenItHasThemAgain() throws Exception {
        List<String> asAnother = List.of(
                "setpriv",
                "--reuid=54321",
                "--clear-groups",
                "--inh-caps=-all,+dac_override,+dac_read_search",
                "--ambient-caps=-all,+dac_override,+dac_read_search");
        assumeTrue(run("setpriv", "--reuid=54321", "--clear-groups", "true") == 0, "setpriv is not to be had here");
        // The right to read files is none by which a program may ask whether it could write one.
        Files.setAttribute(folder, "unix:uid", 54_321);
        List<String> limited = new ArrayList<>(asAnother);
        // The hard limit stays, because only a privileged process may raise that again.
        limited.addAll(List.of("prlimit", "--nproc=45:4096"));
        try (EngineWorld world = new EngineWorld(folder)) {
            EngineHandle node = world.start(limited, "tasks=200");
            node.awaitSubmitted();
            assertThat(run(
                            "setpriv",
                            "--reuid=54321",
                            "--clear-groups",
                            "prlimit",
                            "--pid",
                            Long.toString(node.pid()),
                            "--nproc=4096:4096"))
                    .isZero();
            node.awaitDrained();
            node.stop();

            EngineFigures figures =
                    world.verified().print("45 threads at most, for a while").assertSound();
            assertThat(figures.mostAttempts).as("attempts of one task").isLessThan(100);
        }
    }

    /** Back and forth by an hour, beside a node whose clock is right. */
    @Test
    @Tag("slow")
    void aWallClockThatIsSetByAnHourChangesNothing() throws Exception {
        try (EngineWorld world = new EngineWorld(folder)) {
            EngineHandle right = world.start("tasks=100");
            EngineHandle wrong = world.start("tasks=100");
            for (Duration offset : List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ZERO)) {
                wrong.awaitSubmitted();
                right.awaitSubmitted();
                wrong.setClock(offset);
                wrong.submitAgain();
                right.submitAgain();
            }
            wrong.awaitSubmitted();
            right.awaitDrained();
            wrong.stop();
            right.stop();

            EngineFigures figures =
                    world.verified().print("wall clock by an hour, twice").assertSound();
            assertThat(figures.attemptsLost).as("attempts lost").isZero();
            assertThat(figures.attemptsFailed).as("attempts failed").isZero();
        }
    }

    private static int run(String... command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException missing) {
            return -1;
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
