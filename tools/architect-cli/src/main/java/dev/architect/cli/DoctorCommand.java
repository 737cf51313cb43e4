package dev.architect.cli;

import dev.architect.cli.launch.SetupFactory;
import dev.architect.cli.terminal.FailureText;
import dev.architect.cli.terminal.Terminal;
import dev.architect.model.ProviderHealth;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.RuntimeConfiguration;
import dev.architect.spi.Store;
import dev.architect.thread.ThreadRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gaia doctor}: what works here and what does not. */
@Command(
        name = "doctor",
        description = {
            "Checks Java, the configuration, the data directory, the database, the policy and the providers.",
            "The exit code is 1 when something is broken or no provider is usable."
        })
final class DoctorCommand implements Callable<Integer> {

    private static final long GIB = 1L << 30;
    private static final String OK = "ok";
    private static final String ABSENT = "-";
    private static final String FAILED = "FAIL";

    private final Terminal terminal;
    private boolean hasFailure;
    private RuntimeConfiguration configuration = RuntimeConfiguration.empty();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory to look at; by default what the configuration names, or else .architect.")
    private @Nullable Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The configuration to look at, as YAML; by default the file that ARCHITECT_CONFIG names, if any.")
    private @Nullable Path configurationFile;

    @Option(names = "--policy", paramLabel = "FILE", description = "The routing policy to look at, as YAML.")
    private @Nullable Path policy;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** One finding, or a failure that is one. */
    @FunctionalInterface
    private interface Check {
        String check() throws IOException;
    }

    @Override
    public Integer call() throws InterruptedException {
        check(
                "java",
                () -> System.getProperty("java.version") + ", "
                        + (ThreadRunner.isVirtual() ? "virtual threads" : "platform threads") + ", "
                        + System.getProperty("java.home"));
        check("config", this::configuration);
        if (hasFailure) {
            return 1; // What the file meant is unknown, so nothing after it can be checked.
        }
        check("policy", this::rules);
        try {
            // A policy that cannot be read must not hide what else is wrong.
            ArchitectSetup setup = hasFailure
                    ? SetupFactory.fromEnvironment(configuration.withoutPolicy(), data, null)
                    : SetupFactory.fromEnvironment(configuration, data, policy);
            check("data", () -> directory(setup.dataDirectory()));
            check("database", () -> database(setup));
            providers(setup);
        } catch (IllegalArgumentException wrongSetting) {
            printFailure("settings", wrongSetting);
        }
        return hasFailure ? 1 : 0;
    }

    private void check(String subject, Check finding) {
        try {
            print(subject, OK, finding.check());
        } catch (IOException | RuntimeException failure) {
            printFailure(subject, failure);
        }
    }

    private String configuration() {
        configuration = SetupFactory.configuration(configurationFile);
        return configuration.equals(RuntimeConfiguration.empty())
                ? "none, every adapter on the class path"
                : configuration
                        .providers()
                        .map(named -> named.size() + " providers")
                        .orElse("every adapter on the class path");
    }

    private String rules() {
        Path file = policy == null ? configuration.policyFile().orElse(null) : policy;
        RoutingPolicy rules = file == null ? RoutingPolicy.standard() : RoutingPolicy.load(file);
        return (file == null ? "standard" : file.toString()) + ", "
                + rules.models().size() + " models, baseline " + rules.baseline();
    }

    private static String directory(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return directory + " is not there yet";
        }
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new IOException(directory + " is not a directory that can be written");
        }
        return directory + ", " + Files.getFileStore(directory).getUsableSpace() / GIB + " GiB free";
    }

    /** Opening the embedded database looks through all of it; one of a server is asked whether its tables are those of this version. */
    private static String database(ArchitectSetup setup) {
        if (setup.database().filter(file -> !Files.exists(file)).isPresent()) {
            return "none yet";
        }
        try (Store store = setup.openExistingStore()) {
            String tasks = store.tasks().counts().entrySet().stream()
                    .map(entry -> entry.getValue() + " " + entry.getKey().name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
            return "sound, tasks: " + (tasks.isEmpty() ? "none" : tasks);
        }
    }

    private void providers(ArchitectSetup setup) throws InterruptedException {
        setup.skipped().forEach((provider, reason) -> print(provider, ABSENT, reason));
        Map<String, ProviderHealth> found = probeAll(setup);
        for (String provider : setup.providers()) {
            // Without an entry when its probe ended with a failure.
            ProviderHealth health = found.getOrDefault(provider, ProviderHealth.down("the probe failed"));
            print(provider, health.usable() ? OK : FAILED, health.detail());
            hasFailure |= !health.usable();
        }
        if (found.values().stream().noneMatch(ProviderHealth::usable)) {
            hasFailure = true;
            terminal.out().println("No provider is usable: set a key, start Ollama, or use --simulate.");
        }
    }

    /** All at once, because one that does not answer takes its time. */
    private static Map<String, ProviderHealth> probeAll(ArchitectSetup setup) throws InterruptedException {
        Map<String, ProviderHealth> found = new ConcurrentHashMap<>();
        try (ThreadRunner runner = new ThreadRunner("gaia")) {
            List<Thread> probes = new ArrayList<>();
            for (String provider : setup.providers()) {
                probes.add(runner.start("probe", () -> found.put(provider, setup.probe(provider))));
            }
            for (Thread probe : probes) {
                probe.join();
            }
        }
        return found;
    }

    private void printFailure(String subject, Exception failure) {
        hasFailure = true;
        print(subject, FAILED, FailureText.of(failure));
    }

    private void print(String subject, String verdict, String detail) {
        terminal.out().printf("%-12s %-4s %s%n", subject, verdict, detail);
    }
}
