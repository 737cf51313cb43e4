package dev.architect.benchmarks.list;

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
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Fills a store with tasks and calls of the last thirty days. Of each kind of value there are some that many have, and one,
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
    static final int AGENTS = 10;
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

    private final LoadTime time;
    private final Instant end;
    private final Random random;
    private final List<TaskId> known = new ArrayList<>();

    /** Those of another seed are others. */
    ListSamples(LoadTime time, Instant end, long seed) {
        this.time = time;
        this.end = end;
        this.random = new Random(seed);
    }

    /** Adds tasks, none of which has begun. */
    void fillTasks(Store store, int tasks) {
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

    /** Ends most of the tasks by hand, since a million attempts would take minutes: of a hundred four are dead and one is cancelled. */
    static void endTasks(Path file) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement sql = connection.createStatement()) {
            sql.execute("BEGIN");
            sql.execute("UPDATE task SET epoch = 1, attempt = 1, done_at = created_at + 1000000,"
                    + " state = CASE WHEN (id >> 18) % 100 < 4 THEN 11 WHEN (id >> 18) % 100 = 4 THEN 12 ELSE 10 END"
                    + " WHERE state = 0 AND lane NOT IN (SELECT id FROM lane WHERE type LIKE '%" + WAITING + "%')");
            sql.execute("INSERT INTO task_result (id, epoch, output, error) SELECT id, 1,"
                    + " CASE WHEN state = 10 THEN 'done' END, CASE WHEN state <> 10 THEN 'it failed' END"
                    + " FROM task WHERE state >= 10");
            sql.execute("DELETE FROM task_count");
            sql.execute(
                    "INSERT INTO task_count (lane, state, n) SELECT lane, state, count(*) FROM task GROUP BY lane, state");
            sql.execute("COMMIT");
        }
    }

    /** Adds calls, and adds them up. */
    void fillCalls(Store store, int calls) {
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
        Attribution attribution = Attribution.of(new ProjectId(isRare() ? RARE : "project-" + random.nextInt(PROJECTS)))
                .withUser(isRare() ? RARE : user())
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
                new CallOrigin(callId, task(), 1, attribution, type()),
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

    /** One in ten calls is made by an agent with a token. */
    private String user() {
        return random.nextInt(10) == 0
                ? "agent:" + (isRare() ? RARE : "agent-" + random.nextInt(AGENTS))
                : "user-" + random.nextInt(USERS);
    }

    /** Half of all calls are made by tasks. */
    private Optional<String> type() {
        if (isRare()) {
            return Optional.of(RARE);
        }
        return random.nextBoolean() ? Optional.empty() : Optional.of("type-" + random.nextInt(TYPES));
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
