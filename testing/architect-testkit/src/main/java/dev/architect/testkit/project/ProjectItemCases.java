package dev.architect.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.json.InvalidFieldException;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.StaleVersionException;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.FieldKind;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Block;
import dev.architect.project.item.Estimate;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.item.ItemSize;
import dev.architect.project.item.ItemWeight;
import dev.architect.project.item.ItemWork;
import dev.architect.project.item.Severity;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.rule.BulkEdit;
import dev.architect.project.rule.ItemMove;
import dev.architect.project.store.PlanEvent;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How items are made, changed and deleted. */
abstract class ProjectItemCases extends ProjectCases {

    ProjectItemCases(ProjectStoreContract contract) {
        super(contract);
    }

    private ItemDraft full() {
        PartId label =
                projects().parts().addLabel(id(), LabelDraft.of("ui"), ADA).id();
        PartId field = projects()
                .parts()
                .addField(id(), new FieldDraft("Customer", FieldKind.TEXT, List.of()), ADA)
                .id();
        return new ItemDraft(
                ItemKind.BUG,
                "Login \u0000 fails",
                "Steps: **1** \uD800 end",
                new ItemWeight(
                        2,
                        Optional.of(Severity.MAJOR),
                        Optional.of(ItemSize.L),
                        Optional.of(new Estimate(30, 60, 240, Estimate.Source.MODEL))),
                new ItemPlan(
                        Optional.of(add("Parent").id()),
                        Optional.of(projects()
                                .milestones()
                                .create(id(), MilestoneDraft.of("Beta"), ADA)
                                .id()),
                        Optional.of(LocalDate.of(2027, 2, 3))),
                List.of(BOB, AGENT),
                Set.of(label),
                Map.of(field, "ACME"),
                new ItemWork(
                        Optional.of("mvn verify"),
                        Optional.of("prompt"),
                        Optional.of(new Block(Block.Reason.EXTERNAL, "waits for the vendor"))));
    }

    @Test
    void keepsAllOfAnItem() {
        ItemDraft draft = full();

        Item item = projects().items().create(id(), draft, Optional.of(column(Stage.READY)), Optional.of("csv:7"), BOB);

        assertThat(item.draft()).isEqualTo(draft);
        assertThat(item.key()).isEqualTo(new ItemKey(project().prefix(), 2));
        assertThat(get(item)).isEqualTo(item);
        assertThat(projects().items().get(item.key())).isEqualTo(item);
        assertThat(item.origin()).contains("csv:7");
        assertThat(item.revision().createdBy()).isEqualTo(BOB);
        assertThat(item.id().value() & 255).isEqualTo(id().shard());
    }

    @Test
    void changesWhatDiffersAndNotesIt() {
        Item item = add("Login");
        ItemDraft draft = full();
        time().advance(Duration.ofSeconds(7));

        Item changed = projects().items().edit(item.id(), 1, draft, BOB);

        assertThat(get(item)).isEqualTo(changed);
        assertThat(changed.draft()).isEqualTo(draft);
        assertThat(changed.revision().version()).isEqualTo(2);
        assertThat(changed.revision().updatedAt())
                .isEqualTo(item.revision().updatedAt().plusSeconds(7));
        List<PlanEvent> events = projects().items().events(item.id(), Long.MAX_VALUE, 100);
        assertThat(events)
                .filteredOn(event -> event.version() == 2)
                .extracting(PlanEvent::field)
                .containsExactlyInAnyOrder(
                        "kind",
                        "title",
                        "body",
                        "priority",
                        "severity",
                        "size",
                        "estimate",
                        "parent",
                        "milestone",
                        "due",
                        "assignees",
                        "labels",
                        "fields",
                        "check",
                        "worker",
                        "blocked");
        assertThat(events)
                .filteredOn(event -> event.field().equals("priority"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.before()).isEqualTo("5");
                    assertThat(event.after()).isEqualTo("2");
                    assertThat(event.by()).isEqualTo(BOB);
                });
        assertThat(projects().items().edit(item.id(), 2, draft, ADA)).isEqualTo(changed);
    }

    @Test
    void namesTheFieldsThatChangedSinceAVersion() {
        Item item = add("Login");
        projects().items().edit(item.id(), 1, item.draft().withPriority(1), BOB);
        projects().items().edit(item.id(), 2, item.draft().withPriority(1).withBody("More"), BOB);

        StaleVersionException stale = catchThrowableOfType(
                StaleVersionException.class,
                () -> projects().items().edit(item.id(), 1, item.draft().withTitle("Sign in"), ADA));

        assertThat(stale.changed()).containsExactlyInAnyOrder("priority", "body");
        assertThat(stale.current().revision().version()).isEqualTo(3);
        assertThat(stale).hasMessageContaining(item.key().toString());
        // Another field than those: made again from the newest version, both changes stand.
        ItemDraft merged = ((Item) stale.current()).draft().withTitle("Sign in");
        Item after = projects().items().edit(item.id(), 3, merged, ADA);
        assertThat(after.draft().title()).isEqualTo("Sign in");
        assertThat(after.draft().body()).isEqualTo("More");
    }

    @Test
    void givesNoKeyTwice() {
        Item first = add("One");
        Item second = add("Two");
        projects().items().delete(second.id(), 1, ADA);

        assertThat(add("Three").key().number()).isEqualTo(3);
        assertThat(first.key().number()).isEqualTo(1);
        refused(() -> projects().items().get(second.key()), Kind.NOT_FOUND);
    }

    @Test
    void refusesWhatIsNotOfTheProject() {
        PartId label = projects()
                .parts()
                .addLabel(create().id(), LabelDraft.of("else"), ADA)
                .id();

        assertThatThrownBy(() -> add(ItemDraft.of(ItemKind.BUG, "One").withLabels(Set.of(label))))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining(label.toString());
        assertThatThrownBy(() -> add(ItemDraft.of(ItemKind.BUG, "One").withFields(Map.of(label, "x"))))
                .isInstanceOf(InvalidFieldException.class);
        assertThatThrownBy(() ->
                        projects().items().create(id(), ItemDraft.of(ItemKind.BUG, "One"), Optional.of(label), ADA))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("column");
        assertThat(add("First of all").key().number()).isEqualTo(1);
    }

    @Test
    void checksValuesOfCustomFields() {
        Map<FieldKind, List<String>> examples = new LinkedHashMap<>();
        examples.put(FieldKind.TEXT, List.of("anything", " "));
        examples.put(FieldKind.NUMBER, List.of("-1.5e3", "many"));
        examples.put(FieldKind.DATE, List.of("2026-11-29", "tomorrow"));
        examples.put(FieldKind.CHOICE, List.of("red", "blue"));
        examples.put(FieldKind.PEOPLE, List.of("person:ada", "robot:x"));
        examples.put(FieldKind.FLAG, List.of("true", "yes"));
        examples.forEach((kind, values) -> {
            PartId field = projects()
                    .parts()
                    .addField(
                            id(),
                            new FieldDraft(kind.name(), kind, kind == FieldKind.CHOICE ? List.of("red") : List.of()),
                            ADA)
                    .id();
            ItemDraft draft = ItemDraft.of(ItemKind.CHORE, "With " + kind);

            assertThat(add(draft.withFields(Map.of(field, values.get(0))))
                            .draft()
                            .fields())
                    .containsEntry(field, values.get(0));
            assertThatThrownBy(() -> add(draft.withFields(Map.of(field, values.get(1)))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(kind.name());
        });
    }

    @Test
    void deletesWithAllThatBelongsToIt() {
        Item item = add("Login");
        Item child = add(ItemDraft.of(ItemKind.CHORE, "Part").withParent(Optional.of(item.id())));
        PartId comment = projects()
                .comments()
                .add(item.id(), Optional.empty(), "Why?", BOB)
                .id();

        projects().items().delete(item.id(), 1, ADA);

        refused(() -> projects().items().get(item.id()), Kind.NOT_FOUND);
        refused(() -> projects().comments().get(comment), Kind.NOT_FOUND);
        assertThat(get(child).draft().plan().parent()).isEmpty();
        refused(() -> projects().items().delete(item.id(), 1, ADA), Kind.NOT_FOUND);
    }

    @Test
    void changesFiveHundredItemsAtOnce() {
        Map<ItemId, Long> items = new LinkedHashMap<>();
        for (int i = 0; i < BulkEdit.MOST; i++) {
            items.put(add("Item " + i).id(), 1L);
        }

        List<BulkEdit.Outcome> outcomes = projects()
                .items()
                .bulk(
                        id(),
                        new BulkEdit(
                                items,
                                draft -> draft.withPriority(1),
                                Optional.of(ItemMove.toEnd(column(Stage.READY))),
                                true),
                        ADA);

        assertThat(outcomes).hasSize(BulkEdit.MOST).allSatisfy(each -> {
            assertThat(each.refusal()).isEmpty();
            assertThat(each.version()).isEqualTo(3);
        });
        assertThat(outcomes).extracting(BulkEdit.Outcome::item).containsExactlyElementsOf(items.keySet());
        assertThat(projects().boards().board(id(), 500).lanes().get(1).cards())
                .hasSize(BulkEdit.MOST)
                .allSatisfy(card -> assertThat(card.draft().weight().priority()).isEqualTo(1));
    }

    @Test
    void changesWhatCanBeChangedOrNothing() {
        Item fresh = add("Fresh");
        Item stale = add("Stale");
        projects().items().edit(stale.id(), 1, stale.draft().withBody("x"), BOB);
        Map<ItemId, Long> items = new LinkedHashMap<>();
        items.put(fresh.id(), 1L);
        items.put(stale.id(), 1L);
        BulkEdit each = BulkEdit.of(items, draft -> draft.withPriority(0));

        assertThatThrownBy(() ->
                        projects().items().bulk(id(), new BulkEdit(items, each.change(), Optional.empty(), true), ADA))
                .isInstanceOf(StaleVersionException.class);
        assertThat(get(fresh)).isEqualTo(fresh);

        List<BulkEdit.Outcome> outcomes = projects().items().bulk(id(), each, ADA);

        assertThat(outcomes.get(0).version()).isEqualTo(2);
        assertThat(outcomes.get(1).refusal()).get().isInstanceOf(StaleVersionException.class);
        assertThat(get(fresh).draft().weight().priority()).isZero();
        assertThat(get(stale).draft().weight().priority()).isEqualTo(5);
    }

    @Test
    void startsTasksAndSumsThem() {
        Item item = add(ItemDraft.of(ItemKind.FEATURE, "Say hello").withBody("In French."));

        TaskId first = projects().items().start(item.id(), Optional.empty(), false, ADA);
        TaskId second = projects().items().start(item.id(), Optional.empty(), false, ADA);

        assertThat(projects().items().tasks(item.id())).extracting(Task::id).containsExactly(first, second);
        assertThat(store().tasks().find(first).orElseThrow().request()).satisfies(request -> {
            assertThat(request.item()).contains(item.id());
            assertThat(request.attribution().project()).isEqualTo(id());
            assertThat(request.payload()).contains("Say hello").contains("In French.");
        });
        assertThat(projects().items().cost(item.id()).tasks()).isEqualTo(2);
        assertThat(projects().items().cost(item.id()).attempts()).isZero();
        assertThat(projects().items().cost(item.id()).totals().calls().all()).isZero();
    }

    @Test
    void startsNothingThatIsBlockedOrEnded() {
        Item blocked = add(ItemDraft.of(ItemKind.CHORE, "Blocked")
                .withWork(new ItemWork(
                        Optional.empty(), Optional.empty(), Optional.of(new Block(Block.Reason.NEEDS_INPUT, "")))));
        Item done = add("Done");
        projects().items().move(done.id(), ItemMove.toEnd(column(Stage.DONE)), ADA);

        refused(() -> projects().items().start(blocked.id(), Optional.empty(), false, ADA), Kind.NOT_POSSIBLE);
        refused(() -> projects().items().start(done.id(), Optional.empty(), false, ADA), Kind.NOT_POSSIBLE);
        assertThat(projects().items().tasks(blocked.id())).isEmpty();
    }
}
