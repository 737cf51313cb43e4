package dev.architect.cli.cluster;

import dev.architect.cli.terminal.AtomicFile;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.CountOption;
import dev.architect.cli.terminal.StopSignal;
import dev.architect.cli.terminal.Terminal;
import dev.architect.runtime.ClusterConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gaia cluster demo}. */
@Command(
        name = "demo",
        description = {
            "Starts PostgreSQL and several nodes on this machine, keeps a thousand tasks running, kills one node, pauses"
                    + " another one and cuts a third one off the database, and counts what that cost.",
            "The tasks wait for 2 to 20 s in place of a model. The exit code is 1 when a task was lost or recorded twice.",
            ""
        })
final class ClusterDemoCommand implements Callable<Integer> {

    private static final int MIN_NODES = 2;
    private static final int MAX_NODES = 9;
    private static final int MAX_TASKS = 10_000;

    private final Terminal terminal;

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes, 2 to 9; ${DEFAULT-VALUE} by default.")
    private int nodes = 3;

    @Option(
            names = "--tasks",
            paramLabel = "N",
            converter = CountOption.class,
            description = "How many tasks there are at a time, at most 10000; ${DEFAULT-VALUE} by default.")
    private int tasks = 1_000;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            converter = CountOption.class,
            description = "For how long tasks are submitted; ${DEFAULT-VALUE} by default, and longer when the faults"
                    + " take longer.")
    private int seconds = 150;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            description = "How the nodes hear of each other: none, store or jgroups; ${DEFAULT-VALUE} by default.")
    private String transport = "store";

    @Option(
            names = "--faults",
            paramLabel = "FAULT",
            split = ",",
            description = "What happens, with commas between: kill, pause, cut; all three by default.")
    private List<String> faults = List.of("kill", "pause", "cut");

    @Option(names = "--exit", description = "Ends after the report instead of keeping the nodes up.")
    private boolean exit;

    @Option(names = "--report", paramLabel = "FILE", description = "Where the figures are written as JSON.")
    private @Nullable Path report;

    @Option(names = "--wait-millis", hidden = true, paramLabel = "MIN-MAX", description = "How long a task takes.")
    private String wait = "2000-20000";

    ClusterDemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ClusterDemoPlan plan = plan();
        // Before the run, because its figures would be lost at the end.
        if (report != null) {
            AtomicFile.checkWritable(report);
        }
        // The signal is opened first and so closed last: the process may end only when everything else is closed.
        try (StopSignal stop = StopSignal.listen();
                ClusterDemo demo = new ClusterDemo(plan, terminal, stop)) {
            ClusterDemoResult result = demo.run();
            ClusterDemoSummary.of(plan, result).forEach(terminal.out()::println);
            if (report != null) {
                ClusterDemoReport.write(report, result);
            }
            if (!result.isSound()) {
                demo.keepFiles();
            }
            if (!exit) {
                demo.printHowToLook();
                stop.await();
            }
            return result.isSound() ? 0 : 1;
        } catch (ClusterDemo.StoppedEarlyException stopped) {
            terminal.err().println("Stopped before the end: there is no report.");
            return 1;
        } catch (NoClassDefFoundError missing) {
            throw new CommandFailure(
                    "PostgreSQL is not on the class path, expected the jars of the folder server beside lib", missing);
        }
    }

    private ClusterDemoPlan plan() {
        if (nodes < MIN_NODES || nodes > MAX_NODES) {
            throw new CommandFailure("--nodes is " + nodes + ", expected " + MIN_NODES + ".." + MAX_NODES);
        }
        if (tasks > MAX_TASKS) {
            throw new CommandFailure("--tasks is " + tasks + ", expected 1.." + MAX_TASKS);
        }
        if (!ClusterConfiguration.transports().contains(transport)) {
            throw new CommandFailure("--transport is '" + transport + "', expected one of "
                    + String.join(", ", ClusterConfiguration.transports()));
        }
        if (!wait.matches("[0-9]{1,6}-[0-9]{1,6}")) {
            throw new CommandFailure("--wait-millis is '" + wait + "', expected such as 2000-20000");
        }
        Duration shortest = Duration.ofMillis(Long.parseLong(wait.substring(0, wait.indexOf('-'))));
        Duration longest = Duration.ofMillis(Long.parseLong(wait.substring(wait.indexOf('-') + 1)));
        if (longest.compareTo(shortest) < 0) {
            throw new CommandFailure("--wait-millis is '" + wait + "', expected the shorter time first");
        }
        return new ClusterDemoPlan(nodes, tasks, Duration.ofSeconds(seconds), transport, faults(), shortest, longest);
    }

    private List<ClusterFault> faults() {
        return faults.stream()
                .map(word -> {
                    try {
                        return ClusterFault.parse(word);
                    } catch (IllegalArgumentException unknown) {
                        throw new CommandFailure("--faults has '" + word + "', expected kill, pause, cut", unknown);
                    }
                })
                .toList();
    }
}
