package dev.architect.benchmarks.failover;

import dev.architect.Architect;
import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.failover.server.FaultProfile;
import dev.architect.benchmarks.failover.subject.SubjectKind;
import dev.architect.benchmarks.failover.subject.SubjectSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;

/** Runs clients through the sixteen scenarios and prints the scoreboard. */
public final class FailoverSuite {

    /** So many runs are reported at once. */
    private static final int PROGRESS = 500;

    private record Planned(
            SubjectKind subject,
            String dialect,
            SubjectSettings settings,
            FailoverScenario scenario,
            List<FutureTask<RunRecord>> runs) {}

    private FailoverSuite() {}

    /**
     * Runs with {@code --profile fast|full}, {@code --runs N}, {@code --subjects LIST}, {@code --dialects LIST},
     * {@code --scenarios LIST}, {@code --settings LIST}, {@code --parallel N}, {@code --json FILE}.
     */
    public static void main(String... arguments) throws Exception {
        Measurement.main(FailoverSuite::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        FailoverOptions options = FailoverOptions.parse(arguments);
        Map<String, Object> machine = HostInfo.facts();
        List<ScenarioResult> results = run(options);
        Map<String, Object> scores = Scoreboard.print(results);
        Map<String, Object> facts = new LinkedHashMap<>(options.asMap());
        facts.put("architect", HostInfo.version(Architect.class, "dev.architect", "architect-core"));
        return new MeasurementReport(
                "failover",
                machine,
                facts,
                results.stream().map(ScenarioResult::row).toList(),
                scores);
    }

    static List<ScenarioResult> run(FailoverOptions options) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(options.parallel());
        try {
            warmUp(pool, options);
            List<Planned> planned = plan(options);
            submit(pool, planned);
            List<ScenarioResult> results = new ArrayList<>();
            for (Planned each : planned) {
                List<RunRecord> runs = new ArrayList<>();
                for (FutureTask<RunRecord> run : each.runs()) {
                    runs.add(run.get());
                }
                ScenarioResult result = new ScenarioResult(
                        each.subject(), each.dialect(), each.scenario(), each.settings(), options.profile(), runs);
                results.add(result);
                System.out.printf(
                        "%-24s %-17s %-10s %s %-8s %6s ms  target %-7s%s%n",
                        each.subject().name(),
                        each.dialect(),
                        each.settings().label(),
                        each.scenario(),
                        result.verdict().label(),
                        result.row().get("millis"),
                        result.row().get("target"),
                        result.reasons().isEmpty() ? "" : " " + result.reasons().get(0));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    /** One run of each client that is not counted: the first call of a process loads classes for a second or more. */
    private static void warmUp(ExecutorService pool, FailoverOptions options)
            throws InterruptedException, ExecutionException {
        List<Future<RunRecord>> runs = new ArrayList<>();
        for (SubjectKind subject : options.subjects()) {
            options.dialects().stream()
                    .filter(subject.dialects()::contains)
                    .forEach(dialect -> runs.add(pool.submit(() -> ScenarioRunner.run(
                            subject, dialect, FailoverScenario.S05, SubjectSettings.COMPARABLE, FaultProfile.FAST))));
        }
        for (Future<RunRecord> run : runs) {
            run.get();
        }
    }

    private static List<Planned> plan(FailoverOptions options) {
        List<Planned> planned = new ArrayList<>();
        for (SubjectSettings settings : options.settings()) {
            for (SubjectKind subject : options.subjects()) {
                for (String dialect : options.dialects()) {
                    if (subject.dialects().contains(dialect)) {
                        options.scenarios().stream()
                                .filter(scenario -> scenario.isFor(subject))
                                .forEach(scenario -> planned.add(plan(options, settings, subject, dialect, scenario)));
                    }
                }
            }
        }
        return planned;
    }

    private static Planned plan(
            FailoverOptions options,
            SubjectSettings settings,
            SubjectKind subject,
            String dialect,
            FailoverScenario scenario) {
        List<FutureTask<RunRecord>> runs = new ArrayList<>();
        for (int run = 0; run < options.runs(); run++) {
            runs.add(new FutureTask<>(
                    () -> ScenarioRunner.run(subject, dialect, scenario, settings, options.profile())));
        }
        return new Planned(subject, dialect, settings, scenario, runs);
    }

    /** The scenarios that may take longest first, so that they do not end long after the others. */
    private static void submit(ExecutorService pool, List<Planned> planned) {
        List<Planned> longestFirst = new ArrayList<>(planned);
        longestFirst.sort(
                Comparator.comparingLong((Planned each) -> each.scenario().maxMillis())
                        .reversed());
        long total = planned.stream().mapToLong(each -> each.runs().size()).sum();
        AtomicLong ended = new AtomicLong();
        for (Planned each : longestFirst) {
            for (FutureTask<RunRecord> run : each.runs()) {
                pool.execute(() -> {
                    run.run();
                    if (ended.incrementAndGet() % PROGRESS == 0) {
                        System.out.printf("%d of %d runs%n", ended.get(), total);
                    }
                });
            }
        }
    }
}
