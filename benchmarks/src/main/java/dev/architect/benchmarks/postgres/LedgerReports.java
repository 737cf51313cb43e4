package dev.architect.benchmarks.postgres;

import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.LoadTime;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.benchmarks.postgres.engine.BenchmarkDatabase;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.ledger.Ledger;
import dev.architect.ledger.Rerating;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Reports on a ledger of many calls over 180 days: how fast calls are added to one that is empty and to one that is full, how long the reports take
 * when all are added up, for random periods to the microsecond, how many bytes a call takes, and how long calls wait while a month is purged.
 */
public final class LedgerReports {

    private static final Duration SPAN = Duration.ofDays(180);
    private static final int BATCH = 500;
    private static final int USERS = 200;
    private static final int PROJECTS = 20;
    private static final int AGENTS = 10;
    private static final int TYPES = 5;
    private static final int PROVIDERS = 5;
    private static final int MODELS = 20;
    private static final long SEED = 1;
    private static final double MILLION = 1e6;

    /** Batches in which the program gets up to speed, and those of each of the two rates that are compared. */
    private static final int WARM_UP = 100;

    private static final int COMPARED = 100;
    private static final Duration MONTH = Duration.ofDays(30);
    private static final int PURGED = 1_000;
    private static final int LIVE_BATCH = 10;
    private static final Duration LIVE_PAUSE = Duration.ofMillis(10);

    /** How long calls are recorded before the purge: what a database does by itself after so many entries shows there too. */
    private static final Duration ALONE = Duration.ofSeconds(30);

    private final Random random = new Random(SEED);
    private final Instant end = Instant.now();
    private final int entries;
    private final int repeats;
    private int made;
    private final List<Map<String, Object>> rows = new ArrayList<>();

    private LedgerReports(int entries, int repeats) {
        this.entries = entries;
        this.repeats = repeats;
    }

    /** Runs with {@code --store sqlite|postgres}, {@code --entries N}, {@code --repeats N}, {@code --dir DIRECTORY}, {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(LedgerReports::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("store", "sqlite");
        defaults.put("entries", "1000000");
        defaults.put("repeats", "50");
        defaults.put("dir", Path.of("benchmarks", "target").toString());
        Options options = Options.parse(arguments, defaults);
        String store = options.oneOf("store", "sqlite", "postgres");
        int entries = options.number("entries", 1);
        int repeats = options.number("repeats", 1);
        Map<String, Object> machine = HostInfo.facts();
        LedgerReports reports = new LedgerReports(entries, repeats);
        long bytes = store.equals("sqlite") ? reports.onSqlite(Path.of(options.text("dir"))) : reports.onPostgres();
        System.out.printf(Locale.ROOT, "%d bytes an entry%n", bytes / entries);
        return new MeasurementReport(
                "ledger",
                machine,
                Map.of("store", store, "entries", entries, "repeats", repeats),
                reports.rows,
                Map.of("bytesPerEntry", bytes / entries));
    }

    private long onSqlite(Path parent) throws Exception {
        Files.createDirectories(parent);
        Path directory = Files.createTempDirectory(parent, "ledger-");
        Path file = directory.resolve("architect.db");
        try {
            // Stands still while entries are added, so that each comes before its time is added up, as calls do.
            LoadTime time = new LoadTime(end.minus(SPAN));
            try (SqliteStore store = SqliteStore.builder(file).time(time).open()) {
                run(store, time);
            }
            long bytes = Files.size(file);
            try (SqliteStore store = SqliteStore.at(file)) {
                purge(store);
            }
            return bytes;
        } finally {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path each : files.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(directory);
        }
    }

    private long onPostgres() throws Exception {
        try (BenchmarkServer server = BenchmarkServer.fresh(15)) {
            BenchmarkDatabase database = server.create();
            LoadTime time = new LoadTime(end.minus(SPAN));
            try (PostgresStore store =
                    PostgresStore.builder(database.url()).time(time).open()) {
                run(store, time);
            }
            long bytes;
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                bytes = BenchmarkDatabase.number(statement, "SELECT pg_database_size(current_database())");
                printLargest(statement);
            }
            try (PostgresStore store = PostgresStore.builder(database.url()).open()) {
                purge(store);
            }
            return bytes;
        }
    }

    private static void printLargest(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT relname, pg_relation_size(oid) AS bytes FROM pg_class"
                + " WHERE relkind IN ('r', 'i', 't') ORDER BY bytes DESC LIMIT 8")) {
            while (row.next()) {
                System.out.printf(Locale.ROOT, "%-36s %14d bytes%n", row.getString(1), row.getLong(2));
            }
        }
    }

    private void run(Store store, LoadTime time) {
        LedgerStore ledger = store.ledger();
        append(ledger);
        time.set(end);
        long begin = System.nanoTime();
        while (ledger.rollUp(end)) {
            // Each call adds up some.
        }
        row("add up the rest", List.of(System.nanoTime() - begin));
        time("summary of all time", () -> ledger.spend(between(end.minus(SPAN), end.plusSeconds(1))));
        time("summary of a random period", () -> ledger.spend(period()));
        time("summary of the last hour", () -> ledger.spend(between(end.minus(Duration.ofHours(1)), end)));
        for (SpendDimension dimension : SpendDimension.values()) {
            time("by " + dimension + " of all time", () -> ledger.spendBy(dimension, between(end.minus(SPAN), end)));
            time("by " + dimension + " of a random period", () -> ledger.spendBy(dimension, period()));
        }
        SpendFilter user = SpendFilter.ALL.with(SpendDimension.USER, "user-7");
        time(
                "days of all time",
                () -> ledger.series(SpendInterval.DAY, SpendFilter.ALL, between(end.minus(SPAN), end)));
        time("days of a user", () -> ledger.series(SpendInterval.DAY, user, between(end.minus(SPAN), end)));
        time("hours of 30 days", () -> ledger.series(SpendInterval.HOUR, SpendFilter.ALL, between(lastMonth(), end)));
        time(
                "minutes of the last day",
                () -> ledger.series(
                        SpendInterval.MINUTE, SpendFilter.ALL, between(end.minus(Duration.ofDays(1)), end)));
        time(
                "models of a user, 1 day",
                () -> ledger.spendBy(SpendDimension.MODEL, user, between(end.minus(Duration.ofDays(1)), end)));
        Ledger reader = new Ledger(ledger, TimeSource.system());
        Rerating rerating = Rerating.by(prices());
        once(
                "re-rate every call",
                () -> reader.rerate(rerating, SpendDimension.MODEL, SpendFilter.ALL, ReportPeriod.all()));
        Instant tenth = end.minus(SPAN.dividedBy(10));
        once(
                "re-rate the last tenth",
                () -> reader.rerate(
                        rerating, SpendDimension.MODEL, SpendFilter.ALL, between(tenth, end.plusSeconds(1))));
        time("page of " + BATCH, () -> ledger.page(SpendFilter.ALL, period(), Optional.empty(), BATCH));
    }

    private static PriceCatalogue prices() {
        List<Price> rows = new ArrayList<>();
        for (int model = 0; model < MODELS; model++) {
            rows.add(Price.builder(model(model), "none", LocalDate.EPOCH)
                    .usdPerMillionTokens(UsageBucket.INPUT, "1")
                    .usdPerMillionTokens(UsageBucket.OUTPUT, "5")
                    .build());
        }
        return new PriceCatalogue("none", rows);
    }

    private static ModelId model(int number) {
        return new ModelId("provider-" + number % PROVIDERS, "model-" + number);
    }

    private Instant lastMonth() {
        return end.minus(Duration.ofDays(30));
    }

    private void append(LedgerStore ledger) {
        List<Long> batches = new ArrayList<>();
        long begin = System.nanoTime();
        while (made < entries) {
            List<LedgerEntry> batch = entries(Math.min(BATCH, entries - made));
            long start = System.nanoTime();
            ledger.record(batch);
            batches.add(System.nanoTime() - start);
        }
        double seconds = (System.nanoTime() - begin) / (MILLION * 1_000);
        row("append " + BATCH + " entries", batches).put("entriesPerSecond", Math.round(entries / seconds));
        System.out.printf(Locale.ROOT, "%.0f entries a second%n", entries / seconds);
        if (batches.size() >= WARM_UP + 2 * COMPARED) {
            row("append to an empty ledger", batches.subList(WARM_UP, WARM_UP + COMPARED));
            row("append to a full ledger", batches.subList(batches.size() - COMPARED - 1, batches.size() - 1));
        }
    }

    /** Records a few calls at a time, alone, and then while the oldest month is deleted as an archive does. */
    private void purge(Store store) throws Exception {
        LedgerStore ledger = store.ledger();
        Ledger reader = new Ledger(ledger, TimeSource.system());
        ReportPeriod.Between month = between(end.minus(SPAN), end.minus(SPAN).plus(MONTH));
        for (int i = 0; i < COMPARED; i++) {
            // The first ones open connections and prepare statements.
            ledger.record(entries(LIVE_BATCH));
        }
        long alone = System.nanoTime() + ALONE.toNanos();
        double longestAlone = appends("alone", appendUntil(ledger, () -> System.nanoTime() >= alone));
        AtomicBoolean isDone = new AtomicBoolean();
        List<Long> purges = new ArrayList<>();
        CompletableFuture<Integer> purging = CompletableFuture.supplyAsync(() -> {
            int deleted = 0;
            Optional<LedgerPosition> position = Optional.empty();
            List<LedgerEntry> page;
            do {
                page = ledger.page(SpendFilter.ALL, month, position, PURGED);
                List<LedgerPosition> calls =
                        page.stream().map(LedgerPosition::after).toList();
                long begin = System.nanoTime();
                deleted += reader.purge(calls);
                purges.add(System.nanoTime() - begin);
                position = calls.isEmpty() ? position : Optional.of(calls.get(calls.size() - 1));
            } while (page.size() == PURGED);
            return deleted;
        });
        purging.whenComplete((deleted, failure) -> isDone.set(true));
        List<Long> meanwhile = appendUntil(ledger, isDone::get);
        row("purge " + PURGED + " entries", purges).put("entries", purging.get());
        double longest = appends("meanwhile", meanwhile);
        System.out.printf(
                Locale.ROOT,
                "%d entries purged, longest append %.2f ms, alone %.2f ms%n",
                purging.get(),
                longest,
                longestAlone);
    }

    /** Records a few calls at a time until it is over, and returns how long each time took. */
    private List<Long> appendUntil(LedgerStore ledger, BooleanSupplier isOver) throws InterruptedException {
        List<Long> appends = new ArrayList<>();
        do {
            List<LedgerEntry> batch = entries(LIVE_BATCH);
            long begin = System.nanoTime();
            ledger.record(batch);
            appends.add(System.nanoTime() - begin);
            Thread.sleep(LIVE_PAUSE.toMillis());
        } while (!isOver.getAsBoolean());
        return appends;
    }

    private double appends(String when, List<Long> nanos) {
        double longest = nanos.stream().mapToLong(Long::longValue).max().orElse(0) / MILLION;
        row("append " + LIVE_BATCH + " entries " + when, nanos).put("longestMillis", longest);
        return longest;
    }

    private List<LedgerEntry> entries(int count) {
        List<LedgerEntry> batch = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            batch.add(entry(made++));
        }
        return batch;
    }

    private LedgerEntry entry(int number) {
        long offset = SPAN.toNanos() / entries * (number + 1);
        int model = random.nextInt(MODELS);
        ModelId id = model(model);
        boolean isFailed = random.nextInt(50) == 0;
        Attribution attribution = Attribution.of(new ProjectId("project-" + random.nextInt(PROJECTS)))
                .withUser(
                        random.nextInt(AGENTS) == 0
                                ? Attribution.AGENT + random.nextInt(AGENTS)
                                : "user-" + random.nextInt(USERS));
        Cost cost = isFailed ? Cost.NOT_BILLED : Cost.priced(new Money(1 + random.nextInt(1_000_000_000)));
        // As the router makes them: of a request that needs one call, both have one id.
        String callId =
                HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong());
        return new LedgerEntry(
                callId,
                new CallOrigin(
                        callId, Optional.empty(), 0, attribution, Optional.of("task-type-" + random.nextInt(TYPES))),
                new CallRoute(Complexity.values()[random.nextInt(Complexity.values().length)], 0, id, id),
                new CallTiming(end.minus(SPAN).plusNanos(offset), Duration.ofMillis((long)
                        Math.exp(random.nextGaussian() + 7))),
                isFailed ? CallOutcome.FAILED : CallOutcome.ANSWERED,
                isFailed ? Optional.of(FailureKind.OVERLOADED) : Optional.empty(),
                new Metering(
                        isFailed ? TokenUsage.UNKNOWN : TokenUsage.of(random.nextInt(5_000), random.nextInt(1_000)),
                        UsageSource.REPORTED),
                new CallCharge(cost, Optional.empty(), cost, "2026-11-22"),
                isFailed ? Optional.empty() : Optional.of(StopReason.COMPLETE));
    }

    private ReportPeriod.Between period() {
        Instant one = random();
        Instant other = random();
        return one.isBefore(other) ? between(one, other) : between(other, one);
    }

    private Instant random() {
        return end.minusNanos((long) (random.nextDouble() * SPAN.toNanos()));
    }

    private static ReportPeriod.Between between(Instant from, Instant to) {
        return new ReportPeriod.Between(from, to);
    }

    private void time(String operation, Runnable report) {
        time(operation, repeats, report);
    }

    private void once(String operation, Runnable report) {
        time(operation, 1, report);
    }

    private void time(String operation, int times, Runnable report) {
        List<Long> nanos = new ArrayList<>();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < times; i++) {
            long begin = System.nanoTime();
            report.run();
            nanos.add(System.nanoTime() - begin);
        }
        // Of this thread, in which SQLite works as well: what it takes when nothing else runs.
        double cpu = (threads.getCurrentThreadCpuTime() - before) / MILLION / times;
        row(operation, nanos).put("cpuMillis", cpu);
        System.out.printf(Locale.ROOT, "%-36s cpu %8.2f ms%n", "", cpu);
    }

    private Map<String, Object> row(String operation, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("operation", operation);
        row.put("p50Millis", at(sorted, 50));
        row.put("p95Millis", at(sorted, 95));
        rows.add(row);
        System.out.printf(Locale.ROOT, "%-36s p50 %8.2f ms, p95 %8.2f ms%n", operation, at(sorted, 50), at(sorted, 95));
        return row;
    }

    private static double at(List<Long> sorted, int percent) {
        return sorted.get((sorted.size() * percent + 99) / 100 - 1) / MILLION;
    }
}
