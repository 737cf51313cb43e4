package dev.architect.benchmarks.task;

import dev.architect.benchmarks.Options;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Options of the side-by-side run.
 *
 * @param store the kind of database; only {@code sqlite} so far
 * @param tasks how many tasks each engine performs in each round
 * @param rounds how many rounds are counted; a smaller one is run before, and not counted
 * @param backlog how many ready tasks wait behind those of the case {@code backlog}; 0 leaves the case out
 * @param stuck how many tasks wait for permits beside those of the case {@code stuck}; 0 leaves the case out
 * @param directory where the databases go; must be on a real disk
 */
record ComparisonOptions(String store, int tasks, int rounds, int backlog, int stuck, Path directory) {

    /** So few only show that a run works: its figures mean nothing. */
    private static final int MIN_TASKS = 100;

    static ComparisonOptions parse(List<String> arguments) {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("store", "sqlite");
        defaults.put("tasks", "20000");
        defaults.put("rounds", "5");
        defaults.put("backlog", "1000000");
        defaults.put("stuck", "100000");
        defaults.put("dir", Path.of("benchmarks", "target").toString());
        Options options = Options.parse(arguments, defaults);
        return new ComparisonOptions(
                options.oneOf("store", "sqlite"),
                options.number("tasks", MIN_TASKS),
                options.number("rounds", 1),
                options.number("backlog", 0),
                options.number("stuck", 0),
                Path.of(options.text("dir")));
    }
}
