package dev.architect.cli.project;

import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.json.JsonFields;
import dev.architect.project.Project;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.ProjectState;
import dev.architect.project.board.ColumnDraft;
import dev.architect.project.board.ProjectTemplate;
import dev.architect.project.store.ProjectCodec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia project}: the projects themselves. */
@Command(
        name = "project",
        description =
                "Makes, shows, archives, restores, imports and exports projects, also while a server uses the store.")
public final class ProjectCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private ProjectCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new ProjectCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new CreateCommand(terminal))
                .addSubcommand(new TemplatesCommand(terminal))
                .addSubcommand(new ShowCommand(terminal))
                .addSubcommand(new ArchiveCommand(terminal))
                .addSubcommand(new RestoreCommand(terminal))
                .addSubcommand(new TransferCommand.ImportCommand(terminal))
                .addSubcommand(new TransferCommand.ExportCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    private static String describe(Project project) {
        return "project " + project.id() + " (" + project.prefix() + ") is " + JsonFields.wordOf(project.state());
    }

    /** {@code gaia project list}. */
    @Command(name = "list", description = "Lists projects; deleted ones as long as they can be restored.")
    static final class ListCommand extends PlanningCommand {

        private static final int PAGE = 500;

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        ListCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            List<Project> all = operate(architect -> architect.projects().list(Optional.empty(), PAGE));
            if (json) {
                all.forEach(project -> print(ProjectCodec.write(project)));
                return 0;
            }
            if (all.isEmpty()) {
                terminal.err().println("There is no project.");
                return 0;
            }
            TextTable table = new TextTable("Project", "Prefix", "Title", "State");
            all.forEach(project -> table.row(
                    project.id().name(),
                    project.prefix(),
                    project.draft().title(),
                    JsonFields.wordOf(project.state())));
            table.lines().forEach(this::print);
            return 0;
        }
    }

    /** {@code gaia project create}. */
    @Command(
            name = "create",
            description = "Makes a project with the columns that most need, or with what a template has.")
    static final class CreateCommand extends PlanningCommand {

        @Parameters(index = "0", paramLabel = "NAME", description = "Its name: lower-case letters, digits and dashes.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Parameters(index = "1", paramLabel = "PREFIX", description = "What keys begin with: 2 to 6 letters.")
        @SuppressWarnings("NullAway.Init")
        private String prefix;

        @Option(names = "--title", paramLabel = "TEXT", description = "Its title; its name by default.")
        private @Nullable String title;

        @Option(
                names = "--template",
                paramLabel = "TEMPLATE",
                description =
                        "A built-in template, as 'gaia project templates' lists them, or another project, as project:web.")
        private @Nullable String template;

        CreateCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            ProjectId id = checked(() -> new ProjectId(name));
            String shown = title == null ? name : title;
            checked(() -> ProjectDraft.of(shown));
            Optional<String> from = Optional.ofNullable(template);
            print(describe(operate(architect -> architect
                    .projects()
                    .create(
                            id,
                            prefix.toUpperCase(Locale.ROOT),
                            architect.projects().draft(shown, from),
                            from,
                            actor()))));
            return 0;
        }
    }

    /** {@code gaia project templates}. */
    @Command(name = "templates", description = "Lists the built-in templates of projects.")
    static final class TemplatesCommand implements Callable<Integer> {

        private final Terminal terminal;

        TemplatesCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            TextTable table = new TextTable("Template", "Columns", "What it has");
            ProjectTemplate.builtIn()
                    .forEach(each -> table.row(
                            each.name(),
                            String.join(
                                    ", ",
                                    each.columns().stream()
                                            .filter(column -> !column.isHidden())
                                            .map(ColumnDraft::title)
                                            .toList()),
                            each.description()));
            table.lines().forEach(line -> terminal.out().println(line));
            return 0;
        }
    }

    /** Something about one project. */
    private abstract static class OneProject extends PlanningCommand {

        @Parameters(paramLabel = "NAME", description = "The name of the project.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        OneProject(Terminal terminal) {
            super(terminal);
        }

        final ProjectId id() {
            return checked(() -> new ProjectId(name));
        }
    }

    /** {@code gaia project show}. */
    @Command(name = "show", description = "Shows a project and how many cards its columns have.")
    static final class ShowCommand extends OneProject {

        ShowCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            ProjectId id = id();
            operate(architect -> {
                Project project = architect.projects().get(id);
                print(describe(project) + ": " + project.draft().title());
                if (project.state() != ProjectState.DELETED) {
                    architect
                            .projects()
                            .boards()
                            .board(id, 0)
                            .lanes()
                            .forEach(lane -> print("  " + lane.column().draft().title() + ": " + lane.count()));
                }
                return true;
            });
            return 0;
        }
    }

    /** {@code gaia project archive}. */
    @Command(name = "archive", description = "Makes a project read only.")
    static final class ArchiveCommand extends OneProject {

        ArchiveCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            ProjectId id = id();
            print(describe(operate(architect -> architect.projects().archive(id, actor()))));
            return 0;
        }
    }

    /** {@code gaia project restore}. */
    @Command(
            name = "restore",
            description = "Makes an archived project active, or one that was deleted in the last 30 days.")
    static final class RestoreCommand extends OneProject {

        RestoreCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            ProjectId id = id();
            print(describe(operate(architect -> architect.projects().restore(id, actor()))));
            return 0;
        }
    }
}
