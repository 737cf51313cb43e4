package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.planner.transfer.ArchiveFile;
import dev.architect.planner.transfer.ImportFile;
import dev.architect.planner.transfer.ImportFormat;
import dev.architect.planner.transfer.ImportOptions;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.project.Actor;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.FieldKind;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.item.LinkKind;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.rule.Projects;
import dev.architect.spi.Store;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.testkit.time.ManualTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive is the same, byte for byte, whatever store a project went through. */
final class ProjectArchiveTest {

    private static final ProjectId WEB = new ProjectId("web");
    private static final Actor ADA = Actor.person("ada");

    @TempDir
    private Path folder;

    private static Projects projects(Store store) {
        return new Projects(
                store.projects(),
                store.tasks(),
                store.ledger(),
                request -> store.tasks().submit(List.of(request)).get(0));
    }

    private static void fill(Projects projects) {
        projects.create(WEB, "WEB", ProjectDraft.of("Web \u00e4"), ADA);
        var label = projects.parts().addLabel(WEB, LabelDraft.of("ui"), ADA);
        var field = projects.parts().addField(WEB, new FieldDraft("Customer", FieldKind.TEXT, List.of()), ADA);
        var milestone = projects.milestones().create(WEB, MilestoneDraft.of("1.0"), ADA);
        Item whole = projects.items().create(WEB, ItemDraft.of(ItemKind.FEATURE, "Whole"), Optional.empty(), ADA);
        Item part = projects.items()
                .create(
                        WEB,
                        ItemDraft.of(ItemKind.BUG, "Part \ud83d\ude00\u0000")
                                .withBody("line\nline \"quoted\"")
                                .withLabels(Set.of(label.id()))
                                .withFields(Map.of(field.id(), "=acme"))
                                .withPlan(new ItemPlan(
                                        Optional.of(whole.id()), Optional.of(milestone.id()), Optional.empty())),
                        Optional.empty(),
                        ADA);
        Item gone = projects.items().create(WEB, ItemDraft.of(ItemKind.CHORE, "Gone"), Optional.empty(), ADA);
        projects.items().delete(gone.id(), 1, ADA);
        Item last = projects.items().create(WEB, ItemDraft.of(ItemKind.CHORE, "Last"), Optional.empty(), ADA);
        projects.items().edit(part.id(), 1, part.draft().withLabels(Set.of()), ADA);
        projects.links().add(new ItemLink(last.id(), part.id(), LinkKind.BLOCKS), ADA);
        projects.links().add(new ItemLink(whole.id(), last.id(), LinkKind.RELATES), ADA);
        var comment = projects.comments().add(part.id(), Optional.empty(), "Why?", ADA);
        projects.comments().add(part.id(), Optional.of(comment.id()), "So", ADA);
        projects.attachments().add(whole.id(), "a.txt", "", "hello".getBytes(StandardCharsets.UTF_8), ADA);
    }

    private static byte[] archive(Projects projects) {
        return ArchiveFile.write(projects.imports().export(WEB, 1_000_000));
    }

    @Test
    void isEqualThroughEveryStore() {
        PostgresDatabase database = PostgresServer.shared(Version.V18).createDatabase();
        byte[] archive;
        try (Store memory = new InMemoryStore(new ManualTime())) {
            fill(projects(memory));
            archive = archive(projects(memory));
        }
        try (Store sqlite = SqliteStore.at(folder.resolve("one.db"));
                Store postgres = PostgresStore.builder(database.jdbcUrl())
                        .user(database.user())
                        .password(database.password())
                        .open();
                Store other = SqliteStore.at(folder.resolve("two.db"));
                Store memory = new InMemoryStore(new ManualTime())) {
            for (Store store : List.of(sqlite, postgres, other, memory)) {
                Projects projects = projects(store);
                ImportFile file = ImportFile.read(ImportFormat.ARCHITECT, archive, ImportOptions.NONE);

                assertThat(file.run(projects, ADA).get(0).isNew()).isTrue();
                byte[] again = archive(projects);

                assertThat(again).as(store.getClass().getSimpleName()).isEqualTo(archive);
                assertThat(file.run(projects, ADA).get(0).isChange()).isFalse();
                archive = again;
            }
        }
    }
}
