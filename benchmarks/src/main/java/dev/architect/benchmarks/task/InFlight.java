package dev.architect.benchmarks.task;

import dev.architect.Architect;
import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.benchmarks.Percentiles;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ModelProvider;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Many calls in flight: prompt tasks come at an even rate, whatever the engine does, so that as many calls as stated run at a time.
 *
 * <p>The policy is the standard one, with as many concurrent calls to each model as tasks in flight, and with slots for all of them.
 * The provider answers within this process after a fixed time: no HTTP is measured. Measured is the time from a task being ready to
 * its start, as the engine states it in its events, from the start of a cold process on.
 */
public final class InFlight {

    private static final int SLOTS = 128;
    private static final int MOST_SESSIONS = 100;
    private static final int MOST_CONCURRENT = 10_000;

    /** Tasks are submitted each so often. */
    private static final long TICK_MILLIS = 10;

    private static final long SETTLE_SECONDS = 120;

    /** A little more than needed: a task is not called at once, nor is it over at once when it is answered. */
    private static final double RATE_MARGIN = 1.02;

    private final int tasks;
    private final Duration answer;
    private final int seconds;
    private final int sessions;
    private final int concurrent;
    private final InFlightCounter calls = new InFlightCounter();
    private final AssignmentTimes times = new AssignmentTimes();

    private InFlight(Options options) {
        this.tasks = options.number("tasks", 1);
        this.answer = Duration.ofMillis(options.number("answer-millis", 1));
        this.seconds = options.number("seconds", 1);
        // Twice as many, as far as there may be: what came while the process was cold must not stay for ever.
        int withMargin = 2 * tasks;
        this.sessions = Math.min(MOST_SESSIONS, (withMargin + SLOTS - 1) / SLOTS);
        this.concurrent = Math.min(MOST_CONCURRENT, withMargin);
    }

    /** Runs with {@code --tasks N}, {@code --answer-millis N}, {@code --seconds N}, {@code --dir DIRECTORY}, {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(InFlight::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        // Where threads are virtual, ten times as many calls are asked of the engine.
        defaults.put("tasks", Runtime.version().feature() >= 21 ? "10000" : "1000");
        defaults.put("answer-millis", "2000");
        defaults.put("seconds", "20");
        defaults.put("dir", Path.of("benchmarks", "target").toString());
        Options options = Options.parse(arguments, defaults);
        InFlight measured = new InFlight(options);
        Path parent = Path.of(options.text("dir"));
        Files.createDirectories(parent);
        Path directory = Files.createTempDirectory(parent, "in-flight-");
        try {
            return measured.run(directory);
        } finally {
            EngineRun.delete(directory);
        }
    }

    private MeasurementReport run(Path directory) throws InterruptedException {
        Map<String, Object> machine = HostInfo.factsWithDisk(directory);
        SqliteStore store = SqliteStore.at(directory.resolve("queue.db"));
        String synchronous = store.synchronous().name();
        RoutingPolicy policy = policy();
        try (Architect architect = architect(store, policy)) {
            int submitted = submit(architect);
            awaitSettled(architect, submitted);
            Map<TaskState, Long> counts = architect.tasks().counts();
            long failed = submitted - counts.getOrDefault(TaskState.DONE, 0L);
            return report(machine, facts(policy, synchronous), submitted, failed);
        }
    }

    private RoutingPolicy policy() {
        RoutingPolicy policy = RoutingPolicy.standard();
        for (ModelPolicy model : policy.models()) {
            policy =
                    policy.withModel(model.toBuilder().maxConcurrent(concurrent).build());
        }
        return policy;
    }

    private Architect architect(SqliteStore store, RoutingPolicy policy) {
        var builder = Architect.builder().store(store).router(CostAwareRouter.with(policy));
        for (ModelProvider provider : providers(policy)) {
            builder.provider(provider);
        }
        return builder.pool(new PoolLimits(sessions, sessions, SLOTS))
                .listener(times)
                .build();
    }

    private List<ModelProvider> providers(RoutingPolicy policy) {
        return policy.models().stream()
                .map(each -> each.id().provider())
                .distinct()
                .<ModelProvider>map(name -> new DelayedProvider(name, answer, calls))
                .toList();
    }

    /** Submits at an even rate; when it is late, it makes up for it. */
    private int submit(Architect architect) throws InterruptedException {
        double perMilli = tasks * RATE_MARGIN / answer.toMillis();
        List<TaskRequest> requests = Collections.nCopies(tasks, TaskRequest.prompt("Say done."));
        long start = System.nanoTime();
        times.start(start);
        int submitted = 0;
        while (true) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            int due = (int) (Math.min(millis, seconds * 1_000L) * perMilli);
            if (due > submitted) {
                architect.tasks().submitAll(requests.subList(0, Math.min(requests.size(), due - submitted)));
                submitted += Math.min(requests.size(), due - submitted);
            } else if (millis >= seconds * 1_000L) {
                return submitted;
            }
            Thread.sleep(TICK_MILLIS);
        }
    }

    private void awaitSettled(Architect architect, int submitted) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
        while (times.endedCount() < submitted && System.nanoTime() < deadline) {
            Thread.sleep(TICK_MILLIS);
        }
        // The events may have been too many for their queue; the store decides.
        while (architect.tasks().counts().getOrDefault(TaskState.DONE, 0L) < submitted
                && System.nanoTime() < deadline) {
            Thread.sleep(TICK_MILLIS * TICK_MILLIS);
        }
    }

    private Map<String, Object> facts(RoutingPolicy policy, String synchronous) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("tasks", tasks);
        facts.put("answerMillis", answer.toMillis());
        facts.put("seconds", seconds);
        facts.put("policy", "standard, " + policy.models().size() + " models");
        facts.put("maxConcurrent", concurrent);
        facts.put("slots", sessions + " sessions of " + SLOTS);
        facts.put("virtualThreads", Runtime.version().feature() >= 21);
        facts.put("synchronous", synchronous);
        return facts;
    }

    private MeasurementReport report(
            Map<String, Object> machine, Map<String, Object> facts, int submitted, long failed) {
        List<Map<String, Object>> rows = new ArrayList<>();
        rows.add(row("cold, the first 5 s", times.cold()));
        rows.add(row("from the fifth second on", times.warm()));
        facts.forEach((name, value) -> System.out.printf("%-15s %s%n", name, value));
        System.out.printf(
                "%nsubmitted %d, most in flight %d, not done %d, failed attempts %d, events dropped %d%n",
                submitted, calls.most(), failed, times.failedAttempts(), times.dropped());
        System.out.printf("assignment, cold: %s%nassignment, warm: %s%n", times.cold(), times.warm());
        Map<String, Object> ratios = new LinkedHashMap<>();
        ratios.put("submitted", submitted);
        ratios.put("mostInFlight", calls.most());
        ratios.put("notDone", failed);
        ratios.put("failedAttempts", times.failedAttempts());
        ratios.put("eventsDropped", times.dropped());
        return new MeasurementReport("inflight", machine, facts, rows, ratios);
    }

    private static Map<String, Object> row(String part, Percentiles assignment) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("assignment", part);
        row.putAll(assignment.asMap());
        return row;
    }
}
