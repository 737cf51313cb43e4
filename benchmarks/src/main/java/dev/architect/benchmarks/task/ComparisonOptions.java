package dev.architect.benchmarks.task;

import dev.architect.benchmarks.InvalidOptionException;
import java.nio.file.Path;
import java.util.List;

/**
 * Options of the side-by-side run.
 *
 * @param tasks how many tasks each engine gets in each round, once in bulk and once one by one
 * @param rounds how many rounds are counted; one more is run before, and not counted
 * @param directory where the databases go; must be on a real disk
 */
record ComparisonOptions(int tasks, int rounds, Path directory) {

    static final String USAGE =
            "expected --tasks N (default 20000), --rounds N (default 5), --dir DIRECTORY, --json FILE";

    /** So few only show that a run works: its figures mean nothing. */
    private static final int MIN_TASKS = 100;

    private static final int DEFAULT_TASKS = 20_000;
    private static final int DEFAULT_ROUNDS = 5;

    ComparisonOptions {
        if (tasks < MIN_TASKS) {
            throw new InvalidOptionException("--tasks is " + tasks + ", expected at least " + MIN_TASKS);
        }
        if (rounds < 1) {
            throw new InvalidOptionException("--rounds is " + rounds + ", expected at least 1");
        }
    }

    static ComparisonOptions parse(List<String> arguments) {
        int tasks = DEFAULT_TASKS;
        int rounds = DEFAULT_ROUNDS;
        Path directory = Path.of("benchmarks", "target");
        for (int i = 0; i < arguments.size(); i += 2) {
            String option = arguments.get(i);
            if (i + 1 == arguments.size()) {
                throw new InvalidOptionException(option + " has no value; " + USAGE);
            }
            String value = arguments.get(i + 1);
            switch (option) {
                case "--tasks" -> tasks = number(option, value);
                case "--rounds" -> rounds = number(option, value);
                case "--dir" -> directory = Path.of(value);
                default -> throw new InvalidOptionException(option + " is unknown; " + USAGE);
            }
        }
        return new ComparisonOptions(tasks, rounds, directory);
    }

    private static int number(String option, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException invalid) {
            throw new InvalidOptionException(option + " is '" + value + "', expected a whole number");
        }
    }
}
