package dev.architect.benchmarks.task;

import java.nio.file.Path;

/**
 * Options of the side-by-side run.
 *
 * @param tasks how many tasks each engine gets in each round, once in bulk and once one by one
 * @param rounds how many rounds are counted; one more is run before, and not counted
 * @param directory where the databases go; must be on a real disk
 */
record ComparisonOptions(int tasks, int rounds, Path directory) {

    static final String USAGE = "options: --tasks N (default 20000), --rounds N (default 5), --dir DIRECTORY";

    private static final int DEFAULT_TASKS = 20_000;
    private static final int DEFAULT_ROUNDS = 5;

    ComparisonOptions {
        if (tasks < 1_000) {
            throw new IllegalArgumentException("--tasks is " + tasks + ", expected at least 1000");
        }
        if (rounds < 1) {
            throw new IllegalArgumentException("--rounds is " + rounds + ", expected at least 1");
        }
    }

    static ComparisonOptions parse(String... arguments) {
        int tasks = DEFAULT_TASKS;
        int rounds = DEFAULT_ROUNDS;
        Path directory = Path.of("benchmarks", "target");
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " has no value; " + USAGE);
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--tasks" -> tasks = Integer.parseInt(value);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--dir" -> directory = Path.of(value);
                default -> throw new IllegalArgumentException(arguments[i] + " is unknown; " + USAGE);
            }
        }
        return new ComparisonOptions(tasks, rounds, directory);
    }
}
