package dev.architect.cli.project;

import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.json.JsonFields;
import dev.architect.project.ProjectId;
import dev.architect.project.milestone.BurnUp;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.milestone.MilestoneId;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia milestone}: dates that projects promise. */
@Command(name = "milestone", description = "Makes, shows and reaches milestones, also while a server uses the store.")
public final class MilestoneCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private MilestoneCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new MilestoneCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new CreateCommand(terminal))
                .addSubcommand(new ShowCommand(terminal))
                .addSubcommand(new ReachCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    private static String target(Milestone milestone) {
        return milestone.draft().target().map(LocalDate::toString).orElse("none");
    }

    /** {@code gaia milestone list}. */
    @Command(name = "list", description = "Lists the milestones of a project.")
    static final class ListCommand extends PlanningCommand {

        @Parameters(paramLabel = "PROJECT", description = "The name of the project.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        ListCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            ProjectId project = checked(() -> new ProjectId(name));
            List<Milestone> all =
                    operate(architect -> architect.projects().milestones().of(project));
            if (all.isEmpty()) {
                terminal.err().println("The project has no milestone.");
                return 0;
            }
            TextTable table = new TextTable("Milestone", "Target", "State", "Title");
            all.forEach(each -> table.row(
                    each.id().toString(),
                    target(each),
                    JsonFields.wordOf(each.state()),
                    each.draft().title()));
            table.lines().forEach(this::print);
            return 0;
        }
    }

    /** {@code gaia milestone create}. */
    @Command(name = "create", description = "Makes a planned milestone and prints its id.")
    static final class CreateCommand extends PlanningCommand {

        @Parameters(index = "0", paramLabel = "PROJECT", description = "The name of the project.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Parameters(index = "1", paramLabel = "TITLE", description = "Its title.")
        @SuppressWarnings("NullAway.Init")
        private String title;

        @Option(names = "--target", paramLabel = "DAY", description = "The day that it is promised for, as 2026-11-29.")
        private @Nullable String target;

        CreateCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            ProjectId project = checked(() -> new ProjectId(name));
            MilestoneDraft draft = checked(() -> new MilestoneDraft(title, "", day()));
            print(operate(architect -> architect.projects().milestones().create(project, draft, actor()))
                    .id()
                    .toString());
            return 0;
        }

        private Optional<LocalDate> day() {
            try {
                return Optional.ofNullable(target).map(LocalDate::parse);
            } catch (DateTimeParseException wrong) {
                throw new IllegalArgumentException("target is '" + target + "', expected a day as 2026-11-29", wrong);
            }
        }
    }

    /** Something about one milestone. */
    private abstract static class OneMilestone extends PlanningCommand {

        @Parameters(paramLabel = "ID", description = "The id of the milestone.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        OneMilestone(Terminal terminal) {
            super(terminal);
        }

        final MilestoneId id() {
            return checked(() -> MilestoneId.parse(id));
        }
    }

    /** {@code gaia milestone show}. */
    @Command(name = "show", description = "Shows a milestone, how it was worked off, and how its date was moved.")
    static final class ShowCommand extends OneMilestone {

        ShowCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            MilestoneId id = id();
            BurnUp burnUp =
                    operate(architect -> architect.projects().milestones().burnUp(id));
            Milestone milestone = burnUp.milestone();
            print(milestone.draft().title() + ": " + JsonFields.wordOf(milestone.state()) + ", target "
                    + target(milestone));
            TextTable table = new TextTable("Day", "Scope", "Done");
            burnUp.days()
                    .forEach(day ->
                            table.row(day.day().toString(), String.valueOf(day.scope()), String.valueOf(day.done())));
            table.lines().forEach(this::print);
            burnUp.slips()
                    .forEach(slip -> print("moved from "
                            + slip.before().map(LocalDate::toString).orElse("none")
                            + " to " + slip.after().map(LocalDate::toString).orElse("none") + " by " + slip.by()
                            + ": " + slip.cause()));
            return 0;
        }
    }

    /** {@code gaia milestone reach}. */
    @Command(name = "reach", description = "Says that a milestone is reached; none of its items may be open.")
    static final class ReachCommand extends OneMilestone {

        ReachCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            MilestoneId id = id();
            Milestone reached = operate(architect -> architect
                    .projects()
                    .milestones()
                    .reach(
                            id,
                            architect.projects().milestones().get(id).revision().version(),
                            actor()));
            print(reached.draft().title() + " is reached");
            return 0;
        }
    }
}
