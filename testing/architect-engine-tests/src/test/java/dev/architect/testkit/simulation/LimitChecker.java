package dev.architect.testkit.simulation;

import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneShare;
import dev.architect.lane.StartRate;
import dev.architect.spi.TaskStore;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Checks the limits of queues, tenants and keys by a model of its own: none is ever exceeded, whoever waits for a permit gets it as soon as
 * one is free, in order, and in the end all of them are free.
 */
final class LimitChecker {

    private final ThreadSchedule schedule;
    private final LanePlan plan;
    private final Consumer<String> reached;
    private final Map<String, List<TaskHistory>> byKey = new HashMap<>();
    private final Map<LaneSettings, List<TaskHistory>> bySettings = new HashMap<>();
    private final Map<LaneScope, List<Instant>> starts = new HashMap<>();
    private TaskStore store;
    private Supplier<Instant> now;

    LimitChecker(ThreadSchedule schedule, LanePlan plan, Consumer<String> reached) {
        this.schedule = schedule;
        this.plan = plan;
        this.reached = reached;
    }

    /** There is a new task. */
    void add(TaskHistory task) {
        task.script
                .request()
                .options()
                .limitKey()
                .ifPresent(key ->
                        byKey.computeIfAbsent(key, each -> new ArrayList<>()).add(task));
        plan.settings().stream()
                .filter(each -> each.scope().has(Lane.of(task.script.request())))
                .forEach(each -> bySettings
                        .computeIfAbsent(each, same -> new ArrayList<>())
                        .add(task));
    }

    void watch(TaskStore rows, Supplier<Instant> clock) {
        store = rows;
        now = clock;
    }

    private void check(boolean holds, String message, Object... details) {
        if (!holds) {
            AssertionError broken = new AssertionError(message + Arrays.asList(details));
            schedule.fail(broken);
            throw broken;
        }
    }

    private List<TaskHistory> of(String key) {
        return byKey.getOrDefault(key, List.of());
    }

    private static boolean hasPermit(TaskHistory task) {
        return task.state == TaskState.READY || task.state == TaskState.RUNNING;
    }

    /** After each change: gives out in the model what has become free, and compares. */
    void settle() {
        for (String key : plan.keys()) {
            List<TaskHistory> waiting = of(key).stream()
                    .filter(task -> task.state == TaskState.LIMITED)
                    .sorted(Comparator.comparing(task -> task.sortKey))
                    .toList();
            long held = of(key).stream().filter(LimitChecker::hasPermit).count();
            check(held <= plan.most(key), "more have a permit than there are: ", key, of(key));
            for (TaskHistory task : waiting) {
                if (held < plan.most(key)) {
                    held++;
                    task.state = TaskState.READY;
                    task.sortKey = task.sortKey(now.get());
                    reached.accept("permit given on");
                } else {
                    reached.accept("waits for a permit");
                }
                TaskState row = store.find(task.id).orElseThrow().state();
                check(row == task.state, "its permit: ", row, task, of(key));
            }
        }
    }

    /** Whether a task waits for the permit of one that is exempt from the time in which all have to end. */
    boolean waitsFor(TaskHistory task, Predicate<TaskHistory> isExempt) {
        return task.state == TaskState.LIMITED
                && of(task.script.request().options().limitKey().orElseThrow()).stream()
                        .anyMatch(other -> hasPermit(other) && isExempt.test(other));
    }

    /** After a claim, whose tasks run in the model. */
    void claimed(List<TaskHistory> started) {
        for (LaneSettings each : plan.settings()) {
            List<TaskHistory> inScope = bySettings.getOrDefault(each, List.of());
            each.maxRunning().ifPresent(most -> {
                long running = inScope.stream()
                        .filter(task -> task.state == TaskState.RUNNING)
                        .count();
                check(running <= most, "more run than may: ", each, inScope);
                if (running == most && inScope.stream().anyMatch(task -> task.state == TaskState.READY)) {
                    reached.accept("queue at its limit");
                }
            });
            each.rate()
                    .ifPresent(
                            rate -> started.stream().filter(inScope::contains).forEach(task -> started(each, rate)));
        }
    }

    private void started(LaneSettings rated, StartRate rate) {
        List<Instant> all = starts.computeIfAbsent(rated.scope(), scope -> new ArrayList<>());
        all.add(now.get());
        for (int first = 0; first < all.size(); first++) {
            long span = Duration.between(all.get(first), now.get()).toNanos() / 1_000;
            long most = rate.burst() + span / rate.intervalMicros();
            int count = all.size() - first;
            check(count <= most, "more started than may: ", rated, count, all);
            if (count > 1 && count == most) {
                reached.accept("rate used up");
            }
        }
    }

    /** When all tasks have ended: as many get a permit as there are, and as many can be claimed as may run. */
    void checkAllFree(Mutation mutation) {
        for (String key : plan.keys()) {
            TaskRequest probe =
                    TaskRequest.of(TaskScript.COMMON, "-1").withOptions(TaskOptions.DEFAULT.withLimitKey(key));
            List<TaskId> ids = mutation.submit(Collections.nCopies(plan.most(key) + 1, probe));
            long ready = ids.stream()
                    .filter(id -> store.find(id).orElseThrow().state() == TaskState.READY)
                    .count();
            check(ready == plan.most(key), "permits are lost: ", key, ready);
        }
        long incarnation = mutation.nodes.join("probe");
        List<Lane> running = new ArrayList<>();
        // Tenants before their queue, whose places they take as well.
        List<LaneSettings> bounded = new ArrayList<>(plan.bounded());
        Collections.reverse(bounded);
        for (LaneSettings each : bounded) {
            int most = each.maxRunning().orElseThrow();
            TaskRequest probe = TaskRequest.of(TaskScript.COMMON, "-1")
                    .withOptions(TaskOptions.DEFAULT
                            .withQueue(each.scope().queue())
                            .withTenant(each.scope().tenant().orElse("probe")));
            mutation.submit(Collections.nCopies(most + 1, probe));
            List<ClaimedTask> claimed = mutation.claim(
                    new ClaimRequest(
                            incarnation,
                            most + 1,
                            Map.of(TaskScript.COMMON, most + 1),
                            true,
                            List.of(new LaneShare(Lane.of(probe), most + 1))),
                    true);
            long before = running.stream().filter(each.scope()::has).count();
            check(claimed.size() == most - before, "other places are free than there are: ", each, before, claimed);
            running.addAll(Collections.nCopies(claimed.size(), Lane.of(probe)));
        }
    }
}
