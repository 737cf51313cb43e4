package dev.architect.benchmarks.postgres.engine;

import dev.architect.benchmarks.InvalidOptionException;
import dev.architect.spi.Worker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The engines that are compared. */
public final class PostgresEngines {

    /** Ours, with the slot of a task free after the commit of its end. */
    public static final String DURABLE = "durable";

    /** Ours, with the slot of a task free when its handler returns. */
    public static final String GROUPED = "grouped";

    private static final Map<String, PostgresEngine> ALL = new LinkedHashMap<>();

    static {
        add(new ArchitectOnPostgres(DURABLE, Worker.Acknowledgement.DURABLE));
        add(new ArchitectOnPostgres(GROUPED, Worker.Acknowledgement.GROUPED));
        add(new DbSchedulerOnPostgres());
        add(new JobRunrOnPostgres());
        add(new QuartzOnPostgres());
        add(new GraphileWorkerOnPostgres());
    }

    private PostgresEngines() {}

    private static void add(PostgresEngine engine) {
        ALL.put(engine.name(), engine);
    }

    /** Ours, in both ways of acknowledging. */
    public static List<String> ours() {
        return List.of(DURABLE, GROUPED);
    }

    /**
     * Returns ours of this name.
     *
     * @throws InvalidOptionException when there is none
     */
    public static ArchitectOnPostgres own(String name) {
        if (named(name) instanceof ArchitectOnPostgres own) {
            return own;
        }
        throw new InvalidOptionException(
                "'" + name + "' is no engine of ours, expected one of " + String.join(", ", ours()));
    }

    /** The names of the others. */
    public static List<String> peers() {
        return ALL.keySet().stream().filter(name -> !ours().contains(name)).toList();
    }

    /**
     * Returns the engine of this name.
     *
     * @throws InvalidOptionException when there is none
     */
    public static PostgresEngine named(String name) {
        PostgresEngine engine = ALL.get(name);
        if (engine == null) {
            throw new InvalidOptionException(
                    "'" + name + "' is no engine, expected one of " + String.join(", ", ALL.keySet()));
        }
        return engine;
    }
}
