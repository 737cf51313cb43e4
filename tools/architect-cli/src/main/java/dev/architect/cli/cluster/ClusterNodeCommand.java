package dev.architect.cli.cluster;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.cli.launch.SetupFactory;
import dev.architect.cli.terminal.StopProgress;
import dev.architect.cli.terminal.StopSignal;
import dev.architect.cli.terminal.Terminal;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.RuntimeConfiguration;
import dev.architect.runtime.ServerSettings;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gaia cluster node}: a node that performs tasks and has no server. */
@Command(
        name = "node",
        description = {
            "Runs a node that performs tasks and has no server, until it is stopped.",
            "The configuration names the store that all nodes share, and how they hear of each other."
        })
final class ClusterNodeCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration, as YAML; by default the file that ARCHITECT_CONFIG names, if any.")
    private @Nullable Path configuration;

    @Option(
            names = "--journal",
            hidden = true,
            paramLabel = "FILE",
            description = "Also performs the tasks of the demo, and writes down when each begins and ends.")
    private @Nullable Path journal;

    @Option(
            names = "--parent",
            hidden = true,
            paramLabel = "PID",
            description = "Ends at once when that process has ended.")
    private @Nullable Long parent;

    ClusterNodeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (parent != null) {
            haltAfter(parent);
        }
        RuntimeConfiguration stated = SetupFactory.configuration(configuration);
        ArchitectSetup setup = SetupFactory.fromEnvironment(stated, null, null);
        if (journal == null) {
            SetupFactory.requireUsableProvider(setup);
            run(setup, null);
            return 0;
        }
        try (TaskJournal written = TaskJournal.appendTo(journal, TimeSource.system())) {
            run(setup, written);
        }
        return 0;
    }

    private void run(ArchitectSetup setup, @Nullable TaskJournal written) throws InterruptedException {
        Duration timeout = setup.serverSettings().stopTimeout().orElse(ServerSettings.DEFAULT_STOP_TIMEOUT);
        // The signal is opened first and so closed last: the process may end only when everything else is closed.
        try (StopSignal stop = StopSignal.listen()) {
            Architect architect = start(setup, written, timeout);
            try {
                stop.onRepeat(architect::handBack);
                terminal.out()
                        .println("Node " + setup.nodeName() + " performs tasks of "
                                + setup.database().map(Path::toString).orElse("the store of the configuration") + ".");
                terminal.err().println("Ctrl-C stops.");
                awaitEnd(stop);
                terminal.err().println("Stopping …");
            } finally {
                StopProgress.during(
                        terminal.err(), () -> architect.sessions().runningAttempts(), timeout, architect::close);
            }
        }
    }

    private static Architect start(ArchitectSetup setup, @Nullable TaskJournal written, Duration stopTimeout) {
        Store store = setup.openStore();
        // From here on the callee closes it when one of its calls fails.
        ArchitectBuilder builder = setup.joinCluster(store)
                .map(setup::wire)
                .orElseGet(() -> setup.wire(store))
                .stopTimeout(stopTimeout);
        if (written != null) {
            builder.worker(new JournalWorker(written, TimeSource.system()));
        }
        return builder.build();
    }

    /** With the demo its database has ended, so there is nothing that could be closed in order, however far the start has come. */
    private static void haltAfter(long demo) {
        Optional<ProcessHandle> running = ProcessHandle.of(demo);
        if (running.isEmpty()) {
            Runtime.getRuntime().halt(1);
        }
        running.ifPresent(
                process -> process.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
    }

    private static void awaitEnd(StopSignal stop) throws InterruptedException {
        while (!stop.await(Duration.ofHours(1))) {
            // It waits again.
        }
    }
}
