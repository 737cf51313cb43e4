package dev.architect.benchmarks.gateway;

import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The model gateway of the server beside another gateway, each as a process of its own in front of one upstream that answers at once. Each
 * side is checked, measured cold, warmed up at the load, and measured in turns; a ratio is formed of two figures of the same round.
 */
public final class GatewayComparison {

    private static final Map<String, String> DEFAULTS = defaults();

    private static final Duration BUILD_PATIENCE = Duration.ofMinutes(15);
    private static final Duration START_PATIENCE = Duration.ofMinutes(1);
    private static final int COLD_CONNECTIONS = 10;

    private final Options options;
    private final List<GatewayUnderTest> sides;
    private final FakeUpstream upstream;
    private final GatewayTable table = new GatewayTable();

    private GatewayComparison(Options options, List<GatewayUnderTest> sides, FakeUpstream upstream) {
        this.options = options;
        this.sides = sides;
        this.upstream = upstream;
    }

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("rounds", "3");
        defaults.put("seconds", "10");
        defaults.put("warm-up", "60");
        defaults.put("cold-seconds", "30");
        defaults.put("starts", "3");
        defaults.put("connections", "10,64");
        defaults.put("peer", GatewaySides.PORTKEY);
        defaults.put("launcher", "gaia");
        defaults.put("dir", "target/gateway");
        return defaults;
    }

    /** Runs with the options of {@link #measure} and {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(GatewayComparison::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Options options = Options.parse(arguments, DEFAULTS);
        boolean wantsPeer = options.oneOf("peer", GatewaySides.PORTKEY, "none").equals(GatewaySides.PORTKEY);
        check(options);
        Path directory = Path.of(options.text("dir")).toAbsolutePath().resolve("gateway");
        Files.createDirectories(directory);
        Map<String, Object> machine = HostInfo.facts();
        try (FakeUpstream upstream = new FakeUpstream(GatewaySides.MODEL)) {
            List<GatewayUnderTest> sides = new ArrayList<>();
            sides.add(GatewaySides.architect(Path.of(options.text("launcher")), upstream.address(), directory));
            if (wantsPeer) {
                Optional<String> missing = GatewaySides.installPortkey(directory);
                missing.ifPresentOrElse(
                        why -> System.out.println("The peer is not measured: " + why + ". There are no ratios."),
                        () -> sides.add(GatewaySides.portkey(upstream.address(), directory)));
            }
            GatewayComparison comparison = new GatewayComparison(options, sides, upstream);
            comparison.run();
            return comparison.report(machine);
        }
    }

    /** Before anything is built or started. */
    private static void check(Options options) {
        options.number("rounds", 1);
        options.number("seconds", 1);
        options.number("warm-up", 0);
        options.number("cold-seconds", 0);
        options.number("starts", 0);
        connections(options);
    }

    private void run() throws IOException, InterruptedException {
        List<Integer> connections = connections(options);
        prepare();
        Map<GatewayUnderTest, GatewayProcess> running = new LinkedHashMap<>();
        try {
            for (GatewayUnderTest side : sides) {
                running.put(side, cold(side));
            }
            for (int count : connections) {
                for (boolean streamed : List.of(false, true)) {
                    warm(running, count, streamed);
                }
            }
        } finally {
            running.values().forEach(GatewayProcess::close);
        }
        table.print();
    }

    private static List<Integer> connections(Options options) {
        List<Integer> all = new ArrayList<>();
        for (String part : options.text("connections").split(",", -1)) {
            all.add(Options.parse(List.of("--connections", part.strip()), Map.of("connections", "1"))
                    .number("connections", 1));
        }
        return all;
    }

    /** What is built on the first use, such as an archive of classes, is there before anything is timed. Both forms of answer are checked. */
    private void prepare() throws IOException, InterruptedException {
        for (GatewayUnderTest side : sides) {
            try (GatewayProcess process = GatewayProcess.start(side, BUILD_PATIENCE)) {
                process.load(false).checkOnce();
                process.load(true).checkOnce();
            }
        }
    }

    /** Returns the last process of the side, which goes on. */
    private GatewayProcess cold(GatewayUnderTest side) throws IOException, InterruptedException {
        int starts = options.number("starts", 0);
        if (starts > 0) {
            table.addStart("start", side, starts(side, starts));
            if (side.name().equals(GatewaySides.ARCHITECT)) {
                table.addStart("startWithoutArchive", side, starts(withoutArchive(side), starts));
            }
        }
        Duration time = Duration.ofSeconds(options.number("cold-seconds", 0));
        if (time.isZero()) {
            return GatewayProcess.start(side, START_PATIENCE);
        }
        try (GatewayProcess process = GatewayProcess.start(side, START_PATIENCE)) {
            table.addRound("cold/stream", side, round(process, COLD_CONNECTIONS, true, time));
        }
        GatewayProcess process = GatewayProcess.start(side, START_PATIENCE);
        table.addRound("cold/plain", side, round(process, COLD_CONNECTIONS, false, time));
        return process;
    }

    private static List<Duration> starts(GatewayUnderTest side, int count) throws IOException, InterruptedException {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try (GatewayProcess process = GatewayProcess.start(side, START_PATIENCE)) {
                times.add(process.untilFirstAnswer());
            }
        }
        return times;
    }

    /** The options of a user come after those of the launcher, and so win: only the classes of the JDK itself are in an archive then. */
    private static GatewayUnderTest withoutArchive(GatewayUnderTest side) {
        String own = Optional.ofNullable(System.getenv("GAIA_JAVA_OPTIONS")).orElse("");
        Path standard = Path.of(System.getProperty("java.home", ""), "lib", "server", "classes.jsa");
        return side.with(
                "GAIA_JAVA_OPTIONS",
                (own + (Files.isReadable(standard) ? " -XX:SharedArchiveFile=" + standard : " -Xshare:off")).strip());
    }

    private void warm(Map<GatewayUnderTest, GatewayProcess> running, int connections, boolean streamed)
            throws IOException, InterruptedException {
        Duration warmUp = Duration.ofSeconds(options.number("warm-up", 0));
        Duration time = Duration.ofSeconds(options.number("seconds", 1));
        String name = (streamed ? "stream/" : "plain/") + connections;
        if (!warmUp.isZero()) {
            for (GatewayProcess process : running.values()) {
                process.load(streamed).run(connections, warmUp);
            }
        }
        for (int round = 0; round < options.number("rounds", 1); round++) {
            for (Map.Entry<GatewayUnderTest, GatewayProcess> side : running.entrySet()) {
                table.addRound(name, side.getKey(), round(side.getValue(), connections, streamed, time));
            }
        }
        // What the load itself could do, so that a reader sees whether it was the limit.
        GatewayLoad direct = new GatewayLoad(upstream.address().getPort(), GatewaySides.MODEL, Map.of(), streamed);
        table.addDirect(name, direct.run(connections, time));
    }

    private static GatewayRound round(GatewayProcess process, int connections, boolean streamed, Duration time)
            throws IOException, InterruptedException {
        Duration before = process.cpuTime();
        LoadFigures figures = process.load(streamed).run(connections, time);
        return new GatewayRound(figures, process.cpuTime().minus(before), process.residentMib());
    }

    private MeasurementReport report(Map<String, Object> machine) {
        Map<String, Object> inForce = new LinkedHashMap<>();
        DEFAULTS.keySet().stream()
                .filter(name -> !name.equals("dir") && !name.equals("launcher"))
                .forEach(name -> inForce.put(name, options.text(name)));
        sides.forEach(side -> inForce.put(side.name(), side.version()));
        return new MeasurementReport("gateway", machine, inForce, table.rows(), table.ratios());
    }
}
