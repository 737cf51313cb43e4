package dev.architect.benchmarks.postgres;

import dev.architect.benchmarks.postgres.engine.GraphileWorkerOnPostgres;
import dev.architect.benchmarks.postgres.engine.PostgresEngines;
import java.util.HashMap;
import java.util.Map;

/** How many tasks fill a window, by the most that each engine has performed a second in the rounds before. */
final class TaskEstimates {

    /** One tenth more than the window: that warms up. */
    private static final double WITH_WARM_UP = 1 / 0.9;

    private static final long LEAST = 100;

    /** The least: what was seen of a process that was still being compiled would leave later windows nearly empty. */
    private static final Map<String, Double> FIRST = Map.of(
            PostgresEngines.DURABLE,
            10_000.0,
            PostgresEngines.GROUPED,
            10_000.0,
            "db-scheduler",
            2_000.0,
            "jobrunr",
            500.0,
            "quartz",
            150.0,
            GraphileWorkerOnPostgres.NAME,
            10_000.0);

    private final Map<String, Double> perSecond = new HashMap<>(FIRST);

    long tasks(String engine, BenchmarkCase benchmarkCase, double seconds, long most) {
        double rate = perSecond.getOrDefault(key(engine, benchmarkCase), perSecond.getOrDefault(engine, 1_000.0));
        long tasks = Math.max(LEAST, (long) (rate * seconds * WITH_WARM_UP));
        return most == 0 ? tasks : Math.min(most, tasks);
    }

    void note(String engine, BenchmarkCase benchmarkCase, double rate) {
        if (benchmarkCase == BenchmarkCase.DRAIN) {
            perSecond.merge(engine, rate, Math::max);
        } else if (benchmarkCase.performs()) {
            perSecond.merge(key(engine, benchmarkCase), rate, Math::max);
        }
    }

    private static String key(String engine, BenchmarkCase benchmarkCase) {
        return engine + " " + benchmarkCase.word();
    }
}
