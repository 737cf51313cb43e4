package dev.architect.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.project.Actor;
import dev.architect.project.PlanningException;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.board.ColumnDraft;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.FieldKind;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.board.Stage;
import dev.architect.project.board.ViewDraft;
import dev.architect.project.item.Comment;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.item.LinkKind;
import dev.architect.project.milestone.BurnUp;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.milestone.MilestoneState;
import dev.architect.project.rule.ItemMove;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.ImportReport;
import dev.architect.project.transfer.ImportTarget;
import dev.architect.project.transfer.ProjectArchive;
import dev.architect.project.transfer.SourceComment;
import dev.architect.project.transfer.SourceFile;
import dev.architect.project.transfer.SourceItem;
import dev.architect.project.transfer.SourceLink;
import dev.architect.project.transfer.SourceProject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Projects come from other programs and from archives. */
class ProjectImportCases extends ProjectCases {

    private static final long MOST = 1_000_000;
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

    ProjectImportCases(ProjectStoreContract contract) {
        super(contract);
    }

    private static ProjectId name() {
        return new ProjectId("q" + UUID.randomUUID().toString().replace("-", ""));
    }

    private static SourceItem item(String id, long number, String title, Optional<String> parent, String column) {
        return new SourceItem(
                "row " + id,
                id,
                OptionalLong.of(number),
                ItemDraft.of(ItemKind.FEATURE, title),
                new SourceItem.References(column, parent, Optional.of("1.0"), List.of("ui")),
                new SourceItem.Times(
                        Optional.of(THEN),
                        Optional.of(Actor.person("eve")),
                        Optional.of(THEN.plusSeconds(60)),
                        Optional.empty(),
                        Optional.of(THEN.plusSeconds(3_600))),
                List.of(new SourceComment(
                        id + "-c",
                        Optional.empty(),
                        Optional.of(Actor.person("eve")),
                        Optional.of(THEN),
                        "zebra " + id)),
                List.of(new SourceFile(
                        "row " + id,
                        "a.txt",
                        "",
                        new SourceFile.Bytes(("file " + id).getBytes(StandardCharsets.UTF_8)))),
                Optional.of("{\"key\":\"" + id + "\"}"));
    }

    private static SourceProject source(List<SourceItem> items, List<SourceLink> links) {
        return new SourceProject(
                "github",
                Set.of("title", "body", "priority", "parent", "milestone", "labels"),
                Optional.empty(),
                ProjectDraft.of("Shop"),
                new SourceProject.Parts(
                        List.of(ColumnDraft.of("Open", Stage.READY), ColumnDraft.of("Closed", Stage.DONE)),
                        List.of(LabelDraft.of("ui")),
                        List.of(MilestoneDraft.of("1.0"))),
                items,
                links,
                List.of());
    }

    private static SourceProject source() {
        return source(
                List.of(
                        item("a", 3, "First", Optional.empty(), "Closed"),
                        item("b", 7, "Second", Optional.of("a"), "Open")),
                List.of(new SourceLink("row b", "b", "a", LinkKind.RELATES)));
    }

    @Test
    void importsOnceAndThenOnlyWhatHasChanged() {
        ImportTarget target = new ImportTarget(name(), prefix());

        ImportReport preview = projects().imports().preview(source(), target, ADA);
        assertThat(projects().find(target.project())).isEmpty();
        ImportReport first = projects().imports().run(source(), target, ADA);
        ProjectArchive before = projects().imports().export(target.project(), MOST);
        time().advance(Duration.ofHours(1));
        ImportReport second = projects().imports().run(source(), target, ADA);

        assertThat(preview).isEqualTo(first);
        assertThat(first.items()).isEqualTo(new ImportReport.Items(2, 0, 0, 0));
        assertThat(first.added()).isEqualTo(new ImportReport.Added(3, 1, 1, 1, 2, 2));
        assertThat(second.isChange()).isFalse();
        assertThat(projects().imports().export(target.project(), MOST)).isEqualTo(before);
        Item closed = projects().items().get(new ItemKey(target.prefix(), 3));
        assertThat(closed.progress().doneAt()).contains(THEN.plusSeconds(3_600));
        assertThat(closed.originData()).contains("{\"key\":\"a\"}");
        assertThat(projects().items().list(ItemQuery.of(target.project()).withWords(List.of("zebra"))))
                .hasSize(2);
        Item open = projects().items().get(new ItemKey(target.prefix(), 7));
        assertThat(open.draft().plan().parent()).contains(closed.id());
        Milestone milestone = projects().milestones().of(target.project()).get(0);
        BurnUp burnUp = projects().milestones().burnUp(milestone.id());
        assertThat(burnUp.days().get(0)).isEqualTo(new BurnUp.Day(LocalDate.parse("2026-01-01"), 2, 1));
        assertThat(projects()
                        .items()
                        .create(target.project(), ItemDraft.of(ItemKind.CHORE, "New"), Optional.empty(), ADA)
                        .key()
                        .number())
                .isEqualTo(8);
    }

    @Test
    void leavesWhatWasEditedMovedAndDeletedHere() {
        ImportTarget target = new ImportTarget(name(), prefix());
        projects().imports().run(source(), target, ADA);
        Item open = projects().items().get(new ItemKey(target.prefix(), 7));
        projects().items().edit(open.id(), 1, open.draft().withTitle("Ours"), BOB);
        Comment comment = projects().comments().of(open.id()).get(0);
        projects().comments().delete(comment.id(), 1, ADA);
        Item closed = projects().items().get(new ItemKey(target.prefix(), 3));
        projects().items().move(closed.id(), ItemMove.toEnd(open.place().column()), BOB);

        ImportReport report = projects()
                .imports()
                .run(
                        source(
                                List.of(
                                        item("a", 3, "First, again", Optional.empty(), "Closed"),
                                        item("b", 7, "Theirs", Optional.of("a"), "Closed"),
                                        item("c", 5, "Third", Optional.empty(), "Open")),
                                List.of(new SourceLink("row b", "c", "b", LinkKind.BLOCKS))),
                        target,
                        ADA);

        assertThat(report.items()).isEqualTo(new ImportReport.Items(1, 2, 0, 0));
        assertThat(projects().items().get(open.id()).draft().title()).isEqualTo("Ours");
        assertThat(projects().comments().of(open.id())).isEmpty();
        Item after = projects().items().get(closed.id());
        assertThat(after.draft().title()).isEqualTo("First, again");
        assertThat(after.place().column()).isEqualTo(open.place().column());
        // Its number is taken here.
        assertThat(projects()
                        .items()
                        .get(new ItemKey(target.prefix(), 8))
                        .draft()
                        .title())
                .isEqualTo("Third");
        projects()
                .items()
                .delete(open.id(), projects().items().get(open.id()).revision().version(), BOB);
        assertThat(projects().imports().run(source(), target, ADA).items().gone())
                .isEqualTo(1);
    }

    @Test
    void anItemThatIsMovedToAnotherProjectTakesTheDataOfItsSourceAlong() {
        ImportTarget target = new ImportTarget(name(), prefix());
        projects().imports().run(source(), target, ADA);
        Item closed = projects().items().get(new ItemKey(target.prefix(), 3));

        Item moved = projects()
                .items()
                .transfer(closed.id(), OptionalLong.empty(), project().id(), Optional.empty(), false, BOB);
        ImportReport again = projects().imports().run(source(), target, ADA);

        assertThat(moved.originData()).contains("{\"key\":\"a\"}");
        assertThat(moved.origin()).isEqualTo(closed.origin());
        assertThat(projects().items().get(moved.id())).isEqualTo(moved);
        assertThat(again.items()).isEqualTo(new ImportReport.Items(0, 0, 1, 1));
    }

    @Test
    void aRefusalLeavesNothing() {
        ImportTarget target = new ImportTarget(name(), prefix());
        SourceProject circle = source(
                List.of(
                        item("a", 1, "First", Optional.empty(), "Open"),
                        item("b", 2, "Second", Optional.of("a"), "Open")),
                List.of(new SourceLink("row b", "a", "b", LinkKind.BLOCKS)));

        assertThatThrownBy(() -> projects().imports().run(circle, target, ADA))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("row b: relation is a circle, a → b → a, expected none");
        refused(
                () -> projects()
                        .imports()
                        .run(source(), new ImportTarget(name(), project().prefix()), ADA),
                PlanningException.Kind.TAKEN);
        SourceItem late = item("b", 2, "Second", Optional.empty(), "Open");
        SourceItem unknown = new SourceItem(
                late.place(),
                late.id(),
                late.number(),
                late.draft(),
                new SourceItem.References("Nowhere", Optional.empty(), Optional.empty(), List.of()),
                late.times(),
                List.of(),
                List.of(),
                Optional.empty());
        assertThatThrownBy(() -> projects()
                        .imports()
                        .run(
                                source(List.of(item("a", 1, "First", Optional.empty(), "Open"), unknown), List.of()),
                                target,
                                ADA))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("row b: column is 'Nowhere'");
        assertThat(projects().find(target.project())).isEmpty();
    }

    /** A project with all that there is, deleted things included. */
    private Map<String, Item> fill() {
        var label = projects().parts().addLabel(id(), LabelDraft.of("ui"), ADA);
        var field = projects().parts().addField(id(), new FieldDraft("Customer", FieldKind.TEXT, List.of()), ADA);
        projects().parts().addView(id(), new ViewDraft("Mine", "label:ui", ViewDraft.Layout.TABLE, true), ADA);
        Milestone milestone = projects()
                .milestones()
                .create(id(), new MilestoneDraft("1.0", "", Optional.of(LocalDate.parse("2026-05-01"))), ADA);
        Map<String, Item> items = new LinkedHashMap<>();
        Item whole = add("Whole");
        items.put("whole", whole);
        items.put(
                "part",
                add(ItemDraft.of(ItemKind.BUG, "Part \u00e4\ud83d\ude00")
                        .withBody("Text")
                        .withLabels(Set.of(label.id()))
                        .withFields(Map.of(field.id(), "acme"))
                        .withAssignees(List.of(AGENT))
                        .withPlan(
                                new ItemPlan(Optional.of(whole.id()), Optional.of(milestone.id()), Optional.empty()))));
        Item gone = add("Gone");
        projects().items().delete(gone.id(), 1, ADA);
        items.put("other", add("Other"));
        Item part = present(items, "part");
        projects().milestones().move(milestone.id(), 1, MilestoneState.ACTIVE, ADA);
        projects()
                .milestones()
                .edit(
                        milestone.id(),
                        2,
                        new MilestoneDraft("1.0", "", Optional.of(LocalDate.parse("2026-06-01"))),
                        Optional.of("Late"),
                        ADA);
        time().advance(Duration.ofDays(1));
        projects().items().move(part.id(), ItemMove.toEnd(column(Stage.DONE)), BOB);
        projects().links().add(new ItemLink(part.id(), present(items, "other").id(), LinkKind.BLOCKS), ADA);
        projects().links().add(new ItemLink(present(items, "other").id(), whole.id(), LinkKind.RELATES), ADA);
        Comment question = projects().comments().add(part.id(), Optional.empty(), "Why?", ADA);
        projects().comments().add(part.id(), Optional.of(question.id()), "Because", BOB);
        projects().comments().edit(question.id(), 1, "Why, then?", ADA);
        projects().comments().resolve(question.id(), true, BOB);
        projects().attachments().add(part.id(), "a.txt", "", "hello".getBytes(StandardCharsets.UTF_8), ADA);
        projects().attachments().add(whole.id(), "b.txt", "", "hello".getBytes(StandardCharsets.UTF_8), ADA);
        var old = projects().parts().addField(id(), new FieldDraft("Old", FieldKind.FLAG, List.of()), ADA);
        projects().parts().deleteField(old.id(), 1, ADA);
        return items;
    }

    private static Item present(Map<String, Item> items, String name) {
        return Optional.ofNullable(items.get(name)).orElseThrow();
    }

    private static List<String> all(ProjectArchive archive, String prefix, ProjectId name) {
        List<String> lines = new ArrayList<>();
        archive.tables()
                .forEach((table, rows) -> rows.forEach(row -> lines.add(table + " "
                        + row.replace(prefix, "PREFIX").replace("\"key\":\"" + name.name(), "\"key\":\"NAME"))));
        return lines;
    }

    @Test
    void anArchiveLosesNothing() {
        Map<String, Item> items = fill();
        projects().archive(id(), ADA);
        ProjectArchive archive = projects().imports().export(id(), MOST);
        ImportTarget target = new ImportTarget(name(), prefix());

        ImportReport preview = projects().imports().previewRestore(archive, Optional.of(target));
        ImportReport report = projects().imports().restore(archive, Optional.of(target));

        assertThat(preview).isEqualTo(report);
        assertThat(report.items().added()).isEqualTo(3);
        ProjectArchive again = projects().imports().export(target.project(), MOST);
        assertThat(all(again, target.prefix(), target.project()))
                .containsExactlyElementsOf(all(archive, project().prefix(), id()));
        assertThat(again.contents().keySet())
                .isEqualTo(archive.contents().keySet())
                .hasSize(1);
        assertThat(projects().imports().restore(again, Optional.empty()).isChange())
                .isFalse();
        // The copy lives on: what it refers to is its own, and no key is given twice.
        projects().restore(target.project(), ADA);
        Item part = projects()
                .items()
                .get(new ItemKey(target.prefix(), present(items, "part").key().number()));
        assertThat(part.id()).isNotEqualTo(present(items, "part").id());
        assertThat(projects().items().list(ItemQuery.of(target.project()).withWords(List.of("because"))))
                .extracting(Item::key)
                .containsExactly(part.key());
        Milestone milestone = projects().milestones().of(target.project()).get(0);
        Milestone original = projects().milestones().of(id()).get(0);
        assertThat(projects().milestones().burnUp(milestone.id()).days())
                .isEqualTo(projects().milestones().burnUp(original.id()).days());
        assertThat(projects().milestones().burnUp(milestone.id()).slips()).hasSize(1);
        assertThat(projects()
                        .items()
                        .create(target.project(), ItemDraft.of(ItemKind.CHORE, "New"), Optional.empty(), ADA)
                        .key()
                        .number())
                .isEqualTo(5);
        refused(() -> projects().imports().restore(archive, Optional.of(target)), PlanningException.Kind.TAKEN);
    }
}
