package dev.architect.planner.transfer;

import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.SourceItem;
import dev.architect.project.transfer.SourceProject;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the tables of Vibe Kanban's local file: {@code projects} and {@code tasks}. Its {@code tags} are texts for prompts, no labels. */
final class KanbanTablesReader {

    private static final int ID_BYTES = 16;
    private static final Set<String> KNOWN =
            Set.of("id", "project_id", "title", "description", "status", "created_at", "updated_at");
    private static final Map<String, String> COLUMNS = Map.of(
            "todo", "To do",
            "inprogress", "In progress",
            "inreview", "In review",
            "done", "Done",
            "cancelled", "Cancelled");

    private final Map<String, List<Map<String, Object>>> tables;
    private final ImportOptions options;
    private final Map<String, SourceBuilder> projects = new LinkedHashMap<>();

    KanbanTablesReader(Map<String, List<Map<String, Object>>> tables, ImportOptions options) {
        this.tables = tables;
        this.options = options;
    }

    List<SourceProject> read() {
        for (SourceNode row : rows("projects")) {
            SourceBuilder source = new SourceBuilder(
                    ImportFormat.VIBE_KANBAN, options, Set.of("title", "body"), row.place(), row.required("name"));
            if (projects.put(row.required("id"), source) != null) {
                throw new ImportException(row.place(), "id", "'" + row.required("id") + "'", "each id once");
            }
            source.find(
                    "",
                    "",
                    "the local file has no keys, priorities, people, labels, relations, comments and files of items");
            if (!tables.getOrDefault("tags", List.of()).isEmpty()) {
                source.find("tags", "", "are texts for prompts and no labels: they are not carried over");
            }
        }
        Map<String, SourceNode> tasks = new HashMap<>();
        for (SourceNode row : rows("tasks")) {
            if (tasks.put(row.required("id"), row) != null) {
                throw new ImportException(row.place(), "id", "'" + row.required("id") + "'", "each id once");
            }
        }
        rows("tasks").forEach(this::task);
        return projects.values().stream().map(SourceBuilder::build).toList();
    }

    private List<SourceNode> rows(String table) {
        List<Map<String, Object>> rows = tables.get(table);
        if (rows == null) {
            throw new ImportException(
                    "", "tables", String.valueOf(new HashSet<>(tables.keySet())), "one that is " + table);
        }
        return IntStream.range(0, rows.size())
                .mapToObj(i -> SourceNode.of(table + ":" + (i + 1), plain(table + ":" + (i + 1), rows.get(i))))
                .toList();
    }

    /** Ids are sixteen bytes; other bytes are nothing that an item holds. */
    private static Map<String, @Nullable Object> plain(String place, Map<String, Object> row) {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        row.forEach((name, value) -> {
            if (!(value instanceof byte[] bytes)) {
                plain.put(name, value);
            } else if (bytes.length == ID_BYTES) {
                ByteBuffer id = ByteBuffer.wrap(bytes);
                plain.put(name, new UUID(id.getLong(), id.getLong()).toString());
            } else {
                throw new ImportException(place, name, bytes.length + " bytes", "an id of " + ID_BYTES);
            }
        });
        return plain;
    }

    private static Optional<Instant> time(SourceNode row, String field) {
        return row.text(field).flatMap(text -> SourceBuilder.time(row.place(), field, text));
    }

    private void task(SourceNode row) {
        String place = row.place();
        SourceBuilder source = projects.get(row.required("project_id"));
        if (source == null) {
            throw new ImportException(
                    place, "project_id", "'" + row.required("project_id") + "'", "the id of a project");
        }
        String status = row.required("status");
        String title = COLUMNS.getOrDefault(status.toLowerCase(Locale.ROOT), status);
        String column = source.column(place, title, KanbanWords.stage(title));
        ItemDraft draft = source.titled(
                place,
                ItemDraft.of(ItemKind.FEATURE, "?"),
                row.required("title"),
                row.text("description").orElse(""));
        source.add(SourceBuilder.checked(
                place,
                () -> new SourceItem(
                        place,
                        row.required("id"),
                        OptionalLong.empty(),
                        draft,
                        new SourceItem.References(column, Optional.empty(), Optional.empty(), List.of()),
                        new SourceItem.Times(
                                time(row, "created_at"),
                                Optional.empty(),
                                time(row, "updated_at"),
                                Optional.empty(),
                                Optional.empty()),
                        List.of(),
                        List.of(),
                        source.data(place, row.except(KNOWN)))));
    }
}
