package dev.architect.cli;

import dev.architect.cli.house.Backing;
import dev.architect.cli.house.DataDirectory;
import dev.architect.cli.house.Providers;
import dev.architect.cli.house.Wiring;
import dev.architect.cli.terminal.FailureText;
import dev.architect.cli.terminal.Help;
import dev.architect.cli.terminal.Terminal;
import dev.architect.model.ProviderHealth;
import dev.architect.router.RoutingPolicy;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.thread.ThreadRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaia doctor}: what works here and what does not. */
@Command(
        name = "doctor",
        description = {
            "Checks Java, the data directory, the database, the policy and the providers.",
            "The exit code is 1 when something is broken or nobody can be asked."
        })
final class DoctorCommand implements Callable<Integer> {

    private static final long GIB = 1L << 30;

    private final Terminal terminal;
    private boolean isIll;

    @Mixin
    private final Help help = new Help();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory to look at; ${DEFAULT-VALUE} by default.")
    private Path data = DataDirectory.DEFAULT;

    @Option(names = "--policy", paramLabel = "FILE", description = "The routing policy to look at, as YAML.")
    private @Nullable Path policy;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        DataDirectory directory = new DataDirectory(data);
        say(
                "java",
                "ok",
                System.getProperty("java.version") + ", "
                        + (ThreadRunner.isVirtual() ? "virtual threads" : "platform threads") + ", "
                        + System.getProperty("java.home"));
        check("data", () -> directory(directory));
        check("database", () -> database(directory));
        check("policy", this::rules);
        providers();
        return isIll ? 1 : 0;
    }

    /** One finding, or a failure that is one. */
    @FunctionalInterface
    private interface Finding {
        String look() throws IOException;
    }

    private void check(String subject, Finding finding) {
        try {
            say(subject, "ok", finding.look());
        } catch (IOException | RuntimeException failure) {
            isIll = true;
            say(subject, "ILL", FailureText.of(failure));
        }
    }

    private static String directory(DataDirectory directory) throws IOException {
        if (!Files.exists(directory.path())) {
            return directory.path() + " is not there yet";
        }
        long free = Files.getFileStore(directory.prepare().path()).getUsableSpace();
        return directory.path() + ", " + free / GIB + " GiB free";
    }

    /** Opening a database looks through all of it. */
    private static String database(DataDirectory directory) throws IOException {
        if (!Files.exists(directory.database())) {
            return "none yet";
        }
        try (SqliteStore store = directory.open()) {
            Map<String, Long> counts = new LinkedHashMap<>();
            store.tasks()
                    .counts()
                    .forEach((state, count) -> counts.put(state.name().toLowerCase(Locale.ROOT), count));
            return "sound, tasks " + counts;
        }
    }

    private String rules() {
        RoutingPolicy rules = Wiring.policy(policy);
        return (policy == null ? "standard" : policy.toString()) + ", "
                + rules.models().size() + " models, baseline " + rules.baseline();
    }

    private void providers() throws InterruptedException {
        Map<String, ProviderHealth> found = new ConcurrentHashMap<>();
        try (ThreadRunner runner = new ThreadRunner("gaia")) {
            List<Thread> probes = new ArrayList<>();
            for (Backing backing : Backing.ALL) {
                if (Providers.missing(backing) == null) {
                    probes.add(runner.start("probe", () -> found.put(backing.provider(), probe(backing))));
                }
            }
            for (Thread probe : probes) {
                probe.join();
            }
        }
        for (Backing backing : Backing.ALL) {
            ProviderHealth health = found.get(backing.provider());
            String missing = Providers.missing(backing);
            if (health == null) {
                say(backing.provider(), "-", missing == null ? "the probe failed" : missing);
            } else {
                say(backing.provider(), verdict(backing, health), health.detail());
                isIll |= !health.usable() && backing.needsKey();
            }
        }
        if (found.values().stream().noneMatch(ProviderHealth::usable)) {
            isIll = true;
            terminal.out().println("There is nobody to ask: set a key, start Ollama, or use --simulate.");
        }
    }

    /** A provider that needs no key is not missed when it is not there. */
    private static String verdict(Backing backing, ProviderHealth health) {
        if (health.usable()) {
            return "ok";
        }
        return backing.needsKey() || health.reachable() ? "ILL" : "-";
    }

    private static ProviderHealth probe(Backing backing) {
        try {
            return Providers.probe(backing);
        } catch (RuntimeException failure) {
            return ProviderHealth.down(FailureText.of(failure));
        }
    }

    private void say(String subject, String verdict, String detail) {
        terminal.out().printf("%-12s %-4s %s%n", subject, verdict, detail);
    }
}
