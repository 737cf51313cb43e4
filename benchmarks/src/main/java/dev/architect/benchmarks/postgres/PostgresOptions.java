package dev.architect.benchmarks.postgres;

import dev.architect.benchmarks.InvalidOptionException;
import dev.architect.benchmarks.Options;
import dev.architect.benchmarks.postgres.engine.PostgresEngines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Options of the side-by-side run on PostgreSQL.
 *
 * @param server the address of a server that runs; empty starts one
 * @param version which PostgreSQL is started, 15 or 18
 * @param engines the engines that take part
 * @param cases what is measured
 * @param sizes how much of it
 * @param directory where graphile-worker is installed and the lines of the runs go
 */
record PostgresOptions(
        Optional<String> server,
        int version,
        List<String> engines,
        List<BenchmarkCase> cases,
        Sizes sizes,
        Path directory) {

    private static final String ALL = "all";
    private static final int SAMPLES_PER_SECOND = 20;

    /**
     * How much is measured.
     *
     * @param rounds how many rounds are counted; a short one goes before, whose rates only say how many tasks fill a window
     * @param seconds how long a window is
     * @param tasks how many tasks are performed at most, and how many in the case {@code soak}; 0 as many as fill the window
     * @param backlog how many ready tasks wait in the case {@code backlog}
     * @param stuck how many tasks wait for permits in the case {@code stuck}
     * @param snapshotSeconds how long the snapshot is held
     * @param processes how many processes perform in the case {@code processes}
     * @param payloadBytes what a task carries
     */
    record Sizes(
            int rounds,
            int seconds,
            long tasks,
            int backlog,
            int stuck,
            int snapshotSeconds,
            int processes,
            int payloadBytes) {

        int samples() {
            return SAMPLES_PER_SECOND * seconds;
        }
    }

    static PostgresOptions parse(List<String> arguments) {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("store", "postgres");
        defaults.put("server", "");
        defaults.put("version", "15");
        defaults.put("peers", ALL);
        defaults.put("cases", ALL);
        defaults.put("rounds", "5");
        defaults.put("seconds", "10");
        defaults.put("tasks", "0");
        defaults.put("backlog", "1000000");
        defaults.put("stuck", "100000");
        defaults.put("snapshot-seconds", "60");
        defaults.put("processes", "4");
        defaults.put("payload-bytes", "2");
        defaults.put("dir", Path.of("benchmarks", "target").toString());
        Options options = Options.parse(arguments, defaults);
        options.oneOf("store", "postgres");
        String server = options.text("server");
        return new PostgresOptions(
                server.isEmpty() ? Optional.empty() : Optional.of(server),
                Integer.parseInt(options.oneOf("version", "15", "18")),
                engines(options.text("peers")),
                cases(options.text("cases")),
                new Sizes(
                        options.number("rounds", 1),
                        options.number("seconds", 1),
                        options.number("tasks", 0),
                        options.number("backlog", 1_000),
                        options.number("stuck", 1_000),
                        options.number("snapshot-seconds", 1),
                        options.number("processes", 2),
                        options.number("payload-bytes", 2)),
                Path.of(options.text("dir")));
    }

    /** Ours in both ways, and the peers that are named; {@code none} measures ours alone. */
    private static List<String> engines(String peers) {
        List<String> engines = new ArrayList<>(PostgresEngines.ours());
        if (peers.equals(ALL)) {
            engines.addAll(PostgresEngines.peers());
        } else if (!peers.equals("none")) {
            for (String peer : peers.split(",")) {
                if (!PostgresEngines.peers().contains(peer)) {
                    throw new InvalidOptionException("--peers names '" + peer + "', expected all, none or of "
                            + String.join(", ", PostgresEngines.peers()));
                }
                engines.add(peer);
            }
        }
        return engines;
    }

    /** All but the soak, which takes long. */
    private static List<BenchmarkCase> cases(String words) {
        Stream<BenchmarkCase> cases = words.equals(ALL)
                ? Stream.of(BenchmarkCase.values()).filter(each -> each != BenchmarkCase.SOAK)
                : Stream.of(words.split(",")).map(BenchmarkCase::of);
        return cases.toList();
    }

    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("store", "postgres");
        facts.put("server", server.isPresent() ? "given" : "fresh cluster");
        facts.put("engines", engines);
        facts.put("cases", cases.stream().map(BenchmarkCase::word).toList());
        facts.put("rounds", sizes.rounds());
        facts.put("seconds", sizes.seconds());
        facts.put("tasks", sizes.tasks());
        facts.put("backlog", sizes.backlog());
        facts.put("stuck", sizes.stuck());
        facts.put("snapshotSeconds", sizes.snapshotSeconds());
        facts.put("processes", sizes.processes());
        facts.put("payloadBytes", sizes.payloadBytes());
        return facts;
    }
}
