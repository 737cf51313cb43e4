package dev.architect.cli.demo;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.cli.launch.LocalServer;
import dev.architect.cli.launch.ServerLauncher;
import dev.architect.cli.launch.SetupFactory;
import dev.architect.cli.launch.SimulatedProviders;
import dev.architect.cli.launch.TokenSource;
import dev.architect.cli.terminal.AtomicFile;
import dev.architect.cli.terminal.CountOption;
import dev.architect.cli.terminal.PortOption;
import dev.architect.cli.terminal.StopSignal;
import dev.architect.cli.terminal.Terminal;
import dev.architect.prompt.PromptTasks;
import dev.architect.router.pricing.Prices;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gaia demo}. */
@Command(
        name = "demo",
        description = {
            "Runs a thousand mixed tasks against simulated providers and shows what they cost.",
            "Meanwhile the busiest provider is down for a while. At the end the ledger is compared with what the"
                    + " simulator billed; the exit code is 1 when they differ or a task is missing.",
            ""
        })
public final class DemoCommand implements Callable<Integer> {

    private static final int DEFAULT_TASKS = 1_000;
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private final Terminal terminal;
    private final TimeSource time = TimeSource.system();

    @Option(
            names = "--tasks",
            paramLabel = "N",
            converter = CountOption.class,
            description = "How many tasks; by default 1000, or all of --prompts.")
    private @Nullable Integer tasks;

    @Option(
            names = "--rate",
            paramLabel = "N",
            converter = CountOption.class,
            description = "How many tasks are submitted each second; ${DEFAULT-VALUE} by default.")
    private int rate = 100;

    @Option(names = "--exit", description = "Ends after the account instead of keeping the server up.")
    private boolean exit;

    /** For the launcher, which keeps an archive of what was loaded by then. */
    @Option(names = "--train", hidden = true)
    private boolean train;

    @Option(names = "--report", paramLabel = "FILE", description = "Where the figures are written as JSON.")
    private @Nullable Path report;

    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            description = "Prompts with recorded answers, which the simulator gives; see gaia dataset.")
    private @Nullable Path prompts;

    @Option(
            names = "--quality",
            paramLabel = "LEVEL",
            description =
                    "The least quality of every answer: ${COMPLETION-CANDIDATES}; by default what each task asks.")
    private @Nullable Quality quality;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory; by default a new one below .architect.")
    private @Nullable Path data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = PortOption.class,
            description = "The server's port on 127.0.0.1; any free one by default.")
    private int port;

    @Option(names = "--policy", paramLabel = "FILE", description = "The routing policy, as YAML.")
    private @Nullable Path policy;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Another number makes other tasks; ${DEFAULT-VALUE} by default.")
    private long seed = 1;

    /** Creates the command. */
    public DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        // Before the run, because its figures would be lost at the end.
        if (report != null) {
            AtomicFile.checkWritable(report);
        }
        PortOption.checkFree(port);
        DemoPlan plan = plan();
        Path directory =
                (data == null ? freshDirectory() : data).toAbsolutePath().normalize();
        // The signal is opened first and so closed last: the process may end only when everything else is closed.
        try (StopSignal stop = StopSignal.listen();
                ProviderSimulator simulator = ProviderSimulator.start(
                        SimulatedProviders.withRareErrors().withSeed(seed).withAnswers(plan.answers()))) {
            return run(plan, SetupFactory.simulated(directory, policy, simulator), simulator, stop);
        }
    }

    private int run(DemoPlan plan, ArchitectSetup setup, ProviderSimulator simulator, StopSignal stop)
            throws IOException, InterruptedException {
        DemoCounters counters = new DemoCounters();
        OutageWatch watch = new OutageWatch();
        Path directory = setup.dataDirectory();
        try (LocalServer server = ServerLauncher.start(setup, port, TokenSource.of(null), counters, watch)) {
            stop.onRepeat(server::handBack);
            printPlan(plan, directory, server);
            WarmUp.run(policy);
            Demo demo = new Demo(plan, server.architect(), simulator, counters, watch, stop);
            DemoResult account;
            try (DemoScreen screen = new DemoScreen(terminal, plan.tasks().size(), counters, demo::providerDown)) {
                screen.open();
                account = demo.run();
            } catch (StoppedException stopped) {
                terminal.err()
                        .println(stopped.getMessage() + " 'gaia serve --simulate --data " + directory
                                + "' finishes the rest.");
                return 1;
            }
            if (train) {
                ServerTraining.run(server, directory);
            }
            terminal.out().println();
            DemoSummary.of(account).forEach(terminal.out()::println);
            QuestionComparison comparison = compare(plan);
            if (report != null) {
                DemoReport.write(report, account, comparison);
            }
            if (!exit) {
                terminal.err().println();
                terminal.err().println("The server stays at " + server.url() + " until Ctrl-C.");
                stop.await();
            }
            return account.mismatches().isEmpty() ? 0 : 1;
        }
    }

    /** The same questions by other ways to choose; null without recorded answers. */
    private @Nullable QuestionComparison compare(DemoPlan plan) throws IOException {
        if (prompts == null) {
            return null;
        }
        terminal.out().println();
        terminal.out().flush();
        QuestionComparison comparison = QuestionComparison.of(
                PromptFile.read(prompts), plan.tasks().size(), Prices.standard(), time.wallTime(), seed);
        comparison.lines().forEach(terminal.out()::println);
        return comparison;
    }

    private void printPlan(DemoPlan plan, Path directory, LocalServer server) {
        terminal.err()
                .printf(
                        "%,d tasks at %,d a second, six simulated providers.%n",
                        plan.tasks().size(), plan.tasksPerSecond());
        terminal.err().println("Data: " + directory);
        if (!exit) {
            terminal.err().println("Watch at " + server.newLoginLink());
        }
        terminal.err().println();
    }

    private DemoPlan plan() throws IOException {
        if (prompts == null) {
            int count = tasks == null ? DEFAULT_TASKS : tasks;
            return plan(Corpus.builtIn().tasks(count, seed), PromptFile.none());
        }
        PromptFile file = PromptFile.read(prompts);
        int count = tasks == null
                ? file.prompts().size()
                : Math.min(tasks, file.prompts().size());
        List<TaskRequest> requests = file.prompts().subList(0, count).stream()
                .map(TaskRequest::prompt)
                .toList();
        return plan(requests, file);
    }

    private DemoPlan plan(List<TaskRequest> requests, PromptFile file) {
        Quality least = quality;
        List<TaskRequest> asked = least == null
                ? requests
                : requests.stream().map(request -> withQuality(request, least)).toList();
        return new DemoPlan(asked, rate, file.answers());
    }

    private static TaskRequest withQuality(TaskRequest task, Quality least) {
        ChatRequest request =
                PromptTasks.requestOf(task).toBuilder().quality(least).build();
        return PromptTasks.of(request).withAttribution(task.attribution()).withPriority(task.priority());
    }

    private Path freshDirectory() {
        return SetupFactory.DEFAULT_DATA.resolve(
                "demo-" + STAMP.format(time.wallTime().atZone(ZoneId.systemDefault())));
    }
}
