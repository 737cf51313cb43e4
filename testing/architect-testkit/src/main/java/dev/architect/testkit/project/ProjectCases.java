package dev.architect.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.Project;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.project.rule.Projects;
import dev.architect.spi.Store;
import dev.architect.testkit.time.ManualTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store, the rules over it, and a project for one case. */
abstract class ProjectCases {

    static final Actor ADA = Actor.person("ada");
    static final Actor BOB = Actor.person("bob");
    static final Actor AGENT = Actor.agent("coder");

    private static final int PREFIX_LETTERS = 6;

    private final ProjectStoreContract contract;
    private @Nullable ManualTime time;
    private @Nullable Store store;
    private @Nullable Projects projects;
    private @Nullable Project project;

    ProjectCases(ProjectStoreContract contract) {
        this.contract = contract;
    }

    @BeforeEach
    void openStore() throws Exception {
        time = new ManualTime();
        Store opened = contract.open(time);
        store = opened;
        projects = new Projects(
                opened.projects(),
                opened.tasks(),
                opened.ledger(),
                request -> opened.tasks().submit(List.of(request)).get(0));
        project = create();
    }

    @AfterEach
    void closeStore() {
        if (store != null) {
            store.close();
        }
    }

    final ManualTime time() {
        return present(time);
    }

    final Store store() {
        return present(store);
    }

    final Projects projects() {
        return present(projects);
    }

    final Project project() {
        return present(project);
    }

    final ProjectId id() {
        return project().id();
    }

    private static <T> T present(@Nullable T value) {
        assertThat(value).isNotNull();
        return Objects.requireNonNull(value);
    }

    /** A project that nothing else uses, in a store that may have others. */
    final Project create() {
        String name = "p" + UUID.randomUUID().toString().replace("-", "");
        return projects().create(new ProjectId(name), prefix(), ProjectDraft.of("Project " + name), ADA);
    }

    static String prefix() {
        StringBuilder prefix = new StringBuilder();
        String digits = UUID.randomUUID().toString().replace("-", "");
        for (int i = 0; i < PREFIX_LETTERS; i++) {
            // Two digits a letter: some hundred million prefixes, of which a run takes a few dozen.
            prefix.append((char) ('A' + Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16) % 26));
        }
        return prefix.toString();
    }

    final Item add(String title) {
        return add(ItemDraft.of(ItemKind.FEATURE, title));
    }

    final Item add(ItemDraft draft) {
        return projects().items().create(id(), draft, Optional.empty(), ADA);
    }

    final PartId column(Stage stage) {
        return projects().boards().columns(id()).stream()
                .filter(column -> column.stage() == stage)
                .findFirst()
                .orElseThrow()
                .id();
    }

    final Item get(Item item) {
        return projects().items().get(item.id());
    }

    static PlanningException refused(ThrowingCallable call, PlanningException.Kind kind) {
        PlanningException refusal = catchThrowableOfType(PlanningException.class, call);
        assertThat(refusal).isNotNull();
        assertThat(refusal.kind()).as(refusal.getMessage()).isEqualTo(kind);
        return refusal;
    }
}
