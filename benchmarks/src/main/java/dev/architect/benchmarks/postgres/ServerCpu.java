package dev.architect.benchmarks.postgres;

import dev.architect.benchmarks.postgres.engine.BenchmarkDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The processor time that the processes of a server on this machine have used, on Linux: unlike a rate, it hardly depends on what else the
 * machine does. Nothing where the server is elsewhere.
 */
final class ServerCpu {

    private static final Path PROCESSES = Path.of("/proc");
    private static final String PROGRAM = "(postgres)";

    /** The kernel's unit of these figures, {@code USER_HZ}, which is 100 on every platform of today. */
    private static final long MICROS_PER_TICK = 10_000;

    // The fields after the name of the program, see proc_pid_stat(5).
    private static final int PARENT = 1;
    private static final int FIRST_TIME = 11;
    private static final int OWN_TIMES = 2;
    private static final int ALL_TIMES = 4;

    private final OptionalLong server;

    private ServerCpu(OptionalLong server) {
        this.server = server;
    }

    /** Looks for the server behind a connection. */
    static ServerCpu of(Statement statement) throws SQLException {
        long backend = BenchmarkDatabase.number(statement, "SELECT pg_backend_pid()");
        return new ServerCpu(fields(backend).map(each -> Long.parseLong(each[PARENT])).stream()
                .mapToLong(Long::longValue)
                .findFirst());
    }

    /** Returns what was used so far, in microseconds: of the processes that run, and of those that have ended. */
    OptionalLong micros() {
        if (server.isEmpty()) {
            return OptionalLong.empty();
        }
        long main = server.getAsLong();
        long ticks = fields(main).map(each -> ticks(each, ALL_TIMES)).orElse(0L);
        try (Stream<Path> processes = Files.list(PROCESSES)) {
            ticks += processes
                    .map(each -> each.getFileName().toString())
                    .filter(name -> Character.isDigit(name.charAt(0)))
                    .flatMap(name -> fields(Long.parseLong(name)).stream())
                    .filter(each -> Long.parseLong(each[PARENT]) == main)
                    .mapToLong(each -> ticks(each, OWN_TIMES))
                    .sum();
        } catch (IOException unreadable) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(ticks * MICROS_PER_TICK);
    }

    private static long ticks(String[] fields, int times) {
        long ticks = 0;
        for (int i = FIRST_TIME; i < FIRST_TIME + times; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks;
    }

    /** The fields of a process of PostgreSQL, or nothing when it is none. */
    private static Optional<String[]> fields(long process) {
        try {
            String line = Files.readString(PROCESSES.resolve(process + "/stat"));
            int name = line.indexOf(PROGRAM);
            return name < 0
                    ? Optional.empty()
                    : Optional.of(line.substring(name + PROGRAM.length() + 1).split(" "));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }
}
