package dev.architect.planner.transfer;

import dev.architect.project.Actor;
import dev.architect.project.ProjectId;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemKey;
import dev.architect.project.rule.Projects;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.transfer.ImportReport;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.time.ManualTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Projects in memory, and files to import into them. */
final class ImportFixture {

    static final Actor ADA = Actor.person("ada");

    final ManualTime time = new ManualTime();
    final InMemoryStore store = new InMemoryStore(time);
    final Projects projects = new Projects(
            store.projects(),
            store.tasks(),
            store.ledger(),
            request -> store.tasks().submit(List.of(request)).get(0));

    List<ImportReport> run(ImportFormat format, byte[] content, ImportOptions options) {
        return ImportFile.read(format, content, options).run(projects, ADA);
    }

    ImportReport one(ImportFormat format, String json) {
        return run(format, bytes(json), ImportOptions.NONE).get(0);
    }

    long rows() {
        return projects.list(Optional.empty(), 500).size();
    }

    Item item(String key) {
        return projects.items().get(ItemKey.parse(key));
    }

    List<Item> items(String project) {
        return projects.items().list(ItemQuery.of(new ProjectId(project)));
    }

    BoardColumn column(Item item) {
        return projects.boards().columns(item.project()).stream()
                .filter(each -> each.id().equals(item.place().column()))
                .findFirst()
                .orElseThrow();
    }

    List<String> labels(Item item) {
        return projects.parts().labels(item.project()).stream()
                .filter(each -> item.draft().labels().contains(each.id()))
                .map(each -> each.draft().name())
                .sorted()
                .toList();
    }

    static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    /** Names and texts in turn. */
    static byte[] zip(String... entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
            for (int i = 0; i < entries.length; i += 2) {
                zip.putNextEntry(new ZipEntry(entries[i]));
                zip.write(entries[i + 1].getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
