package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.fairness.LaneBoard;
import dev.architect.lane.Lane;
import dev.architect.lane.Lane.TypeInLane;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneShare;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred tenants with backlogs of very different length share the sessions of a node that claims from a file as the engine does. Tasks take
 * virtual time.
 */
class SqliteFairnessTest {

    private static final int TENANTS = 100;
    private static final int SLOTS = 40;
    private static final Duration STEP = Duration.ofMillis(200);
    private static final String TYPE = "work";

    /** A backlog ends in the middle of a task, and a tenant has a part of a slot. */
    private static final double TASKS_OFF = 3;

    @TempDir
    Path directory;

    private final ManualTime time = new ManualTime();

    /** What a tenant has, and what it got while tasks of it were ready. */
    private static final class Tenant {
        private final Lane lane;
        private final int weight;
        private final long backlog;
        /** How long each of its tasks takes. */
        private final Duration duration;

        private long ready;
        private int running;
        private double got;
        private double due;

        private Tenant(int number, long backlog) {
            this.lane = new Lane("q", "t" + number, TaskOptions.DEFAULT_SESSION_KIND);
            // Neither goes with the length of the backlog.
            this.weight = 1 + number * 7 % 10;
            this.duration = STEP.multipliedBy(1 + number * 37 % 10);
            this.backlog = backlog;
            this.ready = backlog;
        }
    }

    private record Run(Tenant tenant, FencingToken token, long end) {}

    @Test
    void aHundredTenantsGetTheirParts() {
        checkParts(600, Duration.ofSeconds(100));
    }

    @Test
    @Tag("slow")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void aHundredTenantsWithUpToAHundredThousandTasksGetTheirParts() {
        checkParts(100_000, Duration.ofSeconds(1_500));
    }

    private void checkParts(int mostTasks, Duration span) {
        List<Tenant> tenants = new ArrayList<>();
        for (int i = 0; i < TENANTS; i++) {
            tenants.add(new Tenant(i, Math.round(Math.pow(mostTasks, i / (TENANTS - 1.0)))));
        }
        // What is lost with power is not in question, and the disk would take most of the time.
        try (SqliteStore store = SqliteStore.builder(directory.resolve("architect.db"))
                .synchronous(Synchronous.NORMAL)
                .open()) {
            submit(store, tenants);
            long done = run(store, tenants, span);
            assertThat(store.tasks().counts().get(TaskState.DONE)).isEqualTo(done);
        }
        assertThat(tenants.stream().filter(tenant -> tenant.ready == 0)).hasSizeGreaterThan(TENANTS / 4);
        assertThat(tenants.stream().filter(tenant -> tenant.ready > 0)).hasSizeGreaterThan(TENANTS / 4);
        for (Tenant tenant : tenants) {
            double task = tenant.duration.toMillis() / 1e3;
            assertThat(Math.abs(tenant.got - tenant.due))
                    .as(
                            "%s of weight %s with %s tasks of %s s, of which %s were left: %s session-seconds of %s",
                            tenant.lane, tenant.weight, tenant.backlog, task, tenant.ready, tenant.got, tenant.due)
                    .isLessThanOrEqualTo(0.05 * tenant.due + TASKS_OFF * task);
        }
    }

    private static void submit(SqliteStore store, List<Tenant> tenants) {
        for (Tenant tenant : tenants) {
            store.lanes()
                    .save(LaneSettings.of(LaneScope.of("q", tenant.lane.tenant()))
                            .withWeight(tenant.weight));
            TaskRequest task = TaskRequest.of(TYPE, "p")
                    .withOptions(TaskOptions.DEFAULT.withQueue("q").withTenant(tenant.lane.tenant()));
            for (long left = tenant.backlog; left > 0; left -= 5_000) {
                store.tasks().submit(Collections.nCopies((int) Math.min(5_000, left), task));
            }
        }
    }

    /** Returns how many tasks have ended. */
    private long run(SqliteStore store, List<Tenant> tenants, Duration span) {
        Map<Lane, Tenant> byLane = new HashMap<>();
        tenants.forEach(tenant -> byLane.put(tenant.lane, tenant));
        LaneBoard board = new LaneBoard(store.lanes(), time, TaskOptions.DEFAULT_SESSION_KIND);
        long node = store.nodes().join("node");
        PriorityQueue<Run> runs = new PriorityQueue<>(Comparator.comparingLong(Run::end));
        long done = 0;
        for (long now = 0; now < span.toNanos(); now += STEP.toNanos()) {
            done += end(store, board, runs, now);
            fill(store, board, node, byLane, runs, now);
            account(tenants);
            time.advance(STEP);
        }
        return done;
    }

    private static int end(SqliteStore store, LaneBoard board, PriorityQueue<Run> runs, long now) {
        List<AttemptEnd> ends = new ArrayList<>();
        while (!runs.isEmpty() && runs.peek().end() <= now) {
            Run run = runs.remove();
            run.tenant().running--;
            board.ended(run.tenant().lane, run.tenant().duration);
            ends.add(new AttemptEnd(
                    run.token(),
                    "llm-1",
                    Instant.now(),
                    Instant.now(),
                    AttemptOutcome.SUCCEEDED,
                    TaskState.DONE,
                    Duration.ZERO,
                    AttemptResult.output("")));
        }
        assertThat(store.tasks().finish(ends)).hasSameSizeAs(ends);
        return ends.size();
    }

    private static void fill(
            SqliteStore store,
            LaneBoard board,
            long node,
            Map<Lane, Tenant> byLane,
            PriorityQueue<Run> runs,
            long now) {
        board.refresh();
        Set<Lane> without = new HashSet<>();
        for (int pass = 0; pass < 4 && runs.size() < SLOTS; pass++) {
            int free = SLOTS - runs.size();
            List<LaneShare> shares = board.next(free, without, lane -> true, (lane, type) -> true);
            List<ClaimedTask> claimed =
                    store.tasks().claim(new ClaimRequest(node, free, Map.of(TYPE, free), true, shares));
            List<TypeInLane> places =
                    claimed.stream().map(task -> TypeInLane.of(task.request())).toList();
            without.addAll(board.claimed(shares, places));
            for (int i = 0; i < claimed.size(); i++) {
                Tenant tenant = byLane.get(places.get(i).lane());
                tenant.ready--;
                tenant.running++;
                runs.add(new Run(tenant, claimed.get(i).fencingToken(), now + tenant.duration.toNanos()));
            }
        }
    }

    /** Of each step, what those with a backlog got, and what they were due. */
    private static void account(List<Tenant> tenants) {
        double seconds = STEP.toMillis() / 1e3;
        List<Tenant> waiting =
                tenants.stream().filter(tenant -> tenant.ready > 0).toList();
        int weights = waiting.stream().mapToInt(tenant -> tenant.weight).sum();
        int slots = waiting.stream().mapToInt(tenant -> tenant.running).sum();
        for (Tenant tenant : waiting) {
            tenant.got += seconds * tenant.running;
            tenant.due += seconds * slots * tenant.weight / weights;
        }
    }
}
