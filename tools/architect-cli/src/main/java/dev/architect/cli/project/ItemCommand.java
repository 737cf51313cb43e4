package dev.architect.cli.project;

import dev.architect.Architect;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.ProjectId;
import dev.architect.project.board.Label;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.LinkKind;
import dev.architect.project.rule.ItemCost;
import dev.architect.project.rule.ItemFilter;
import dev.architect.project.rule.ItemMove;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.ItemOrder;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.SearchText;
import dev.architect.task.TaskId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia item}: features, bugs and chores. */
@Command(
        name = "item",
        description = "Makes, finds, changes, moves and starts items, also while a server uses the store.")
public final class ItemCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private ItemCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new ItemCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new SearchCommand(terminal))
                .addSubcommand(new CreateCommand(terminal))
                .addSubcommand(new ShowCommand(terminal))
                .addSubcommand(new EditCommand(terminal))
                .addSubcommand(new MoveCommand(terminal))
                .addSubcommand(new LinkCommand(terminal))
                .addSubcommand(new CommentCommand(terminal))
                .addSubcommand(new StartCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    static void row(TextTable table, Item item) {
        table.row(
                item.key().toString(),
                JsonFields.wordOf(item.draft().kind()),
                String.valueOf(item.draft().weight().priority()),
                item.draft().title());
    }

    private static <E extends Enum<E>> E constant(String what, Class<E> type, String word) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> JsonFields.wordOf(each).equals(word))
                .findFirst()
                .orElseThrow(() -> new CommandFailure(what + " is '" + word + "', expected one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(JsonFields::wordOf)
                                .toList()));
    }

    /** Items of a project. */
    private abstract static class Listing extends PlanningCommand {

        @Parameters(index = "0", paramLabel = "PROJECT", description = "The name of the project.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "The most items, 1 to 500; ${DEFAULT-VALUE} by default.")
        private int limit = 50;

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        Listing(Terminal terminal) {
            super(terminal);
        }

        final ProjectId project() {
            return checked(() -> new ProjectId(name));
        }

        abstract ItemQuery query(Architect architect);

        @Override
        public Integer call() {
            List<Item> items = operate(architect ->
                    architect.projects().items().list(query(architect).withLimit(limit)));
            if (json) {
                items.forEach(item -> print(JsonText.write(ItemCodec.fields(item))));
                return 0;
            }
            if (items.isEmpty()) {
                terminal.err().println("There is no such item.");
                return 0;
            }
            TextTable table = new TextTable("Key", "Kind", "Priority", "Title");
            items.forEach(item -> row(table, item));
            table.lines().forEach(this::print);
            return 0;
        }
    }

    /** {@code gaia item list}. */
    @Command(name = "list", description = "Lists the items that a filter is for, those changed last first.")
    static final class ListCommand extends Listing {

        @Option(
                names = "--filter",
                paramLabel = "TEXT",
                description = "Such as 'kind:bug,chore stage:ready -label:ui assignee:me'.")
        private String filter = "";

        ListCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        ItemQuery query(Architect architect) {
            return ItemFilter.parse(architect.projects(), project(), filter, actor())
                    .by(ItemOrder.UPDATED, true);
        }
    }

    /** {@code gaia item search}. */
    @Command(name = "search", description = "Searches titles, bodies, comments and labels, the newest items first.")
    static final class SearchCommand extends Listing {

        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "WORD",
                description = "Beginnings of words; all must be there.")
        @SuppressWarnings("NullAway.Init")
        private List<String> words;

        SearchCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        ItemQuery query(Architect architect) {
            return ItemQuery.of(project())
                    .withWords(SearchText.asked(String.join(" ", words)))
                    .by(ItemOrder.NUMBER, true);
        }
    }

    /** The fields that items are made of and that may be changed. */
    private abstract static class Writing extends PlanningCommand {

        @Option(names = "--kind", paramLabel = "KIND", description = "feature, bug or chore.")
        private @Nullable String kind;

        @Option(names = "--body", paramLabel = "TEXT", description = "What it is about, as Markdown.")
        private @Nullable String body;

        @Option(names = "--priority", paramLabel = "N", description = "How urgent it is: 0, the most urgent, to 9.")
        private @Nullable Integer priority;

        @Option(names = "--assignee", paramLabel = "ACTOR", description = "Who is to do it; may be repeated.")
        private List<String> assignees = List.of();

        @Option(names = "--label", paramLabel = "NAME", description = "A label of the project; may be repeated.")
        private List<String> labels = List.of();

        @Option(names = "--parent", paramLabel = "KEY", description = "The item that it is a part of.")
        private @Nullable String parent;

        Writing(Terminal terminal) {
            super(terminal);
        }

        final ItemDraft with(Architect architect, ProjectId project, ItemDraft before) {
            ItemDraft draft = before;
            if (kind != null) {
                draft = new ItemDraft(
                        constant("kind", ItemKind.class, kind),
                        draft.title(),
                        draft.body(),
                        draft.weight(),
                        draft.plan(),
                        draft.assignees(),
                        draft.labels(),
                        draft.fields(),
                        draft.work());
            }
            draft = body == null ? draft : draft.withBody(body);
            draft = priority == null ? draft : draft.withPriority(priority);
            if (!assignees.isEmpty()) {
                draft = draft.withAssignees(assignees.stream().map(Actor::parse).toList());
            }
            if (!labels.isEmpty()) {
                draft = draft.withLabels(labelIds(architect, project));
            }
            return parent == null
                    ? draft
                    : draft.withParent(Optional.of(item(architect, parent).id()));
        }

        private Set<PartId> labelIds(Architect architect, ProjectId project) {
            List<Label> known = architect.projects().parts().labels(project);
            Set<PartId> ids = new HashSet<>();
            for (String label : labels) {
                ids.add(known.stream()
                        .filter(each -> each.draft().name().equalsIgnoreCase(label))
                        .findFirst()
                        .orElseThrow(() -> new CommandFailure("label is '" + label + "', expected one of "
                                + known.stream()
                                        .map(each -> each.draft().name())
                                        .toList()))
                        .id());
            }
            return ids;
        }
    }

    /** {@code gaia item create}. */
    @Command(name = "create", description = "Makes an item at the end of a column and prints its key.")
    static final class CreateCommand extends Writing {

        @Parameters(index = "0", paramLabel = "PROJECT", description = "The name of the project.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Parameters(index = "1", paramLabel = "TITLE", description = "Its title, at most 300 characters.")
        @SuppressWarnings("NullAway.Init")
        private String title;

        @Option(names = "--column", paramLabel = "TITLE", description = "The column; that of new items by default.")
        private @Nullable String column;

        CreateCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            ProjectId project = checked(() -> new ProjectId(name));
            Item made = operate(architect -> architect
                    .projects()
                    .items()
                    .create(
                            project,
                            with(architect, project, ItemDraft.of(ItemKind.FEATURE, title)),
                            column == null
                                    ? Optional.empty()
                                    : Optional.of(
                                            column(architect, project, column).id()),
                            actor()));
            print(made.key().toString());
            return 0;
        }
    }

    /** {@code gaia item edit}. */
    @Command(name = "edit", description = "Changes the fields that are named.")
    static final class EditCommand extends Writing {

        @Parameters(paramLabel = "KEY", description = "The key of the item.")
        @SuppressWarnings("NullAway.Init")
        private String key;

        @Option(names = "--title", paramLabel = "TEXT", description = "Its title, at most 300 characters.")
        private @Nullable String title;

        EditCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            Item changed = operate(architect -> {
                Item before = item(architect, key);
                ItemDraft draft = with(architect, before.project(), before.draft());
                return architect
                        .projects()
                        .items()
                        .edit(
                                before.id(),
                                before.revision().version(),
                                title == null ? draft : draft.withTitle(title),
                                actor());
            });
            print(changed.key() + " has version " + changed.revision().version());
            return 0;
        }
    }

    /** {@code gaia item show}. */
    @Command(name = "show", description = "Shows an item with its links, comments, tasks and cost.")
    static final class ShowCommand extends PlanningCommand {

        @Parameters(paramLabel = "KEY", description = "The key of the item.")
        @SuppressWarnings("NullAway.Init")
        private String key;

        @Option(names = "--json", description = "Prints the item as one JSON object.")
        private boolean json;

        ShowCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            operate(architect -> {
                Item item = item(architect, key);
                if (json) {
                    print(JsonText.write(ItemCodec.fields(item)));
                } else {
                    show(architect, item);
                }
                return true;
            });
            return 0;
        }

        private void show(Architect architect, Item item) {
            print(item.key() + " " + item.draft().title());
            print(JsonFields.wordOf(item.draft().kind()) + ", priority "
                    + item.draft().weight().priority() + ", "
                    + column(architect, item.project(), item.place().column().toString())
                            .draft()
                            .title()
                    + ", version " + item.revision().version() + ", by "
                    + item.revision().createdBy());
            if (!item.draft().body().isEmpty()) {
                print("");
                print(item.draft().body());
            }
            for (ItemLink link : architect.projects().links().of(item.id())) {
                print(name(architect, link.from()) + " " + JsonFields.wordOf(link.kind()) + " "
                        + name(architect, link.to()));
            }
            architect
                    .projects()
                    .comments()
                    .of(item.id())
                    .forEach(comment -> print(comment.revision().createdBy() + ": " + comment.body()));
            architect
                    .projects()
                    .items()
                    .tasks(item.id())
                    .forEach(task -> print("task " + task.id() + " " + JsonFields.wordOf(task.state())));
            ItemCost cost = architect.projects().items().cost(item.id());
            print(cost.tasks() + " tasks, " + cost.attempts() + " attempts, "
                    + cost.totals().calls().all() + " calls, "
                    + cost.totals().cost().spent().usd().toPlainString() + " USD");
        }

        private static String name(Architect architect, ItemId id) {
            return architect.projects().items().get(id).key().toString();
        }
    }

    /** {@code gaia item move}. */
    @Command(name = "move", description = "Moves a card to a column: to its end, or before another card.")
    static final class MoveCommand extends PlanningCommand {

        @Parameters(index = "0", paramLabel = "KEY", description = "The key of the item.")
        @SuppressWarnings("NullAway.Init")
        private String key;

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "COLUMN",
                description = "The title of the column; with --project, by default the one of the same stage there.")
        private @Nullable String column;

        @Option(names = "--before", paramLabel = "KEY", description = "The card that it is to stand before.")
        private @Nullable String before;

        @Option(
                names = "--project",
                paramLabel = "PROJECT",
                description = "Moves it to another project, where it gets another key; the old one goes on naming it.")
        private @Nullable String project;

        @Option(names = "--confirm", description = "Also where the column has as many cards as it may have.")
        private boolean isConfirmed;

        MoveCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            if (project != null) {
                transfer(project);
                return 0;
            }
            String title = column;
            if (title == null) {
                throw new CommandFailure("COLUMN is missing, expected the title of one, or --project");
            }
            operate(architect -> {
                Item item = item(architect, key);
                return architect
                        .projects()
                        .items()
                        .move(
                                item.id(),
                                new ItemMove(
                                        column(architect, item.project(), title).id(),
                                        Optional.ofNullable(before)
                                                .map(other ->
                                                        item(architect, other).id()),
                                        Optional.empty(),
                                        OptionalLong.empty(),
                                        isConfirmed),
                                actor());
            });
            print(key + " is in " + title);
            return 0;
        }

        private void transfer(String name) {
            if (before != null) {
                throw new CommandFailure("--before is set beside --project, expected one of them");
            }
            Item moved = operate(architect -> {
                ProjectId target = checked(() -> new ProjectId(name));
                return architect
                        .projects()
                        .items()
                        .transfer(
                                item(architect, key).id(),
                                OptionalLong.empty(),
                                target,
                                Optional.ofNullable(column)
                                        .map(title ->
                                                column(architect, target, title).id()),
                                isConfirmed,
                                actor());
            });
            print(key + " is " + moved.key() + " of " + name);
        }
    }

    /** {@code gaia item link}. */
    @Command(name = "link", description = "Relates an item to another one.")
    static final class LinkCommand extends PlanningCommand {

        @Parameters(index = "0", paramLabel = "KEY", description = "The first item.")
        @SuppressWarnings("NullAway.Init")
        private String from;

        @Parameters(
                index = "1",
                paramLabel = "KIND",
                description = "blocks, relates, duplicates, or parent when it is a part of the other one.")
        @SuppressWarnings("NullAway.Init")
        private String kind;

        @Parameters(index = "2", paramLabel = "OTHER", description = "The other item.")
        @SuppressWarnings("NullAway.Init")
        private String to;

        @Option(names = "--remove", description = "Removes the relation.")
        private boolean isRemoved;

        LinkCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            operate(architect -> {
                ItemLink link = new ItemLink(
                        item(architect, from).id(), item(architect, to).id(), constant("kind", LinkKind.class, kind));
                if (!isRemoved) {
                    return architect.projects().links().add(link, actor());
                }
                if (!architect.projects().links().remove(link, actor())) {
                    throw new CommandFailure("there is no such relation, expected one");
                }
                return link;
            });
            print(from + " " + kind + " " + to + (isRemoved ? " no more" : ""));
            return 0;
        }
    }

    /** {@code gaia item comment}. */
    @Command(name = "comment", description = "Comments on an item.")
    static final class CommentCommand extends PlanningCommand {

        @Parameters(index = "0", paramLabel = "KEY", description = "The key of the item.")
        @SuppressWarnings("NullAway.Init")
        private String key;

        @Parameters(index = "1", paramLabel = "TEXT", description = "What to say, as Markdown.")
        @SuppressWarnings("NullAway.Init")
        private String text;

        CommentCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            operate(architect ->
                    architect.projects().comments().add(item(architect, key).id(), Optional.empty(), text, actor()));
            print(key + " has one comment more");
            return 0;
        }
    }

    /** {@code gaia item start}. */
    @Command(name = "start", description = "Submits a task that works on an item and prints its id.")
    static final class StartCommand extends PlanningCommand {

        @Parameters(paramLabel = "KEY", description = "The key of the item.")
        @SuppressWarnings("NullAway.Init")
        private String key;

        @Option(names = "--confirm", description = "Also where the column of work has as many cards as it may have.")
        private boolean isConfirmed;

        StartCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            TaskId task = operate(architect -> architect
                    .projects()
                    .items()
                    .start(item(architect, key).id(), Optional.empty(), isConfirmed, actor()));
            print(task.toString());
            return 0;
        }
    }
}
