package dev.architect.benchmarks.task;

import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Quantiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Task engines side by side on SQLite.
 *
 * <p>Rounds are interleaved (A B A B), so that whatever else the machine does meets both alike, and a ratio is formed inside
 * a round. One smaller round before the first warms up and is not counted.
 */
public final class TaskEngineComparison {

    /** The most tasks of the round that only warms up. */
    private static final int MAX_WARM_UP_TASKS = 20_000;

    private static final Map<String, Function<EngineRun, Window>> CASES = new LinkedHashMap<>();

    static {
        CASES.put("drain", EngineRun::drain);
        CASES.put("bulk", EngineRun::bulk);
        CASES.put("single", EngineRun::single);
        CASES.put("singleOneThread", EngineRun::singleOneThread);
    }

    /** Both engines in one round, and the own one with a backlog, and beside stuck tasks and without them; of cases left out nothing. */
    private record Round(EngineRun ours, EngineRun theirs, Window backlog, Window stuck, Window notStuck) {

        double commitMicros() {
            return (ours.commitMicros() + theirs.commitMicros()) / 2;
        }
    }

    private TaskEngineComparison() {}

    /**
     * Runs with {@code --store sqlite}, {@code --tasks N}, {@code --rounds N}, {@code --backlog N}, {@code --stuck N}, {@code --dir
     * DIRECTORY}, {@code --json FILE}.
     */
    public static void main(String... arguments) throws Exception {
        Measurement.main(TaskEngineComparison::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        ComparisonOptions options = ComparisonOptions.parse(arguments);
        Files.createDirectories(options.directory());
        Map<String, Object> machine = HostInfo.factsWithDisk(options.directory());
        ArchitectEngine ours = new ArchitectEngine();
        Engine theirs = new DbSchedulerEngine();
        int warmUp = Math.min(options.tasks(), MAX_WARM_UP_TASKS);
        EngineRun.of(ours, warmUp, options.directory());
        EngineRun.of(theirs, warmUp, options.directory());
        Path backlogDirectory = Files.createTempDirectory(options.directory(), "backlog-");
        try {
            BacklogRun backlog = new BacklogRun(ours, options.tasks(), options.backlog(), backlogDirectory);
            StuckRun stuck = new StuckRun(ours, options.tasks(), options.stuck(), backlogDirectory);
            StuckRun notStuck = new StuckRun(ours, options.tasks(), 0, backlogDirectory);
            List<Round> rounds = new ArrayList<>();
            for (int round = 1; round <= options.rounds(); round++) {
                // The engines take turns, so that a slow phase of the machine meets both.
                EngineRun our = EngineRun.of(ours, options.tasks(), options.directory());
                EngineRun their = EngineRun.of(theirs, options.tasks(), options.directory());
                Window behind = options.backlog() == 0 ? new Window(0, 0) : backlog.run();
                Window beside = options.stuck() == 0 ? new Window(0, 0) : stuck.run();
                Window alone = options.stuck() == 0 ? new Window(0, 0) : notStuck.run();
                rounds.add(new Round(our, their, behind, beside, alone));
                System.out.printf("round %d of %d is measured%n", round, options.rounds());
            }
            return new MeasurementReport(
                    "tasks", machine, facts(options, ours, theirs), rows(rounds), compare(options, rounds));
        } finally {
            EngineRun.delete(backlogDirectory);
        }
    }

    private static List<Map<String, Object>> rows(List<Round> rounds) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Round round : rounds) {
            int number = rows.size() / 2 + 1;
            Map<String, Object> our = row(round.ours(), number);
            our.put("backlogPerSecond", Math.round(round.backlog().perSecond()));
            our.put("backlogWindowSeconds", tenths(round.backlog().seconds()));
            our.put("stuckPerSecond", Math.round(round.stuck().perSecond()));
            our.put("stuckWindowSeconds", tenths(round.stuck().seconds()));
            our.put("notStuckPerSecond", Math.round(round.notStuck().perSecond()));
            our.put("notStuckWindowSeconds", tenths(round.notStuck().seconds()));
            rows.add(our);
            rows.add(row(round.theirs(), number));
        }
        return rows;
    }

    private static Map<String, Object> row(EngineRun run, int round) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("engine", run.engine().name());
        row.put("round", round);
        CASES.forEach((name, window) -> {
            row.put(name + "PerSecond", Math.round(window.apply(run).perSecond()));
            row.put(name + "WindowSeconds", tenths(window.apply(run).seconds()));
        });
        row.put("duplicates", run.duplicates());
        row.put("commitMicrosMedian", Math.round(run.commitMicros()));
        return row;
    }

    private static double tenths(double seconds) {
        return Math.round(seconds * 10) / 10.0;
    }

    private static Map<String, Object> facts(ComparisonOptions options, Engine... engines) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("store", options.store());
        facts.put("tasks", options.tasks());
        facts.put("rounds", options.rounds());
        facts.put("backlog", options.backlog());
        facts.put("stuck", options.stuck());
        facts.put("stuckKeys", StuckRun.KEYS);
        facts.put("directory", options.directory().toString());
        facts.put("synchronous", "FULL");
        facts.put("batchTasks", EngineRun.BATCH);
        facts.put("submitThreads", EngineRun.THREADS);
        facts.put("sqliteJdbc", HostInfo.version(org.sqlite.JDBC.class, "org.xerial", "sqlite-jdbc"));
        for (Engine engine : engines) {
            facts.put(engine.name(), Map.of("version", engine.version(), "settings", engine.settings()));
        }
        return facts;
    }

    /** Prints the table and returns the ratios. */
    private static Map<String, Object> compare(ComparisonOptions options, List<Round> rounds) {
        Map<String, Object> ratios = new LinkedHashMap<>();
        Quantiles commit =
                Quantiles.of(rounds.stream().mapToDouble(Round::commitMicros).toArray());
        System.out.printf(
                "%na second, median (min–max) of %d rounds; duplicates: architect %d, db-scheduler %d%n",
                rounds.size(), duplicates(rounds, Round::ours), duplicates(rounds, Round::theirs));
        line("", "architect", "db-scheduler", "ratio inside a round", "commit of the disk, µs");
        CASES.forEach((name, window) -> {
            ToDoubleFunction<Round> our = round -> window.apply(round.ours()).perSecond();
            ToDoubleFunction<Round> their =
                    round -> window.apply(round.theirs()).perSecond();
            ratios.put(name, compare(name, rounds, our, their, commit));
        });
        if (options.backlog() > 0) {
            line("", "with the backlog", "on the empty queue", "", "");
            ToDoubleFunction<Round> empty = round -> round.ours().drain().perSecond();
            ratios.put(
                    "backlog",
                    compare("backlog", rounds, round -> round.backlog().perSecond(), empty, commit));
        }
        if (options.stuck() > 0) {
            line("", "beside stuck tasks", "without them", "", "");
            ratios.put(
                    "stuck",
                    compare(
                            "stuck",
                            rounds,
                            round -> round.stuck().perSecond(),
                            round -> round.notStuck().perSecond(),
                            commit));
        }
        return ratios;
    }

    private static long duplicates(List<Round> rounds, Function<Round, EngineRun> side) {
        return rounds.stream()
                .mapToLong(round -> side.apply(round).duplicates())
                .sum();
    }

    private static Map<String, Object> compare(
            String name,
            List<Round> rounds,
            ToDoubleFunction<Round> one,
            ToDoubleFunction<Round> other,
            Quantiles commit) {
        // Inside a round both met the same state of the machine, so this ratio spreads less than the figures.
        Quantiles ratio = quantiles(rounds, round -> one.applyAsDouble(round) / other.applyAsDouble(round));
        line(
                name,
                quantiles(rounds, one).format(0),
                quantiles(rounds, other).format(0),
                ratio.format(2),
                commit.format(0));
        Map<String, Object> figures = new LinkedHashMap<>(ratio.asMap());
        figures.put("commitMicrosMedian", Math.round(commit.median()));
        return figures;
    }

    private static Quantiles quantiles(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Quantiles.of(rounds.stream().mapToDouble(figure).toArray());
    }

    private static void line(String... columns) {
        System.out.printf("%-16s %-26s %-26s %-22s %s%n", (Object[]) columns);
    }
}
