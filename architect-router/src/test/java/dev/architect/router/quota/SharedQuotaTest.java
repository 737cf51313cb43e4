package dev.architect.router.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.router.quota.SharedQuotaSimulation.Node;
import dev.architect.spi.Store;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.testkit.time.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes on one store keep within a limit together, and use it. */
final class SharedQuotaTest {

    private static final double TIMES_TEN = 10.0 * SharedQuotaSimulation.LIMIT;
    private static final double MOST = 1.01;
    private static final double LEAST = 0.98;

    @TempDir
    Path directory;

    private final ManualTime time = new ManualTime();

    private SharedQuotaSimulation inMemory(long seed) {
        return new SharedQuotaSimulation(time, new InMemoryStore(time).quotas().orElseThrow(), seed);
    }

    private static List<Node> four(SharedQuotaSimulation simulation, double load) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(simulation.add(load / 4));
        }
        return nodes;
    }

    private double use(SharedQuotaSimulation simulation, Duration from, Duration to) {
        return simulation.use(from.toNanos(), to.toNanos());
    }

    private void report(String name, SharedQuotaSimulation simulation, Duration until) {
        System.out.printf(
                "quota, %s: use %.2f %%, most in any minute %.2f %%, %d exchanges in %d s%n",
                name,
                100 * use(simulation, Duration.ZERO, until),
                100 * simulation.mostInAMinute(),
                simulation.exchanges(),
                until.toSeconds());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void fourNodesAtTenTimesTheLimit(long seed) throws Exception {
        SharedQuotaSimulation simulation = inMemory(seed);
        List<Node> nodes = four(simulation, TIMES_TEN);
        Duration until = Duration.ofMinutes(6);

        simulation.run(until);

        report("4 nodes, 10x", simulation, until);
        assertThat(simulation.mostInAMinute()).isLessThanOrEqualTo(MOST);
        assertThat(use(simulation, Duration.ZERO, until)).isGreaterThanOrEqualTo(LEAST);
        assertThat(nodes).allSatisfy(node -> assertThat(node.used()).isPositive());
    }

    @Test
    void fourNodesOnOneFile() throws Exception {
        try (Store store = SqliteStore.builder(directory.resolve("architect.db"))
                .time(time)
                .open()) {
            SharedQuotaSimulation simulation =
                    new SharedQuotaSimulation(time, store.quotas().orElseThrow(), 4);
            four(simulation, TIMES_TEN);
            Duration until = Duration.ofMinutes(3);

            simulation.run(until);

            report("4 nodes, 10x, SQLite", simulation, until);
            assertThat(simulation.mostInAMinute()).isLessThanOrEqualTo(MOST);
            assertThat(use(simulation, Duration.ZERO, until)).isGreaterThanOrEqualTo(LEAST);
        }
    }

    @Test
    void oneBusyNodeOfFourUsesNearlyEverything() throws Exception {
        SharedQuotaSimulation simulation = inMemory(5);
        Node busy = simulation.add(TIMES_TEN);
        for (int i = 0; i < 3; i++) {
            // A call every few seconds.
            simulation.add(SharedQuotaSimulation.LIMIT * 0.01);
        }
        Duration until = Duration.ofMinutes(6);

        simulation.run(until);

        report("1 busy node of 4", simulation, until);
        assertThat(simulation.mostInAMinute()).isLessThanOrEqualTo(MOST);
        assertThat(use(simulation, Duration.ZERO, until)).isGreaterThanOrEqualTo(LEAST);
        assertThat(busy.used()).isGreaterThan((long) (5.7 * SharedQuotaSimulation.LIMIT));
    }

    @Test
    void loadThatMovesFromNodeToNode() throws Exception {
        SharedQuotaSimulation simulation = inMemory(6);
        List<Node> nodes = four(simulation, 0);
        for (int turn = 0; turn < 12; turn++) {
            for (int i = 0; i < 4; i++) {
                nodes.get(i).load(turn % 4 == i ? TIMES_TEN : 0);
            }
            simulation.run(Duration.ofSeconds(30));
        }

        report("load that moves", simulation, Duration.ofMinutes(6));
        assertThat(simulation.mostInAMinute()).isLessThanOrEqualTo(MOST);
        assertThat(use(simulation, Duration.ZERO, Duration.ofMinutes(6))).isGreaterThanOrEqualTo(LEAST);
    }

    @Test
    void aNodeThatDiesCostsOneSlice() throws Exception {
        SharedQuotaSimulation simulation = inMemory(7);
        List<Node> nodes = four(simulation, TIMES_TEN);
        simulation.run(Duration.ofSeconds(65));
        nodes.get(0).die();
        simulation.run(Duration.ofSeconds(60));
        nodes.get(1).die();
        simulation.run(Duration.ofSeconds(235));

        report("2 of 4 die", simulation, Duration.ofMinutes(6));
        assertThat(simulation.mostInAMinute()).isLessThanOrEqualTo(MOST);
        assertThat(use(simulation, Duration.ZERO, Duration.ofMinutes(6))).isGreaterThanOrEqualTo(0.95);
        assertThat(use(simulation, Duration.ofMinutes(4), Duration.ofMinutes(6)))
                .isGreaterThanOrEqualTo(LEAST);
    }

    @Test
    void lostAnswersOfTheStoreChangeNothing() throws Exception {
        SharedQuotaSimulation simulation = inMemory(8);
        List<Node> nodes = four(simulation, TIMES_TEN);
        nodes.forEach(node -> node.loseAnswers(true));
        simulation.run(Duration.ofMinutes(6));

        report("a quarter of the answers lost", simulation, Duration.ofMinutes(6));
        assertThat(simulation.mostInAMinute()).isLessThanOrEqualTo(MOST);
        assertThat(use(simulation, Duration.ZERO, Duration.ofMinutes(6))).isGreaterThanOrEqualTo(0.9);
    }

    @Test
    void nodesWithoutTheirStoreGoOnWithLessThanTheLimit() throws Exception {
        SharedQuotaSimulation simulation = inMemory(9);
        List<Node> nodes = four(simulation, TIMES_TEN);
        simulation.run(Duration.ofMinutes(2));
        nodes.forEach(node -> node.cutOff(true));
        simulation.run(Duration.ofMinutes(4));
        double withoutStore = use(simulation, Duration.ofMinutes(3), Duration.ofMinutes(6));
        nodes.forEach(node -> node.cutOff(false));
        simulation.run(Duration.ofMinutes(4));

        report("no store from 2 to 6", simulation, Duration.ofMinutes(10));
        assertThat(withoutStore).isBetween(0.3, 0.55);
        assertThat(simulation.mostInAMinute()).isLessThanOrEqualTo(MOST);
        assertThat(use(simulation, Duration.ofMinutes(7), Duration.ofMinutes(10)))
                .isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void aNodeThatClosesGivesItsSliceBack() throws Exception {
        SharedQuotaSimulation simulation = inMemory(10);
        Node first = simulation.add(TIMES_TEN);
        simulation.run(Duration.ofMillis(200));
        first.die();
        first.close();
        long usedByFirst = first.used();
        simulation.add(TIMES_TEN);
        simulation.run(Duration.ofSeconds(50));

        assertThat(usedByFirst).isLessThan(SharedQuotaSimulation.LIMIT);
        assertThat(simulation.mostInAMinute()).isBetween(0.96, MOST);
    }
}
