package dev.architect.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.json.InvalidFieldException;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Project;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.ColumnChange;
import dev.architect.project.board.ColumnDraft;
import dev.architect.project.board.CustomField;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.FieldKind;
import dev.architect.project.board.Label;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.board.ProjectTemplate;
import dev.architect.project.board.SavedView;
import dev.architect.project.board.Stage;
import dev.architect.project.board.ViewDraft;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.milestone.MilestoneState;
import dev.architect.project.rule.ItemFilter;
import dev.architect.project.store.ItemQuery;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What projects begin with that are made from templates and from other projects. */
abstract class ProjectTemplateCases extends ProjectCases {

    ProjectTemplateCases(ProjectStoreContract contract) {
        super(contract);
    }

    private Project from(String template) {
        ProjectId name = new ProjectId("p" + UUID.randomUUID().toString().replace("-", ""));
        Optional<String> wanted = Optional.of(template);
        return projects().create(name, prefix(), projects().draft("Copy", wanted), wanted, BOB);
    }

    private List<ColumnDraft> columns(Project project) {
        return projects().boards().columns(project.id()).stream()
                .map(BoardColumn::draft)
                .toList();
    }

    private List<LabelDraft> labels(Project project) {
        return projects().parts().labels(project.id()).stream()
                .map(Label::draft)
                .toList();
    }

    private List<FieldDraft> fields(Project project) {
        return projects().parts().fields(project.id()).stream()
                .map(CustomField::draft)
                .toList();
    }

    private List<ViewDraft> views(Project project) {
        return projects().parts().views(project.id(), ADA).stream()
                .map(SavedView::draft)
                .toList();
    }

    @Test
    void eachBuiltInTemplateGivesWhatItNames() {
        for (ProjectTemplate template : ProjectTemplate.builtIn()) {
            Project made = from(template.name());

            assertThat(made.template()).contains(template.name());
            assertThat(projects().get(made.id())).isEqualTo(made);
            assertThat(columns(made)).isEqualTo(template.columns());
            assertThat(labels(made)).isEqualTo(template.labels());
            assertThat(fields(made)).isEqualTo(template.fields());
            assertThat(views(made)).isEqualTo(template.views());
            // An item can be made, and each view is a filter that the project understands.
            projects().items().create(made.id(), ItemDraft.of(ItemKind.BUG, "One"), Optional.empty(), BOB);
            views(made)
                    .forEach(view -> assertThat(
                                    projects().items().list(ItemFilter.parse(projects(), made.id(), view.query(), ADA)))
                            .isNotNull());
        }
        assertThat(project().template()).isEmpty();
        assertThat(columns(project())).isEqualTo(ProjectTemplate.BOARD.columns());
    }

    @Test
    void anotherProjectGivesItsFormAndNoneOfItsItems() {
        projects().boards().update(id(), 1, threeColumns(), Map.of(), ADA);
        projects().parts().addLabel(id(), new LabelDraft("ui", "#0969da", "What is seen"), ADA);
        projects().parts().addField(id(), new FieldDraft("Area", FieldKind.CHOICE, List.of("shop", "cart")), ADA);
        CustomField gone = projects().parts().addField(id(), new FieldDraft("Old", FieldKind.TEXT, List.of()), ADA);
        projects().parts().deleteField(gone.id(), 1, ADA);
        projects().parts().addView(id(), new ViewDraft("Shared", "label:ui", ViewDraft.Layout.TABLE, true), ADA);
        projects().parts().addView(id(), new ViewDraft("Own", "kind:bug", ViewDraft.Layout.BOARD, false), ADA);
        LocalDate day = LocalDate.of(2027, 3, 1);
        Milestone kept =
                projects().milestones().create(id(), new MilestoneDraft("Beta", "What", Optional.of(day)), ADA);
        projects().milestones().move(kept.id(), 1, MilestoneState.ACTIVE, ADA);
        Milestone dropped = projects().milestones().create(id(), MilestoneDraft.of("Never"), ADA);
        projects().milestones().move(dropped.id(), 1, MilestoneState.DROPPED, ADA);
        Item item = add("Login");
        Project own = projects().get(id());
        Project source = projects()
                .edit(
                        id(),
                        own.revision().version(),
                        new ProjectDraft(
                                "Shop",
                                "Sells",
                                Optional.of(BOB),
                                List.of(),
                                Optional.of("#1f6feb"),
                                false,
                                List.of("ui")),
                        ADA);
        time().advance(Duration.ofDays(10));

        Project made = from(ProjectTemplate.of(id()));

        assertThat(made.draft()).isEqualTo(source.draft().withTitle("Copy"));
        assertThat(made.template()).contains("project:" + id());
        assertThat(columns(made)).isEqualTo(columns(source)).hasSize(3);
        assertThat(labels(made)).isEqualTo(labels(source));
        assertThat(fields(made)).extracting(FieldDraft::name).containsExactly("Area");
        assertThat(views(made)).extracting(ViewDraft::name).containsExactly("Shared");
        assertThat(projects().milestones().of(made.id())).hasSize(1).allSatisfy(milestone -> {
            assertThat(milestone.draft()).isEqualTo(new MilestoneDraft("Beta", "What", Optional.of(day.plusDays(10))));
            assertThat(milestone.state()).isEqualTo(MilestoneState.PLANNED);
            assertThat(milestone.baseline()).isEmpty();
        });
        assertThat(projects().items().list(ItemQuery.of(made.id()))).isEmpty();
        // What is made there is of its own: the pattern stays as it is.
        Item first = projects().items().create(made.id(), ItemDraft.of(ItemKind.CHORE, "One"), Optional.empty(), BOB);
        assertThat(first.key().number()).isEqualTo(1);
        assertThat(first.draft().labels())
                .containsExactly(projects().parts().labels(made.id()).get(0).id());
        assertThat(get(item)).isEqualTo(item);
        assertThat(projects().get(id())).isEqualTo(source);
    }

    private static List<ColumnChange> threeColumns() {
        return List.of(
                added(ColumnDraft.of("Next", Stage.READY)),
                added(ColumnDraft.of("Now", Stage.ACTIVE).withWipLimit(2)),
                added(ColumnDraft.of("Done", Stage.DONE)));
    }

    private static ColumnChange added(ColumnDraft draft) {
        return new ColumnChange(Optional.empty(), OptionalLong.empty(), draft);
    }

    @Test
    void anArchivedProjectIsATemplateAndADeletedOneIsNot() {
        long version = projects().archive(id(), ADA).revision().version();
        assertThat(columns(from(ProjectTemplate.of(id())))).isEqualTo(ProjectTemplate.BOARD.columns());

        projects().delete(id(), version, id().name(), ADA);

        PlanningException refused = refused(() -> from(ProjectTemplate.of(id())), Kind.NOT_FOUND);
        assertThat(refused.field()).isEqualTo("template");
    }

    @Test
    void refusesATemplateThatIsNotThereAndMakesNothing() {
        ProjectId name = new ProjectId("p" + UUID.randomUUID().toString().replace("-", ""));

        assertThat(refused(
                        () -> projects().create(name, prefix(), ProjectDraft.of("Copy"), Optional.of("sofware"), ADA),
                        Kind.NOT_FOUND))
                .hasMessageContaining("did you mean 'software'?");
        refused(
                () -> projects().create(name, prefix(), ProjectDraft.of("Copy"), Optional.of("project:None"), ADA),
                Kind.NOT_FOUND);
        assertThatThrownBy(() -> projects()
                        .create(
                                name,
                                prefix(),
                                ProjectDraft.of("Copy").withDefaultLabels(List.of("securty")),
                                Optional.of("software"),
                                ADA))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("did you mean 'security'?");
        assertThat(projects().find(name)).isEmpty();
    }

    @Test
    void itemsWithoutLabelsGetTheDefaultOnesWhichFollowTheirNames() {
        Label docs = projects().parts().addLabel(id(), LabelDraft.of("docs"), ADA);
        Label ui = projects().parts().addLabel(id(), LabelDraft.of("ui"), ADA);
        projects().edit(id(), 1, project().draft().withDefaultLabels(List.of("docs", "ui")), ADA);

        assertThat(add("Both").draft().labels()).containsExactlyInAnyOrder(docs.id(), ui.id());
        assertThat(add(ItemDraft.of(ItemKind.BUG, "Own").withLabels(Set.of(ui.id())))
                        .draft()
                        .labels())
                .containsExactly(ui.id());

        projects().parts().editLabel(docs.id(), 1, LabelDraft.of("texts"), BOB);
        assertThat(projects().get(id()).draft().defaultLabels()).containsExactly("texts", "ui");
        projects().parts().deleteLabel(ui.id(), 1, BOB);
        assertThat(projects().get(id()).draft().defaultLabels()).containsExactly("texts");
        assertThat(add("One").draft().labels()).containsExactly(docs.id());
    }
}
