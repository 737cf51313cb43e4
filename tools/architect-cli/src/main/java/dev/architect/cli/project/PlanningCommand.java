package dev.architect.cli.project;

import dev.architect.Architect;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.project.Actor;
import dev.architect.project.ProjectId;
import dev.architect.project.StaleVersionException;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands about projects have in common. */
abstract class PlanningCommand implements Callable<Integer> {

    final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Option(
            names = "--as",
            paramLabel = "ACTOR",
            description = "Who does it, such as person:ada or agent:coder; ${DEFAULT-VALUE} by default.")
    private String actor = "person:operator";

    PlanningCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    final Actor actor() {
        return checked(() -> Actor.parse(actor));
    }

    /** Runs an operation; what it refuses is a failure of the command. */
    final <T> T operate(Function<Architect, T> operation) {
        return data.operate(architect -> checked(() -> operation.apply(architect)));
    }

    static <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException | StaleVersionException wrong) {
            throw new CommandFailure(String.valueOf(wrong.getMessage()));
        }
    }

    static Item item(Architect architect, String text) {
        return ItemKey.isKey(text)
                ? architect.projects().items().get(ItemKey.parse(text))
                : architect.projects().items().get(ItemId.parse(text));
    }

    static BoardColumn column(Architect architect, ProjectId project, String title) {
        List<BoardColumn> columns = architect.projects().boards().columns(project);
        return columns.stream()
                .filter(each -> each.draft().title().equalsIgnoreCase(title)
                        || each.id().toString().equals(title))
                .findFirst()
                .orElseThrow(() -> new CommandFailure("column is '" + title + "', expected one of "
                        + columns.stream().map(each -> each.draft().title()).toList()));
    }

    final void print(String line) {
        terminal.out().println(line);
    }
}
