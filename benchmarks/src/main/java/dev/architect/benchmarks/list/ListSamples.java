package dev.architect.benchmarks.list;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.benchmarks.LoadTime;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.event.ActivityEntry;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneShare;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.spi.Store;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Fills a store through its public methods with tasks and calls of the last thirty days. Of each kind of value there are some that many have, and one,
 * named {@value #RARE}, that one of ten thousand has. For one thread.
 */
final class ListSamples {

    static final Duration SPAN = Duration.ofDays(30);
    static final String RARE = "rare";

    /** The type of the first hundredth of all tasks, and of no other. */
    static final String EARLY = "early";

    /** The type of tasks that nobody performs. */
    static final String WAITING = "waiting";

    static final int TYPES = 3;
    static final int TENANTS = 20;
    static final int PROJECTS = 10;
    static final int USERS = 200;
    static final int PROVIDERS = 5;
    static final int MODELS = 20;
    static final int TEAMS = 10;
    static final String BATCH_QUEUE = "batch";

    private static final int RARITY = 10_000;
    private static final int CHUNK = 5_000;
    private static final int BATCH = 500;
    private static final int PROGRESS = 100_000;
    private static final int FAILED = 50;

    private final Store store;
    private final LoadTime time;
    private final Instant end;
    private final Random random;
    private final List<TaskId> known = new ArrayList<>();

    /** Those of another seed are others. */
    ListSamples(Store store, LoadTime time, Instant end, long seed) {
        this.store = store;
        this.time = time;
        this.end = end;
        this.random = new Random(seed);
    }

    /** Adds tasks, of which most have ended. */
    void fillTasks(int tasks) {
        long node = store.nodes().join("fill");
        ClaimRequest claim = claim(node);
        for (int from = 0; from < tasks; from += CHUNK) {
            time.set(at(from, tasks));
            List<TaskRequest> requests = new ArrayList<>();
            for (int i = from; i < Math.min(tasks, from + CHUNK); i++) {
                requests.add(request(i, tasks));
            }
            List<TaskId> ids = store.tasks().submit(requests);
            known.add(ids.get(0));
            store.activity()
                    .append(List.of(new ActivityEntry(
                            0, time.wallTime(), "attempt-ended", Optional.of(ids.get(0)), "a chunk was added")));
            List<ClaimedTask> claimed;
            do {
                claimed = store.tasks().claim(claim);
                if (!claimed.isEmpty()) {
                    store.tasks().finish(claimed.stream().map(this::end).toList());
                }
            } while (claimed.size() == BATCH);
            progress("tasks", from, tasks);
        }
        time.set(end);
    }

    private Instant at(int number, int of) {
        return end.minus(SPAN).plusMillis((long) (SPAN.toMillis() * ((double) number / of)));
    }

    private static void progress(String what, int done, int of) {
        if (done % PROGRESS == 0 && done > 0) {
            System.out.printf(Locale.ROOT, "%d of %d %s%n", done, of, what);
        }
    }

    private static ClaimRequest claim(long node) {
        Map<String, Integer> quotas = new HashMap<>();
        for (int type = 0; type < TYPES; type++) {
            quotas.put("type-" + type, BATCH);
        }
        quotas.put(RARE, BATCH);
        quotas.put(EARLY, BATCH);
        List<LaneShare> shares = new ArrayList<>();
        for (String queue : List.of(TaskOptions.DEFAULT_QUEUE, BATCH_QUEUE, RARE)) {
            for (int tenant = 0; tenant < TENANTS; tenant++) {
                shares.add(share(queue, "tenant-" + tenant));
            }
            shares.add(share(queue, RARE));
        }
        return new ClaimRequest(node, BATCH, quotas, true, shares);
    }

    private static LaneShare share(String queue, String tenant) {
        return new LaneShare(new Lane(queue, tenant, TaskOptions.DEFAULT_SESSION_KIND), BATCH);
    }

    private TaskRequest request(int number, int tasks) {
        boolean isEarly = number < tasks / 100;
        String type = isRare() ? RARE : number % 20 == 0 ? WAITING : isEarly ? EARLY : "type-" + number % TYPES;
        String queue = isRare() ? RARE : number % 10 == 1 ? BATCH_QUEUE : TaskOptions.DEFAULT_QUEUE;
        String tenant = isRare() ? RARE : "tenant-" + random.nextInt(TENANTS);
        String project = isRare() ? RARE : "project-" + random.nextInt(PROJECTS);
        return TaskRequest.of(type, "{\"text\":\"Summarise what has changed in part " + number + ".\"}")
                .withProject(new ProjectId(project))
                .withOptions(TaskOptions.DEFAULT.withQueue(queue).withTenant(tenant))
                .withDelay(number % 25 == 2 ? Duration.ofDays(300) : Duration.ZERO);
    }

    private boolean isRare() {
        return random.nextInt(RARITY) == 0;
    }

    private AttemptEnd end(ClaimedTask task) {
        int chance = random.nextInt(100);
        Instant now = time.wallTime();
        AttemptOutcome outcome = chance < 4
                ? AttemptOutcome.FAILED
                : chance < 5 ? AttemptOutcome.CANCELLED : AttemptOutcome.SUCCEEDED;
        TaskState next = chance < 4 ? TaskState.DEAD : chance < 5 ? TaskState.CANCELLED : TaskState.DONE;
        return new AttemptEnd(
                task.fencingToken(),
                "llm-1",
                now,
                now,
                outcome,
                next,
                Duration.ZERO,
                next == TaskState.DONE ? AttemptResult.output("done") : AttemptResult.error("it failed"));
    }

    /** Adds calls, and adds them up. */
    void fillCalls(int calls) {
        // Stands still, so that each is recorded before its time is added up, as calls are.
        time.set(end.minus(SPAN));
        for (int from = 0; from < calls; from += BATCH) {
            List<LedgerEntry> batch = new ArrayList<>();
            for (int i = from; i < Math.min(calls, from + BATCH); i++) {
                batch.add(call(at(i, calls)));
            }
            store.ledger().record(batch);
            progress("calls", from, calls);
        }
        time.set(end);
        while (store.ledger().rollUp(end)) {
            // Each call adds up some.
        }
    }

    /** Returns a call that began at a time. */
    LedgerEntry call(Instant startedAt) {
        int number = random.nextInt(MODELS);
        String provider = isRare() ? RARE : "provider-" + number % PROVIDERS;
        ModelId model = new ModelId(provider, isRare() ? RARE : "model-" + number);
        boolean isFailed = random.nextInt(FAILED) == 0;
        Cost cost = isFailed
                ? Cost.NOT_BILLED
                : isRare() ? Cost.UNPRICED : Cost.priced(new Money(1L + random.nextInt(1_000_000_000)));
        Attribution attribution = Attribution.of(
                        new ProjectId(isRare() ? RARE : "project-" + random.nextInt(PROJECTS)))
                .withUser(isRare() ? RARE : "user-" + random.nextInt(USERS))
                .withTag("team", isRare() ? RARE : "team-" + random.nextInt(TEAMS));
        String callId =
                HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong());
        CallRoute route = new CallRoute(
                isRare() ? Complexity.COMPLEX : random.nextBoolean() ? Complexity.SIMPLE : Complexity.MEDIUM,
                0,
                model,
                model,
                isRare() ? "flex" : "standard",
                isRare() ? RARE : random.nextBoolean() ? "" : "eu",
                Optional.empty());
        return new LedgerEntry(
                callId,
                new CallOrigin(callId, task(), 1, attribution),
                route,
                new CallTiming(startedAt, Duration.ofMillis(200L + random.nextInt(3_000))),
                isFailed ? CallOutcome.FAILED : CallOutcome.ANSWERED,
                isFailed
                        ? Optional.of(random.nextInt(200) == 0 ? FailureKind.TIMEOUT : FailureKind.OVERLOADED)
                        : Optional.empty(),
                new Metering(
                        isFailed ? TokenUsage.UNKNOWN : TokenUsage.of(random.nextInt(5_000), random.nextInt(1_000)),
                        UsageSource.REPORTED),
                new CallCharge(cost, Optional.empty(), cost, "none"),
                isFailed ? Optional.empty() : Optional.of(StopReason.COMPLETE));
    }

    /** One of a thousand calls is of a task. */
    private Optional<TaskId> task() {
        return known.isEmpty() || random.nextInt(1_000) > 0
                ? Optional.empty()
                : Optional.of(known.get(random.nextInt(known.size())));
    }

    /** Returns tasks that nobody performs, for insertion while lists are read. */
    static List<TaskRequest> inserted(int count) {
        List<TaskRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(TaskRequest.of(WAITING, "{}").withProject(new ProjectId("project-" + i % PROJECTS)));
        }
        return requests;
    }
}
