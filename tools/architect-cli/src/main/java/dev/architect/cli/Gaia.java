package dev.architect.cli;

import dev.architect.access.PasswordHasher;
import dev.architect.access.Pbkdf2PasswordHasher;
import dev.architect.cli.access.AuditCommand;
import dev.architect.cli.access.TokenCommand;
import dev.architect.cli.access.UserCommand;
import dev.architect.cli.budget.BudgetCommand;
import dev.architect.cli.cluster.ClusterCommand;
import dev.architect.cli.cost.CostCommand;
import dev.architect.cli.cost.PriceCommand;
import dev.architect.cli.dataset.DatasetCommand;
import dev.architect.cli.demo.DemoCommand;
import dev.architect.cli.export.ExportCommand;
import dev.architect.cli.launch.ServerLauncher;
import dev.architect.cli.node.NodeCommand;
import dev.architect.cli.node.PoolCommand;
import dev.architect.cli.node.SessionCommand;
import dev.architect.cli.policy.PolicyCommand;
import dev.architect.cli.project.BoardCommand;
import dev.architect.cli.project.ItemCommand;
import dev.architect.cli.project.MilestoneCommand;
import dev.architect.cli.project.ProjectCommand;
import dev.architect.cli.queue.LimitCommand;
import dev.architect.cli.queue.QueueCommand;
import dev.architect.cli.queue.TypeCommand;
import dev.architect.cli.review.ReviewCommand;
import dev.architect.cli.route.RouteCommand;
import dev.architect.cli.rule.RuleCommand;
import dev.architect.cli.task.ScheduleCommand;
import dev.architect.cli.task.TaskCommand;
import dev.architect.cli.terminal.FailureText;
import dev.architect.cli.terminal.Terminal;
import dev.architect.spi.TimeSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code gaia}: the root of all commands; alone, it answers one prompt. */
@Command(
        name = "gaia",
        description = "Takes LLM work from submitted to done at the lowest cost that still meets the asked quality.",
        versionProvider = Gaia.VersionProvider.class,
        synopsisSubcommandLabel =
                "(demo | serve | simulate | cluster | node | task | activity | doctor | policy | route | review | rule | dataset | version | help) …")
final class Gaia implements Callable<Integer> {

    private static final String VERBOSE = "--verbose";
    private static final String HELP = "help";
    private static final String DEMO = "demo";
    private static final String SERVE = "serve";

    /** The commands that start a server, which another processor prepares while the arguments are read. */
    private static final Set<String> SERVERS = Set.of(DEMO, SERVE);

    private final Terminal terminal;

    @Option(names = VERBOSE, scope = ScopeType.INHERIT, description = "Shows stack traces and more of the log.")
    private boolean verbose;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the version.")
    @SuppressWarnings("UnusedVariable")
    private boolean version;

    @ArgGroup(exclusive = false, heading = "%nOne answer:%n")
    private @Nullable PromptOptions prompt;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private Gaia(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs one command and returns its exit code. */
    static int run(Terminal terminal, String... arguments) {
        return run(terminal, passwords(), arguments);
    }

    /** As {@link #run(Terminal, String...)}; commands that set a password keep it as {@code passwords} does. */
    static int run(Terminal terminal, PasswordHasher passwords, String... arguments) {
        // Before the arguments are parsed, because the logger reads the property only when it is first used.
        if (Arrays.asList(arguments).contains(VERBOSE)) {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "info");
        }
        Map<String, Supplier<Object>> commands = commands(terminal, passwords);
        // Making all of them takes longer than most of them run; help and suggestions need them.
        @Nullable
        Supplier<Object> named = arguments.length == 0 || arguments[0].equals(HELP) ? null : commands.get(arguments[0]);
        if (arguments.length > 0 && SERVERS.contains(arguments[0])) {
            ServerLauncher.prepare();
        }
        return commandLine(terminal, named == null ? List.copyOf(commands.values()) : List.of(named))
                .execute(arguments);
    }

    private static PasswordHasher passwords() {
        return new Pbkdf2PasswordHasher(TimeSource.system()::random);
    }

    /** With all commands. */
    static CommandLine commandLine(Terminal terminal) {
        return commandLine(terminal, List.copyOf(commands(terminal).values()));
    }

    /** What makes each command, by its name, in the order of the help. */
    static Map<String, Supplier<Object>> commands(Terminal terminal) {
        return commands(terminal, passwords());
    }

    private static Map<String, Supplier<Object>> commands(Terminal terminal, PasswordHasher passwords) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put(DEMO, () -> new DemoCommand(terminal));
        commands.put(SERVE, () -> new ServeCommand(terminal));
        commands.put("simulate", () -> new SimulateCommand(terminal));
        commands.put("cluster", () -> ClusterCommand.with(terminal));
        commands.put("node", () -> NodeCommand.with(terminal));
        commands.put("pool", () -> PoolCommand.with(terminal));
        commands.put("session", () -> SessionCommand.with(terminal));
        commands.put("queue", () -> QueueCommand.with(terminal));
        commands.put("type", () -> TypeCommand.with(terminal));
        commands.put("limit", () -> LimitCommand.with(terminal));
        commands.put("budget", () -> BudgetCommand.with(terminal));
        commands.put("cost", () -> CostCommand.with(terminal));
        commands.put("price", () -> PriceCommand.with(terminal));
        commands.put("export", () -> ExportCommand.with(terminal));
        commands.put("setting", () -> SettingCommand.with(terminal));
        commands.put("user", () -> UserCommand.with(terminal, passwords));
        commands.put("token", () -> TokenCommand.with(terminal));
        commands.put("audit", () -> AuditCommand.with(terminal));
        commands.put("task", () -> TaskCommand.with(terminal));
        commands.put("schedule", () -> ScheduleCommand.with(terminal));
        commands.put("project", () -> ProjectCommand.with(terminal));
        commands.put("board", () -> new BoardCommand(terminal));
        commands.put("item", () -> ItemCommand.with(terminal));
        commands.put("milestone", () -> MilestoneCommand.with(terminal));
        commands.put("activity", () -> new ActivityCommand(terminal));
        commands.put("doctor", () -> new DoctorCommand(terminal));
        commands.put("policy", () -> PolicyCommand.with(terminal));
        commands.put("route", () -> RouteCommand.with(terminal));
        commands.put("review", () -> ReviewCommand.with(terminal));
        commands.put("rule", () -> RuleCommand.with(terminal));
        commands.put("dataset", () -> DatasetCommand.with(terminal));
        commands.put("version", () -> new VersionCommand(terminal));
        commands.put(HELP, CommandLine.HelpCommand::new);
        return commands;
    }

    private static CommandLine commandLine(Terminal terminal, List<Supplier<Object>> commands) {
        Gaia root = new Gaia(terminal);
        CommandLine gaia = new CommandLine(root);
        commands.forEach(command -> gaia.addSubcommand(command.get()));
        addHelp(gaia);
        return gaia.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        terminal.hasColours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setUsageHelpWidth(Math.max(60, Math.min(120, terminal.columns())))
                .setUsageHelpAutoWidth(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, args) -> root.usageError(wrong))
                .setExecutionExceptionHandler((failure, command, parsed) -> root.failure(failure));
    }

    /** Gives every command the option that shows its help, but for the one that does nothing else. */
    private static void addHelp(CommandLine command) {
        if (!(command.getCommand() instanceof CommandLine.HelpCommand)) {
            command.getCommandSpec().addMixin("help", CommandSpec.forAnnotatedObject(new Help()));
            command.getSubcommands().values().forEach(Gaia::addHelp);
        }
    }

    /** The option that every command has. */
    private static final class Help {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Shows this help.")
        @SuppressWarnings("UnusedVariable")
        private boolean requested;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (prompt == null) {
            throw new ParameterException(spec.commandLine(), "nothing to do, expected a command or -p PROMPT");
        }
        new PromptCommand(terminal, prompt).run();
        return CommandLine.ExitCode.OK;
    }

    private int usageError(ParameterException wrong) {
        terminal.err().println("gaia: " + FailureText.of(new IllegalArgumentException(wrong.getMessage())));
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            UnmatchedArgumentException.printSuggestions(
                    unmatched, wrong.getCommandLine().getErr());
        }
        terminal.err().println("Try '" + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    private int failure(Exception failure) {
        FailureText.linesOf(failure).forEach(line -> terminal.err().println("gaia: " + line));
        if (verbose) {
            failure.printStackTrace(terminal.err());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** Provides the version to picocli. */
    static final class VersionProvider implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return VersionText.lines();
        }
    }
}
