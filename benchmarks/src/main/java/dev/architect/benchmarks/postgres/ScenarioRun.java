package dev.architect.benchmarks.postgres;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.architect.benchmarks.Percentiles;
import dev.architect.benchmarks.postgres.engine.ArchitectOnPostgres;
import dev.architect.benchmarks.postgres.engine.BenchmarkDatabase;
import dev.architect.benchmarks.postgres.engine.Payload;
import dev.architect.benchmarks.postgres.engine.PostgresEngine;
import dev.architect.benchmarks.postgres.engine.PostgresEngines;
import dev.architect.benchmarks.postgres.engine.RunnerGroup;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongUnaryOperator;

/**
 * One scenario in this process. Its figures are one line of JSON on the output.
 *
 * <p>A task counts as performed when the database, read through a connection of the driver's own, shows nothing unfinished. The first
 * tenth of each run warms up and is not measured; pick-ups are measured once a whole window of tasks was performed.
 */
public final class ScenarioRun {

    /** What the line of figures begins with. */
    static final String FIGURES = "figures ";

    private static final int SUBMIT_THREADS = 16;
    /** How many limit keys the stuck tasks have: so many of them run. */
    static final int STUCK_KEYS = 100;

    private static final int WARM_UP_SHARE = 10;
    /** Of pick-ups, the part as many of which are measured before the warm-up. */
    private static final int COLD_SHARE = 4;

    private static final long POLL_MILLIS = 2;
    private static final long MAX_SECONDS = 3_600;
    private static final long PICK_UP_SECONDS = 60;

    private final PostgresEngine engine;
    private final Scenario scenario;
    private final BenchmarkDatabase database;
    private final Payload payload;
    private final Map<String, Object> figures = new LinkedHashMap<>();

    private ScenarioRun(Scenario scenario) {
        this.scenario = scenario;
        this.engine = PostgresEngines.named(scenario.engine());
        this.database = new BenchmarkDatabase(scenario.url());
        this.payload = new Payload(scenario.payloadBytes());
    }

    /** Runs with the options of a {@link Scenario}. */
    public static void main(String... arguments) throws Exception {
        ScenarioRun run = new ScenarioRun(Scenario.parse(List.of(arguments)));
        run.measure();
        System.out.println(FIGURES + new ObjectMapper().writeValueAsString(run.figures));
        System.out.flush();
        // What an engine left running must not keep the process.
        System.exit(0);
    }

    private void measure() throws Exception {
        try (Connection connection = database.connect()) {
            BenchmarkDatabase.requireDurable(connection);
        }
        if (scenario.benchmarkCase().equals(Scenario.FILL)) {
            engine.createTables(database);
            fill(scenario.tasks());
            return;
        }
        if (scenario.benchmarkCase().equals(Scenario.FILL_STUCK)) {
            PostgresEngines.own(engine.name()).submitStuck(database, scenario.tasks(), STUCK_KEYS);
            return;
        }
        BenchmarkCase benchmarkCase = BenchmarkCase.of(scenario.benchmarkCase());
        // The tables of a backlog and of stuck tasks are there already.
        if (benchmarkCase != BenchmarkCase.BACKLOG && benchmarkCase != BenchmarkCase.STUCK) {
            engine.createTables(database);
        }
        figures.put("commitMicrosMedian", Math.round(database.commitMicros()));
        switch (benchmarkCase) {
            case BULK -> submit(PostgresEngine.TaskSource::bulkFor);
            case SINGLE -> submit((source, millis) -> source.singleFor(1, millis));
            case SINGLE16 -> submit((source, millis) -> source.singleFor(SUBMIT_THREADS, millis));
            case DRAIN -> drain(false);
            case SNAPSHOT -> drain(true);
            case PROCESSES -> processes();
            case BACKLOG -> backlog();
            case STUCK -> stuck();
            case LOCAL -> local();
            case REMOTE -> remote();
            case SOAK -> figures.putAll(new Soak(engine, database, scenario.tasks()).run());
        }
    }

    private void fill(long tasks) throws SQLException {
        try (PostgresEngine.TaskSource source = engine.source(database, payload)) {
            source.bulk(tasks);
        }
        database.settle();
    }

    private interface TimedSubmit {
        long submit(PostgresEngine.TaskSource source, long millis);
    }

    private void submit(TimedSubmit submit) throws SQLException {
        long millis = TimeUnit.SECONDS.toMillis(scenario.seconds());
        try (PostgresEngine.TaskSource source = engine.source(database, payload);
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            submit.submit(source, millis / WARM_UP_SHARE);
            statement.execute("CHECKPOINT");
            Cost cost = new Cost(statement);
            long started = System.nanoTime();
            long tasks = submit.submit(source, millis);
            rate(tasks, started);
            cost.note(tasks);
        }
    }

    private void drain(boolean holdsSnapshot) throws Exception {
        fill(scenario.tasks());
        try (Connection other = database.connect();
                Statement snapshot = other.createStatement()) {
            if (holdsSnapshot) {
                snapshot.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
                // The first query takes the snapshot.
                BenchmarkDatabase.number(snapshot, engine.unfinishedQuery());
            }
            drain(engine.runner(database, payload), engine.unfinishedQuery());
        }
    }

    /** What waits for a permit has to go on doing so, or it would have been measured too. */
    private void stuck() throws Exception {
        ArchitectOnPostgres own = PostgresEngines.own(engine.name());
        fill(scenario.tasks());
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            long before = BenchmarkDatabase.number(statement, own.limitedQuery());
            drain(own.runnerBesideStuck(database), own.unfinishedWithoutKeyQuery());
            long after = BenchmarkDatabase.number(statement, own.limitedQuery());
            if (before == 0 || after != before) {
                throw new IllegalStateException(
                        before + " tasks waited for permits, and then " + after + ", expected as many and some");
            }
            figures.put("stuck", before);
        }
    }

    private void processes() throws Exception {
        fill(scenario.tasks());
        drain(
                new RunnerGroup(engine, database, scenario.processes(), Scenario.SMALL_HEAP_MIB),
                engine.unfinishedQuery());
    }

    /** Performs everything, and closes the runner: what was performed twice shows only then. */
    private void drain(PostgresEngine.TaskRunner runner, String unfinishedQuery) throws Exception {
        long tasks = scenario.tasks();
        try (runner;
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            if (BenchmarkDatabase.number(statement, unfinishedQuery) == 0) {
                throw new IllegalStateException(engine.name() + " has nothing to do, expected " + tasks + " tasks");
            }
            Cost cost = new Cost(statement);
            runner.start();
            awaitExecutions(runner, tasks / WARM_UP_SHARE);
            // Some of these are performed and not yet recorded: that they are is within the window.
            long warm = runner.executions();
            long started = System.nanoTime();
            awaitExecutions(runner, tasks);
            while (BenchmarkDatabase.number(statement, unfinishedQuery) != 0) {
                requireTimeLeft(runner, started);
                Thread.sleep(POLL_MILLIS);
            }
            rate(tasks - warm, started);
            cost.note(tasks);
        }
        figures.put("duplicates", runner.executions() - tasks);
    }

    /** What is performed within the time, while most of what is ready stays so. */
    private void backlog() throws Exception {
        database.settle();
        long before;
        long remaining;
        PostgresEngine.TaskRunner runner = engine.runner(database, payload);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            before = BenchmarkDatabase.number(statement, engine.remainingQuery());
            try (runner) {
                Cost cost = new Cost(statement);
                runner.start();
                awaitExecutions(runner, 1);
                long millis = TimeUnit.SECONDS.toMillis(scenario.seconds());
                Thread.sleep(millis / WARM_UP_SHARE);
                long warm = runner.executions();
                long started = System.nanoTime();
                Thread.sleep(millis);
                long tasks = runner.executions() - warm;
                rate(tasks, started);
                cost.note(tasks + warm);
            }
            remaining = BenchmarkDatabase.number(statement, engine.remainingQuery());
        }
        if (remaining == 0) {
            throw new IllegalStateException(engine.name() + " has performed all " + before
                    + " tasks of the backlog, expected most of them to stay ready");
        }
        figures.put("backlogAtStart", before);
        figures.put("backlogAtEnd", remaining);
        figures.put("duplicates", runner.executions() - (before - remaining));
    }

    private void local() throws InterruptedException {
        try (PostgresEngine.TaskRunner runner = engine.runner(database, payload)) {
            runner.start();
            pickUps(runner, runner::paced, runner::singleFor);
        }
    }

    private void remote() throws InterruptedException {
        try (PostgresEngine.TaskRunner runner = engine.runner(database, payload);
                PostgresEngine.TaskSource source = engine.sourceProcess(database, Scenario.SMALL_HEAP_MIB)) {
            runner.start();
            pickUps(runner, source::paced, millis -> source.singleFor(1, millis));
        }
    }

    /**
     * The first pick-ups of a process tell how fast its compiler is; those that are compared come after tasks of a whole window were submitted one
     * by one and performed.
     */
    private void pickUps(PostgresEngine.TaskRunner runner, IntConsumer paced, LongUnaryOperator singleFor)
            throws InterruptedException {
        int first = Math.max(1, scenario.samples() / COLD_SHARE);
        paced.accept(first);
        Percentiles cold = Percentiles.ofNanos(awaitPickUps(runner, first));
        long submitted = singleFor.applyAsLong(TimeUnit.SECONDS.toMillis(scenario.seconds()));
        awaitExecutions(runner, first + submitted);
        int all = first + scenario.samples();
        paced.accept(scenario.samples());
        figures.putAll(Percentiles.ofNanos(awaitPickUps(runner, all).subList(first, all))
                .asMap());
        cold.asMap()
                .forEach((name, figure) ->
                        figures.put("cold" + Character.toUpperCase(name.charAt(0)) + name.substring(1), figure));
        figures.put("warmUpTasks", submitted);
    }

    private List<Long> awaitPickUps(PostgresEngine.TaskRunner runner, int tasks) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PICK_UP_SECONDS);
        List<Long> times = runner.pickUps();
        while (times.size() < tasks) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        engine.name() + " picked up " + times.size() + " tasks, expected " + tasks);
            }
            Thread.sleep(POLL_MILLIS);
            times = runner.pickUps();
        }
        return times;
    }

    private void rate(long tasks, long started) {
        double seconds = (System.nanoTime() - started) / 1e9;
        figures.put("perSecond", tenths(tasks / seconds));
        figures.put("windowSeconds", tenths(seconds));
        figures.put("tasks", tasks);
    }

    /** What the tasks cost from here on, which depends less on what else the machine does than a rate. */
    private final class Cost {
        private final Statement statement;
        private final ServerCpu server;
        private final long walBytes;
        private final OptionalLong serverMicros;
        private final long ownNanos;

        Cost(Statement statement) throws SQLException {
            this.statement = statement;
            this.server = ServerCpu.of(statement);
            this.walBytes = BenchmarkDatabase.walBytes(statement);
            this.serverMicros = server.micros();
            this.ownNanos = ownNanos();
        }

        void note(long tasks) throws SQLException {
            long count = Math.max(1, tasks);
            figures.put("walBytesPerTask", (BenchmarkDatabase.walBytes(statement) - walBytes) / count);
            OptionalLong now = server.micros();
            if (serverMicros.isPresent() && now.isPresent()) {
                figures.put(
                        "serverCpuMicrosPerTask",
                        tenths((double) (now.getAsLong() - serverMicros.getAsLong()) / count));
            }
            // Of this process alone: what other processes of the engine used is not known here.
            figures.put("clientCpuMicrosPerTask", tenths((ownNanos() - ownNanos) / 1e3 / count));
        }

        private static long ownNanos() {
            return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                    ? system.getProcessCpuTime()
                    : 0;
        }
    }

    private static double tenths(double figure) {
        return Math.round(figure * 10) / 10.0;
    }

    private void awaitExecutions(PostgresEngine.TaskRunner runner, long executions) throws InterruptedException {
        long started = System.nanoTime();
        while (runner.executions() < executions) {
            requireTimeLeft(runner, started);
            Thread.sleep(1);
        }
    }

    private void requireTimeLeft(PostgresEngine.TaskRunner runner, long started) {
        if (System.nanoTime() - started > TimeUnit.SECONDS.toNanos(MAX_SECONDS)) {
            throw new IllegalStateException(engine.name() + " performed " + runner.executions() + " tasks in "
                    + MAX_SECONDS + " s, expected all");
        }
    }
}
