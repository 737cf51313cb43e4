package dev.architect.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.json.InvalidFieldException;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.StaleVersionException;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.ColumnChange;
import dev.architect.project.board.CustomField;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.FieldKind;
import dev.architect.project.board.Label;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Comment;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.item.LinkKind;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.rule.ItemMove;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.PlanEvent;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Items that are moved to another project. */
abstract class ProjectTransferCases extends ProjectCases {

    ProjectTransferCases(ProjectStoreContract contract) {
        super(contract);
    }

    private Item transfer(Item item, ProjectId project) {
        return projects().items().transfer(item.id(), OptionalLong.empty(), project, Optional.empty(), false, ADA);
    }

    private List<String> titles(ProjectId project) {
        return projects().items().list(ItemQuery.of(project)).stream()
                .map(item -> item.draft().title())
                .toList();
    }

    @Test
    void anItemTakesAlongWhatIsItsOwnAndKeepsItsOldKey() {
        Project other = create();
        Item item = add(ItemDraft.of(ItemKind.BUG, "Wrong sum").withBody("Of the month."));
        Item blocked = add("Blocked");
        projects().links().add(new ItemLink(item.id(), blocked.id(), LinkKind.BLOCKS), ADA);
        Comment comment = projects().comments().add(item.id(), Optional.empty(), "By one cent", BOB);
        projects()
                .attachments()
                .add(item.id(), "sum.txt", "text/plain", "1 + 1 = 3".getBytes(StandardCharsets.UTF_8), ADA);
        TaskId task = projects().items().start(item.id(), Optional.empty(), false, ADA);
        projects().items().move(item.id(), ItemMove.toEnd(column(Stage.ACTIVE)), ADA);

        Item moved = transfer(item, other.id());

        assertThat(moved.id()).isEqualTo(item.id());
        assertThat(moved.key()).isEqualTo(new ItemKey(other.prefix(), 1));
        assertThat(moved.project()).isEqualTo(other.id());
        assertThat(moved.draft().body()).isEqualTo("Of the month.");
        assertThat(moved.progress().startedAt()).isPresent();
        assertThat(projects().boards().columns(other.id()))
                .filteredOn(column -> column.id().equals(moved.place().column()))
                .extracting(BoardColumn::stage)
                .containsExactly(Stage.ACTIVE);
        assertThat(get(item)).isEqualTo(moved);
        assertThat(projects().items().get(moved.key())).isEqualTo(moved);
        assertThat(projects().items().get(item.key())).isEqualTo(moved);
        assertThat(titles(id())).containsExactly("Blocked");
        assertThat(titles(other.id())).containsExactly("Wrong sum");
        assertThat(projects().items().list(ItemQuery.of(other.id()).withWords(List.of("cent"))))
                .hasSize(1);
        assertThat(projects().comments().of(item.id())).singleElement().satisfies(each -> {
            assertThat(each.id()).isEqualTo(comment.id());
            assertThat(each.project()).isEqualTo(other.id());
        });
        assertThat(projects()
                        .comments()
                        .edit(comment.id(), 1, "By two cents", BOB)
                        .body())
                .isEqualTo("By two cents");
        assertThat(projects().attachments().of(item.id())).hasSize(1);
        assertThat(projects().items().tasks(item.id())).extracting(Task::id).containsExactly(task);
        assertThat(projects().links().of(item.id()))
                .containsExactly(new ItemLink(item.id(), blocked.id(), LinkKind.BLOCKS));
        assertThat(projects().items().events(item.id(), Long.MAX_VALUE, 100))
                .extracting(PlanEvent::field)
                .contains("moved", "created", "task");
        assertThat(add("Next").key().number()).isEqualTo(3);
    }

    @Test
    void anItemGoesOnAndBackAndEveryKeyNamesIt() {
        Project second = create();
        Project third = create();
        Item item = add("Traveller");

        Item moved = transfer(transfer(item, second.id()), third.id());
        Item back = transfer(moved, id());

        assertThat(back.key().number()).isEqualTo(2);
        for (ItemKey key :
                List.of(item.key(), new ItemKey(second.prefix(), 1), new ItemKey(third.prefix(), 1), back.key())) {
            assertThat(projects().items().get(key)).as(key.toString()).isEqualTo(back);
        }
        assertThat(projects().items().events(item.id(), Long.MAX_VALUE, 100))
                .filteredOn(event -> event.field().equals("moved"))
                .hasSize(3);
        projects().items().delete(back.id(), back.revision().version(), ADA);
        refused(() -> projects().items().get(item.key()), Kind.NOT_FOUND);
    }

    @Test
    void labelsAndFieldsBecomeThoseOfTheSameName() {
        Project other = create();
        Label known = projects().parts().addLabel(other.id(), LabelDraft.of("UI"), ADA);
        CustomField team =
                projects().parts().addField(other.id(), new FieldDraft("team", FieldKind.CHOICE, List.of("red")), ADA);
        projects().parts().addField(other.id(), new FieldDraft("Size", FieldKind.NUMBER, List.of()), ADA);
        PartId ui = projects().parts().addLabel(id(), LabelDraft.of("ui"), ADA).id();
        PartId api = projects()
                .parts()
                .addLabel(id(), new LabelDraft("api", "#00ff00", "Over HTTP"), ADA)
                .id();
        PartId oldTeam = projects()
                .parts()
                .addField(id(), new FieldDraft("Team", FieldKind.CHOICE, List.of("red", "blue")), ADA)
                .id();
        PartId size = projects()
                .parts()
                .addField(id(), new FieldDraft("Size", FieldKind.TEXT, List.of()), ADA)
                .id();
        Item red = add(ItemDraft.of(ItemKind.CHORE, "Red")
                .withLabels(Set.of(ui, api))
                .withFields(Map.of(oldTeam, "red", size, "huge")));
        Item blue =
                add(ItemDraft.of(ItemKind.CHORE, "Blue").withLabels(Set.of(api)).withFields(Map.of(oldTeam, "blue")));

        Item movedRed = transfer(red, other.id());
        Item movedBlue = transfer(blue, other.id());

        List<Label> labels = projects().parts().labels(other.id());
        assertThat(labels).extracting(label -> label.draft().name()).containsExactly("UI", "api");
        assertThat(labels.get(1).draft().description()).isEqualTo("Over HTTP");
        assertThat(movedRed.draft().labels())
                .containsExactlyInAnyOrder(known.id(), labels.get(1).id());
        assertThat(movedBlue.draft().labels()).containsExactly(labels.get(1).id());
        assertThat(movedRed.draft().fields()).isEqualTo(Map.of(team.id(), "red"));
        assertThat(movedBlue.draft().fields()).isEmpty();
        assertThat(projects().items().events(blue.id(), Long.MAX_VALUE, 100))
                .filteredOn(event ->
                        event.field().equals("fields") && event.project().equals(other.id()))
                .singleElement()
                .satisfies(event -> assertThat(event.before()).contains("blue"));
        assertThat(projects().parts().labels(id())).hasSize(2);
    }

    @Test
    void whatIsOfTheOldProjectAloneStaysThere() {
        Project other = create();
        Milestone milestone = projects().milestones().create(id(), MilestoneDraft.of("0.3"), ADA);
        Item parent = add("Parent");
        Item item = add(ItemDraft.of(ItemKind.FEATURE, "Middle")
                .withPlan(new ItemPlan(Optional.of(parent.id()), Optional.of(milestone.id()), Optional.empty())));
        Item part = add(ItemDraft.of(ItemKind.FEATURE, "Part").withParent(Optional.of(item.id())));
        assertThat(projects().milestones().burnUp(milestone.id()).days().get(0).scope())
                .isEqualTo(1);

        Item moved = transfer(item, other.id());

        assertThat(moved.draft().plan()).isEqualTo(ItemPlan.NONE);
        assertThat(get(part).draft().plan().parent()).isEmpty();
        assertThat(projects().links().of(parent.id())).isEmpty();
        assertThat(projects().milestones().burnUp(milestone.id()).days().get(0).scope())
                .isZero();
    }

    @Test
    void whatCannotBeMovedStaysAsItIs() {
        Project other = create();
        Project closed = create();
        projects().archive(closed.id(), ADA);
        Item item = add("Item");
        List<ColumnChange> changes = new ArrayList<>();
        for (BoardColumn column : projects().boards().columns(other.id())) {
            changes.add(new ColumnChange(
                    Optional.of(column.id()),
                    OptionalLong.empty(),
                    column.stage() == Stage.BACKLOG ? column.draft().withWipLimit(1) : column.draft()));
        }
        projects().boards().update(other.id(), 1, changes, Map.of(), ADA);
        transfer(add("First"), other.id());

        assertThatThrownBy(() -> transfer(item, id())).isInstanceOf(InvalidFieldException.class);
        refused(() -> transfer(item, closed.id()), Kind.PROJECT_CLOSED);
        refused(() -> transfer(item, new ProjectId("nowhere")), Kind.NOT_FOUND);
        refused(() -> transfer(item, other.id()), Kind.WIP_LIMIT);
        assertThatThrownBy(() -> projects()
                        .items()
                        .transfer(item.id(), OptionalLong.of(7), other.id(), Optional.empty(), true, ADA))
                .isInstanceOf(StaleVersionException.class);
        assertThatThrownBy(() -> projects()
                        .items()
                        .transfer(
                                item.id(),
                                OptionalLong.empty(),
                                other.id(),
                                Optional.of(column(Stage.DONE)),
                                true,
                                ADA))
                .isInstanceOf(InvalidFieldException.class);
        assertThat(get(item)).isEqualTo(item);
        assertThat(projects()
                        .items()
                        .transfer(item.id(), OptionalLong.of(1), other.id(), Optional.empty(), true, ADA)
                        .key())
                .isEqualTo(new ItemKey(other.prefix(), 2));
    }

    @Test
    void movesToAndFroLoseNoEdit() throws Exception {
        Project other = create();
        Item item = add("Item");
        int rounds = 20;
        ExecutorService runner = Executors.newFixedThreadPool(2);
        try {
            Future<?> moves = runner.submit(() -> {
                for (int i = 0; i < rounds; i++) {
                    transfer(item, i % 2 == 0 ? other.id() : id());
                }
            });
            Future<?> edits = runner.submit(() -> {
                for (int i = 0; i < rounds; i++) {
                    append(item, "[" + i + "]");
                }
            });
            moves.get(3, TimeUnit.MINUTES);
            edits.get(3, TimeUnit.MINUTES);
        } finally {
            runner.shutdownNow();
        }

        Item last = get(item);
        assertThat(last.project()).isEqualTo(id());
        assertThat(last.revision().version()).isEqualTo(1 + 2 * rounds);
        for (int i = 0; i < rounds; i++) {
            assertThat(last.draft().body()).containsOnlyOnce("[" + i + "]");
        }
        assertThat(titles(other.id())).isEmpty();
    }

    private void append(Item item, String mark) {
        Item seen = get(item);
        while (true) {
            try {
                projects()
                        .items()
                        .edit(
                                seen.id(),
                                seen.revision().version(),
                                seen.draft().withBody(seen.draft().body() + mark),
                                BOB);
                return;
            } catch (StaleVersionException stale) {
                seen = (Item) stale.current();
            }
        }
    }
}
