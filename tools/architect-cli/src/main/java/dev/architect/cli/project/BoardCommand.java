package dev.architect.cli.project;

import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.json.JsonFields;
import dev.architect.project.ProjectId;
import dev.architect.project.board.Board;
import dev.architect.project.item.Item;
import dev.architect.project.rule.ItemFilter;
import dev.architect.project.store.ItemQuery;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia board}. */
@Command(name = "board", description = "Shows the columns of a project with their first cards.")
public final class BoardCommand extends PlanningCommand {

    @Parameters(paramLabel = "PROJECT", description = "The name of the project.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Option(
            names = "--cards",
            paramLabel = "N",
            description = "The most cards of a column, 0 to 500; ${DEFAULT-VALUE} by default.")
    private int cards = 20;

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            description = "Only cards that a filter is for, such as 'label:ui -is:blocked'.")
    private String filter = "";

    /** Creates the command. */
    public BoardCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        ProjectId id = checked(() -> new ProjectId(name));
        Board board = operate(architect -> {
            ItemQuery query = ItemFilter.parse(architect.projects(), id, filter, actor());
            return architect.projects().boards().board(id, cards, query.conditions(), query.words());
        });
        for (Board.BoardLane lane : board.lanes()) {
            String limit = lane.column().draft().wipLimit().isPresent()
                    ? " of " + lane.column().draft().wipLimit().getAsInt()
                    : "";
            print(lane.column().draft().title() + " ("
                    + JsonFields.wordOf(lane.column().stage()) + "): " + lane.count() + limit);
            TextTable table = new TextTable("Key", "Kind", "Priority", "Title");
            for (Item card : lane.cards()) {
                ItemCommand.row(table, card);
            }
            if (!lane.cards().isEmpty()) {
                table.lines().forEach(line -> print("  " + line));
            }
        }
        return 0;
    }
}
