package dev.architect.cli.cluster;

import dev.architect.Architect;
import dev.architect.cli.launch.NoModels;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.StopSignal;
import dev.architect.cli.terminal.Terminal;
import dev.architect.factory.FactoryOptions;
import dev.architect.factory.StoreSettings;
import dev.architect.node.NodeRecord;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.RuntimeConfiguration;
import dev.architect.runtime.StoreConfiguration;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of the demo: starts a database and the nodes, keeps tasks coming, does to the nodes what the plan says, and counts at the end from the
 * database and from the journals of the nodes. Closing it ends every process and deletes every file. Used by one thread.
 */
final class ClusterDemo implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration RECLAIM_LIMIT = Duration.ofSeconds(45);
    private static final Duration END_LIMIT = Duration.ofMinutes(3);

    /** A pause and a cut last so much longer than the lease. */
    private static final Duration PAST_LEASE = Duration.ofSeconds(2);

    private static final Duration LONGEST_BASELINE = Duration.ofSeconds(20);
    private static final Duration DIP_WATCHED = Duration.ofSeconds(30);
    private static final Duration WINDOW = Duration.ofSeconds(5);

    private static final String OPERATOR = "operator.yaml";

    private final ClusterDemoPlan plan;
    private final Terminal terminal;
    private final StopSignal stop;
    private final TimeSource time = TimeSource.system();
    private final long start = time.nanoTime();
    private final JournalHistory history = new JournalHistory();
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<Struck> struck = new ArrayList<>();
    private final DemoFolder folder;
    private @Nullable DemoDatabase database;
    private @Nullable Architect architect;
    private @Nullable ClusterLoad load;
    private @Nullable Store store;
    private long loadEnd;
    private boolean keepsFiles;

    /** A node and what was done to it. Times are in microseconds since 1970. */
    private record Struck(
            ClusterFault fault, String node, List<JournalHistory.Begin> running, long at, long healedAt) {}

    /** A signal came before the demo was over. */
    static final class StoppedEarlyException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        StoppedEarlyException() {
            super("stopped before the end", null, false, false);
        }
    }

    ClusterDemo(ClusterDemoPlan plan, Terminal terminal, StopSignal stop) throws IOException {
        this.plan = plan;
        this.terminal = terminal;
        this.stop = stop;
        this.folder = DemoFolder.create();
    }

    ClusterDemoResult run() throws IOException, InterruptedException {
        startAll();
        ClusterLoad running = new ClusterLoad(plan, architect(), time);
        load = running;
        running.start();
        say(
                "%,d tasks at a time, each of %s to %s",
                plan.tasks(), seconds(plan.shortestWait()), seconds(plan.longestWait()));
        pass(plan.meanWait().plus(plan.calm()));
        for (int i = 0; i < plan.faults().size(); i++) {
            strike(plan.faults().get(i), i % nodes.size());
            pass(plan.calm());
        }
        running.stop();
        loadEnd = micros();
        say("No more tasks; waiting for those that run");
        await("every task ends", END_LIMIT, () -> running.unfinished() == 0);
        history.read();
        say("Counting");
        return result(running);
    }

    private void startAll() throws IOException, InterruptedException {
        say("Starting PostgreSQL; journals and logs are in %s", folder.path());
        DemoDatabase started = DemoDatabase.start();
        database = started;
        Path password = folder.write("password", started.password() + "\n");
        StoreConfiguration direct = new StoreConfiguration(
                new StoreSettings(started.url(), Optional.of(started.user()), FactoryOptions.NONE),
                Optional.empty(),
                Optional.of(password));
        // Makes the tables, so that the nodes need not wait for each other.
        architect = architect(direct);
        folder.write(OPERATOR, NodeConfigurationText.operator(started.url(), started.user(), password));
        for (int i = 0; i < plan.nodes(); i++) {
            String name = "node-" + (i + 1);
            Path configuration = folder.write(
                    name + ".yaml",
                    NodeConfigurationText.of(
                            plan, name, folder.path(), started.addNetwork(), started.user(), password));
            NodeProcess node = new NodeProcess(
                    name,
                    configuration,
                    folder.path().resolve(name + ".journal"),
                    folder.path().resolve(name + ".log"));
            nodes.add(node);
            history.add(name, node.journal());
            node.start();
        }
        say("Starting %d nodes on %s, transport %s", plan.nodes(), started.version(), plan.transport());
        for (NodeProcess node : nodes) {
            awaitLive(node, Set.of());
        }
        say("%s are up", nodes.stream().map(NodeProcess::name).collect(Collectors.joining(", ")));
    }

    private Architect architect(StoreConfiguration direct) {
        Store opened = ArchitectSetup.builder(
                        RuntimeConfiguration.empty().withProviders(List.of()).withStore(direct))
                .build()
                .openStore();
        store = opened;
        return Architect.builder()
                .store(opened)
                .router((providers, clock) -> new NoModels())
                .worker(new JournalWorker(null, time))
                .nodeName("operator")
                .withoutTaskExecution()
                .build();
    }

    private Architect architect() {
        if (architect == null) {
            throw new IllegalStateException("nothing was started, expected startAll() first");
        }
        return architect;
    }

    private DemoDatabase database() {
        if (database == null) {
            throw new IllegalStateException("nothing was started, expected startAll() first");
        }
        return database;
    }

    /** Does something to a node, waits until the others have taken over what it ran, and lets it work again. */
    private void strike(ClusterFault fault, int number) throws IOException, InterruptedException {
        NodeProcess node = nodes.get(number);
        Set<Long> before = incarnationsOf(node);
        history.read();
        long at = micros();
        switch (fault) {
            case KILL -> node.kill();
            case PAUSE -> node.pause();
            case CUT -> database().stall(number);
        }
        // What was written up to that moment.
        history.read();
        List<JournalHistory.Begin> running = history.openOn(node.name());
        say("%s is %s; it ran %,d tasks", node.name(), fault.words(), running.size());
        Duration least = fault == ClusterFault.KILL ? Duration.ZERO : ClusterDemoPlan.LEASE.plus(PAST_LEASE);
        long began = time.nanoTime();
        awaitUnlessLate(RECLAIM_LIMIT, () -> {
            history.read();
            return time.nanoTime() - began >= least.toNanos()
                    && running.stream().noneMatch(begin -> history.after(begin).isEmpty());
        });
        long again = running.stream()
                .filter(begin -> !history.after(begin).isEmpty())
                .count();
        say("%,d of them have begun again on other nodes", again);
        long healedAt = micros();
        switch (fault) {
            case KILL -> {
                node.start();
                say("%s is started again", node.name());
            }
            case PAUSE -> {
                node.resume();
                say("%s goes on", node.name());
            }
            case CUT -> {
                database().heal(number);
                say("%s reaches the database again", node.name());
            }
        }
        struck.add(new Struck(fault, node.name(), running, at, healedAt));
        awaitLive(node, before);
        // What it had begun before will not be ended by it.
        history.closeBefore(node.name(), healedAt);
        say("%s has joined again", node.name());
    }

    private Set<Long> incarnationsOf(NodeProcess node) {
        return records().stream()
                .filter(record -> record.info().name().equals(node.name()))
                .map(NodeRecord::incarnation)
                .collect(Collectors.toSet());
    }

    private List<NodeRecord> records() {
        if (store == null) {
            throw new IllegalStateException("nothing was started, expected startAll() first");
        }
        return store.nodes().nodes();
    }

    private void awaitLive(NodeProcess node, Set<Long> before) throws IOException, InterruptedException {
        await(node.name() + " joins", START_LIMIT, () -> {
            requireRunning(node);
            return records().stream()
                    .anyMatch(record -> record.info().name().equals(node.name())
                            && record.state().isAlive()
                            && !before.contains(record.incarnation()));
        });
    }

    private static void requireRunning(NodeProcess node) {
        if (!node.isRunning()) {
            throw new CommandFailure(node.name() + " has ended, the last lines of its log are: " + node.lastLines());
        }
    }

    private void pass(Duration duration) throws InterruptedException {
        if (stop.await(duration)) {
            throw new StoppedEarlyException();
        }
        if (load != null) {
            load.check();
        }
    }

    private void await(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
        if (!awaitUnlessLate(limit, condition)) {
            throw new CommandFailure("waited " + limit.toSeconds() + " s in vain until " + what);
        }
    }

    private boolean awaitUnlessLate(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long end = time.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (time.nanoTime() - end > 0) {
                return false;
            }
            pass(POLL);
        }
        return true;
    }

    private ClusterDemoResult result(ClusterLoad running) throws InterruptedException {
        ClusterAudit audit = ClusterAudit.of(architect(), running.accepted());
        List<FaultFigures> figures = new ArrayList<>();
        for (int i = 0; i < struck.size(); i++) {
            long until = i + 1 < struck.size() ? struck.get(i + 1).at() : Long.MAX_VALUE;
            figures.add(figures(struck.get(i), until));
        }
        return new ClusterDemoResult(
                running.accepted().size(),
                audit.lost(),
                audit.recordedTwice() + history.repeatedTokens(),
                history.begins().size(),
                history.begunAgain(),
                figures);
    }

    private FaultFigures figures(Struck one, long nextFault) {
        List<Duration> reclaims = one.running().stream()
                .flatMap(lost -> history.after(lost).stream().limit(1))
                .map(begin -> Duration.of(begin.micros() - one.at(), ChronoUnit.MICROS))
                .toList();
        Duration baseline = plan.calm().compareTo(LONGEST_BASELINE) < 0 ? plan.calm() : LONGEST_BASELINE;
        long until = Math.min(Math.min(nextFault, loadEnd), one.at() + DIP_WATCHED.toNanos() / 1_000);
        List<Long> ends = nodes.stream()
                .map(NodeProcess::name)
                .filter(name -> !name.equals(one.node()))
                .flatMap(name -> history.endsOn(name).stream())
                .toList();
        Duration back = history.begins().stream()
                .filter(begin -> begin.node().equals(one.node()) && begin.micros() > one.healedAt())
                .findFirst()
                .map(begin -> Duration.of(begin.micros() - one.healedAt(), ChronoUnit.MICROS))
                .orElse(Duration.ZERO);
        return new FaultFigures(
                one.fault(),
                one.node(),
                one.running().size(),
                reclaims,
                ThroughputDip.of(ends, one.at() - baseline.toNanos() / 1_000, one.at(), until, WINDOW),
                Duration.of(one.healedAt() - one.at(), ChronoUnit.MICROS),
                back);
    }

    private long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time.wallTime());
    }

    private void say(String format, Object... values) {
        terminal.err()
                .printf(
                        Locale.ROOT,
                        "%6.1f s  %s%n",
                        (time.nanoTime() - start) / 1e9,
                        String.format(Locale.ROOT, format, values));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
    }

    /** Keeps journals, logs and configurations when the demo is closed, and prints where they are. */
    void keepFiles() {
        keepsFiles = true;
        terminal.err().println("Journals and logs are kept in " + folder.path());
    }

    /** Prints how a person looks at the nodes that are still up. */
    void printHowToLook() {
        terminal.err().println();
        terminal.err().println("The nodes stay up until Ctrl-C. Look at them with");
        terminal.err().println("  gaia node list --config " + folder.path().resolve(OPERATOR));
    }

    @Override
    public void close() {
        if (load != null) {
            load.close();
        }
        nodes.forEach(NodeProcess::close);
        if (architect != null) {
            architect.close();
        }
        if (database != null) {
            database.close();
        }
        if (!keepsFiles) {
            folder.delete();
        }
    }
}
