package dev.architect.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Project;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.ProjectState;
import dev.architect.project.Repository;
import dev.architect.project.StaleVersionException;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.project.store.PlanEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How projects are made, changed, archived, deleted and restored. */
abstract class ProjectLifeCases extends ProjectCases {

    ProjectLifeCases(ProjectStoreContract contract) {
        super(contract);
    }

    @Test
    void keepsAllOfAProject() {
        ProjectDraft draft = new ProjectDraft(
                "Web site",
                "What people see. \u0000 \uD83D\uDE00",
                Optional.of(BOB),
                List.of(new Repository("https://example.org/web.git", "main")),
                Optional.of("#1f6feb"),
                false,
                List.of("docs"));
        projects().parts().addLabel(id(), LabelDraft.of("docs"), ADA);

        Project changed = projects().edit(id(), 1, draft, BOB);

        assertThat(projects().get(id())).isEqualTo(changed);
        assertThat(changed.draft()).isEqualTo(draft);
        assertThat(changed.revision().version()).isEqualTo(2);
        assertThat(changed.revision().createdBy()).isEqualTo(ADA);
        assertThat(changed.revision().updatedBy()).isEqualTo(BOB);
        assertThat(projects().events(id(), Long.MAX_VALUE, 100))
                .extracting(PlanEvent::field)
                .containsExactlyInAnyOrder(
                        "title",
                        "description",
                        "lead",
                        "repositories",
                        "colour",
                        "reviewed",
                        "defaultLabels",
                        "created");
    }

    @Test
    void givesNameAndPrefixOnce() {
        refused(() -> projects().create(id(), prefix(), ProjectDraft.of("Again"), ADA), Kind.TAKEN);
        refused(
                () -> projects()
                        .create(
                                new ProjectId("x" + id().name().substring(1)),
                                project().prefix(),
                                ProjectDraft.of("Other"),
                                ADA),
                Kind.TAKEN);
        assertThat(projects().find(new ProjectId("x" + id().name().substring(1))))
                .isEmpty();
    }

    @Test
    void listsByName() {
        Project second = create();
        List<ProjectId> all =
                projects().list(Optional.empty(), 500).stream().map(Project::id).toList();

        assertThat(all).contains(id(), second.id());
        ProjectId first = id().name().compareTo(second.id().name()) < 0 ? id() : second.id();
        ProjectId last = first.equals(id()) ? second.id() : id();
        assertThat(projects().list(Optional.of(first), 500))
                .extracting(Project::id)
                .contains(last)
                .doesNotContain(first);
    }

    @Test
    void refusesAChangeFromAnOldVersionAndNamesWhatHasChanged() {
        projects().edit(id(), 1, ProjectDraft.of("New"), ADA);

        StaleVersionException stale = catchThrowableOfType(
                StaleVersionException.class, () -> projects().edit(id(), 1, ProjectDraft.of("Newer"), BOB));

        assertThat(stale.changed()).containsExactly("title");
        assertThat(stale.current()).isEqualTo(projects().get(id()));
        assertThat(projects().get(id()).draft().title()).isEqualTo("New");
    }

    @Test
    void anArchivedProjectIsReadOnly() {
        Item item = add("Login");
        projects().archive(id(), ADA);

        refused(() -> add("More"), Kind.PROJECT_CLOSED);
        refused(() -> projects().items().edit(item.id(), 1, item.draft().withTitle("Other"), ADA), Kind.PROJECT_CLOSED);
        refused(() -> projects().edit(id(), 2, ProjectDraft.of("Other"), ADA), Kind.PROJECT_CLOSED);
        assertThat(get(item)).isEqualTo(item);

        assertThat(projects().restore(id(), ADA).state()).isEqualTo(ProjectState.ACTIVE);
        assertThat(add("More").key().number()).isEqualTo(2);
    }

    @Test
    void deletesOnlyWhatIsArchivedAndNamed() {
        refused(() -> projects().delete(id(), 1, id().name(), ADA), Kind.NOT_POSSIBLE);
        long version = projects().archive(id(), ADA).revision().version();
        refused(() -> projects().delete(id(), version, "else", ADA), Kind.NOT_POSSIBLE);
        assertThatThrownBy(() -> projects().delete(id(), 1, id().name(), ADA))
                .isInstanceOf(StaleVersionException.class);

        projects().delete(id(), version, id().name(), ADA);

        assertThat(projects().find(id())).isEmpty();
        refused(() -> projects().get(id()), Kind.NOT_FOUND);
        refused(() -> projects().boards().columns(id()), Kind.NOT_FOUND);
    }

    @Test
    void restoresWhatWasDeletedForThirtyDays() {
        Item item = add("Login");
        delete();
        time().advance(Duration.ofDays(30));

        assertThat(projects().purge()).doesNotContain(id());
        projects().restore(id(), ADA);

        assertThat(get(item)).isEqualTo(item);
    }

    private void delete() {
        long version = projects().archive(id(), ADA).revision().version();
        projects().delete(id(), version, id().name(), ADA);
    }

    @Test
    void forgetsWhatWasDeletedLongerAgo() {
        Item item = add(ItemDraft.of(ItemKind.BUG, "Login").withBody("does not work"));
        projects().comments().add(item.id(), Optional.empty(), "Since when?", BOB);
        delete();
        time().advance(Duration.ofDays(30).plusSeconds(1));

        refused(() -> projects().restore(id(), ADA), Kind.NOT_FOUND);
        assertThat(projects().purge()).contains(id());
        refused(() -> projects().items().get(item.id()), Kind.NOT_FOUND);
        assertThat(projects()
                        .create(id(), project().prefix(), ProjectDraft.of("Anew"), ADA)
                        .state())
                .isEqualTo(ProjectState.ACTIVE);
    }

    @Test
    void aPausedProjectStartsNothing() {
        Item item = add("Login");
        projects().pause(id(), ADA);

        refused(() -> projects().items().start(item.id(), Optional.empty(), false, ADA), Kind.PROJECT_CLOSED);
        assertThat(projects()
                        .items()
                        .edit(item.id(), 1, item.draft().withTitle("Other"), ADA)
                        .draft()
                        .title())
                .isEqualTo("Other");

        projects().resume(id(), ADA);
        assertThat(projects().items().start(item.id(), Optional.empty(), false, ADA))
                .isNotNull();
    }
}
