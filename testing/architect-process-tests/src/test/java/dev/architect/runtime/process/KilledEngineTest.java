package dev.architect.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed in the middle of their work: nothing accepted is lost, done twice, or paid for without an entry. */
final class KilledEngineTest {

    private static final Duration MOST_CLAIM = Duration.ofSeconds(12);
    private static final String TASKS = "tasks=200";

    @TempDir
    private Path folder;

    @Test
    void oneNodeIsKilledTwice() throws Exception {
        killOneNode(2);
    }

    @Test
    @Tag("slow")
    void oneNodeIsKilledTwentyTimes() throws Exception {
        killOneNode(20);
    }

    @Test
    void oneOfTwoNodesIsKilled() throws Exception {
        killOneOfTwoNodes(1);
    }

    @Test
    @Tag("slow")
    void oneOfTwoNodesIsKilledTwentyTimes() throws Exception {
        killOneOfTwoNodes(20);
    }

    private void killOneNode(int kills) throws Exception {
        SplittableRandom random = new SplittableRandom(kills);
        try (EngineWorld world = new EngineWorld(folder)) {
            for (int kill = 0; kill < kills; kill++) {
                EngineHandle node = world.start(TASKS);
                node.awaitEnded(random.nextInt(10, 120));
                node.kill();
            }
            EngineHandle last = world.start();
            last.awaitReady();
            last.awaitDrained();
            last.stop();

            EngineFigures figures =
                    world.verified().print("one node, kill -9 x " + kills).assertSound();
            assertThat(figures.claims()).isPositive();
            assertThat(figures.longestClaim()).isLessThanOrEqualTo(MOST_CLAIM);
        }
    }

    private void killOneOfTwoNodes(int kills) throws Exception {
        SplittableRandom random = new SplittableRandom(kills);
        try (EngineWorld world = new EngineWorld(folder)) {
            EngineHandle other = world.start(TASKS);
            other.awaitReady();
            for (int kill = 0; kill < kills; kill++) {
                EngineHandle killed = other;
                other = world.start(TASKS);
                other.awaitSubmitted();
                int before = killed.starts().size();
                killed.submitAgain();
                // Not many more: the other one may perform most of them.
                killed.awaitStarted(before + random.nextInt(1, 6));
                killed.kill();
            }
            other.awaitDrained();
            other.stop();

            EngineFigures figures =
                    world.verified().print("two nodes, kill -9 x " + kills).assertSound();
            assertThat(figures.claims()).isPositive();
            assertThat(figures.longestClaim()).isLessThanOrEqualTo(MOST_CLAIM);
        }
    }
}
