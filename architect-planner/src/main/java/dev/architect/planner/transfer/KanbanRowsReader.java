package dev.architect.planner.transfer;

import dev.architect.project.Actor;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.SourceComment;
import dev.architect.project.transfer.SourceItem;
import dev.architect.project.transfer.SourceProject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of Vibe Kanban as JSON: one object with a list for each table, {@code projects}, {@code project_statuses}, {@code issues}, {@code
 * issue_assignees}, {@code tags}, {@code issue_tags}, {@code issue_relationships}, {@code issue_comments}, {@code users}, {@code attachments}.
 */
final class KanbanRowsReader {

    private static final Set<String> TABLES = Set.of(
            "projects",
            "project_statuses",
            "issues",
            "issue_assignees",
            "tags",
            "issue_tags",
            "issue_relationships",
            "issue_comments",
            "users",
            "attachments");
    private static final Set<String> KNOWN = Set.of(
            "id",
            "project_id",
            "issue_number",
            "status_id",
            "title",
            "description",
            "priority",
            "start_date",
            "target_date",
            "completed_at",
            "parent_issue_id",
            "creator_user_id",
            "created_at",
            "updated_at",
            "sort_order");

    private final SourceNode file;
    private final ImportOptions options;
    private final Map<String, SourceBuilder> projects = new LinkedHashMap<>();
    private final Map<String, SourceNode> statuses = new HashMap<>();
    private final Map<String, String> users = new HashMap<>();
    private final Map<String, SourceNode> tags = new HashMap<>();
    private final Map<String, String> projectOf = new HashMap<>();
    private final Map<String, List<Actor>> assignees = new HashMap<>();
    private final Map<String, List<Optional<String>>> labels = new HashMap<>();
    private final Map<String, List<SourceComment>> comments = new HashMap<>();

    KanbanRowsReader(SourceNode file, ImportOptions options) {
        this.file = file;
        this.options = options;
    }

    List<SourceProject> read() {
        for (SourceNode row : file.needed("projects").list()) {
            String id = id(row, "id");
            SourceBuilder source = new SourceBuilder(
                    ImportFormat.VIBE_KANBAN, options, KanbanWords.HELD, row.place(), row.required("name"));
            row.filled("color").ifPresent(colour -> source.colour(row.place(), colour));
            once(row, projects.put(id, source));
        }
        for (SourceNode row : file.list("project_statuses")) {
            once(row, statuses.put(id(row, "id"), row));
        }
        file.list("project_statuses").stream()
                .sorted(Comparator.comparing(
                        row -> row.number("sort_order").map(Number::doubleValue).orElse(0.0)))
                .forEach(row -> {
                    String name = row.required("name");
                    SourceBuilder source = project(row);
                    source.column(
                            row.place(),
                            name,
                            KanbanWords.stage(name),
                            row.flag("hidden"),
                            row.filled("color").flatMap(colour -> source.hex(row.place(), "color", colour)));
                });
        for (SourceNode row : file.list("users")) {
            once(row, users.put(id(row, "id"), userName(row)));
        }
        for (SourceNode row : file.list("tags")) {
            once(row, tags.put(id(row, "id"), row));
            project(row).label(row.place(), row.required("name"), row.filled("color"), "");
        }
        List<SourceNode> issues = file.needed("issues").list();
        for (SourceNode row : issues) {
            project(row);
            once(row, projectOf.put(id(row, "id"), id(row, "project_id")));
        }
        file.list("issue_assignees").forEach(this::assign);
        file.list("issue_tags").forEach(this::tag);
        file.list("issue_comments").stream()
                .sorted(Comparator.comparing(row -> time(row, "created_at").orElse(Instant.EPOCH)))
                .forEach(this::comment);
        issues.forEach(this::issue);
        file.list("issue_relationships").forEach(this::relate);
        file.list("attachments")
                .forEach(row -> projects.values()
                        .forEach(source -> source.find(
                                row.place(),
                                "",
                                "files are not in rows: '"
                                        + row.text("original_name").orElse("") + "' is left out")));
        for (String table : file.names()) {
            if (!TABLES.contains(table)) {
                projects.values().forEach(source -> source.find("/" + table, "", "is not carried over"));
            }
        }
        return projects.values().stream().map(SourceBuilder::build).toList();
    }

    private static void once(SourceNode row, @Nullable Object before) {
        if (before != null) {
            throw new ImportException(row.place(), "id", "'" + id(row, "id") + "'", "each id once");
        }
    }

    private static String id(SourceNode row, String field) {
        return row.required(field).toLowerCase(Locale.ROOT);
    }

    private static Optional<String> reference(SourceNode row, String field) {
        return row.filled(field).map(id -> id.toLowerCase(Locale.ROOT));
    }

    private static <T> T found(SourceNode row, String field, Map<String, T> table) {
        T value = table.get(id(row, field));
        if (value == null) {
            throw new ImportException(row.place(), field, "'" + id(row, field) + "'", "the id of a row of this file");
        }
        return value;
    }

    private SourceBuilder project(SourceNode row) {
        return found(row, "project_id", projects);
    }

    private SourceBuilder projectOf(SourceNode row, String field) {
        return Optional.ofNullable(projects.get(found(row, field, projectOf))).orElseThrow();
    }

    private static String userName(SourceNode row) {
        String name =
                (row.text("first_name").orElse("") + " " + row.text("last_name").orElse("")).strip();
        return name.isEmpty()
                ? row.filled("username").or(() -> row.filled("email")).orElse(id(row, "id"))
                : name;
    }

    /** A user by their id, which stands for those whom the file does not describe. */
    private Optional<Actor> user(SourceBuilder source, SourceNode row, String field) {
        return reference(row, field).flatMap(id -> {
            String name = users.get(id);
            if (name == null) {
                source.find(row.place(), field, "'" + id + "' is no user of this file: the id stands for them");
            }
            return source.person(row.place(), field, name == null ? id : name);
        });
    }

    private static Optional<Instant> time(SourceNode row, String field) {
        return row.text(field).flatMap(text -> SourceBuilder.time(row.place(), field, text));
    }

    private void assign(SourceNode row) {
        SourceBuilder source = projectOf(row, "issue_id");
        row.required("user_id");
        user(source, row, "user_id")
                .ifPresent(actor -> assignees
                        .computeIfAbsent(id(row, "issue_id"), each -> new ArrayList<>())
                        .add(actor));
    }

    private void tag(SourceNode row) {
        SourceBuilder source = projectOf(row, "issue_id");
        SourceNode tag = found(row, "tag_id", tags);
        labels.computeIfAbsent(id(row, "issue_id"), each -> new ArrayList<>())
                .add(source.label(row.place(), tag.required("name"), Optional.empty(), ""));
    }

    private void comment(SourceNode row) {
        SourceBuilder source = projectOf(row, "issue_id");
        Optional<String> message = row.filled("message");
        if (message.isEmpty()) {
            source.find(row.place(), "message", "is empty: the comment is left out");
            return;
        }
        comments.computeIfAbsent(id(row, "issue_id"), each -> new ArrayList<>())
                .add(new SourceComment(
                        id(row, "id"),
                        reference(row, "parent_id"),
                        user(source, row, "author_id"),
                        time(row, "created_at"),
                        message.get()));
    }

    private void issue(SourceNode row) {
        SourceBuilder source = project(row);
        String place = row.place();
        String id = id(row, "id");
        String status = found(row, "status_id", statuses).required("name");
        String column = source.column(place, status, KanbanWords.stage(status));
        row.filled("simple_id").ifPresent(source::prefix);
        ItemDraft draft = source.titled(
                        place,
                        ItemDraft.of(ItemKind.FEATURE, "?"),
                        row.required("title"),
                        row.text("description").orElse(""))
                .withPriority(
                        KanbanWords.priority(source, place, row.text("priority").orElse("")))
                .withPlan(new ItemPlan(
                        Optional.empty(),
                        Optional.empty(),
                        row.text("target_date").flatMap(text -> SourceBuilder.day(place, "target_date", text))))
                .withAssignees(source.people(place, assignees.getOrDefault(id, List.of())));
        Map<String, Object> rest = row.except(KNOWN);
        source.add(SourceBuilder.checked(
                place,
                () -> new SourceItem(
                        place,
                        id,
                        row.get("issue_number")
                                .map(SourceNode::whole)
                                .filter(number -> number > 0)
                                .map(OptionalLong::of)
                                .orElse(OptionalLong.empty()),
                        draft,
                        new SourceItem.References(
                                column,
                                reference(row, "parent_issue_id"),
                                Optional.empty(),
                                source.labels(place, labels.getOrDefault(id, List.of()))),
                        new SourceItem.Times(
                                time(row, "created_at"),
                                user(source, row, "creator_user_id"),
                                time(row, "updated_at"),
                                time(row, "start_date"),
                                time(row, "completed_at")),
                        comments.getOrDefault(id, List.of()),
                        List.of(),
                        source.data(place, rest))));
    }

    private void relate(SourceNode row) {
        SourceBuilder source = projectOf(row, "issue_id");
        if (projectOf(row, "related_issue_id") != source) {
            source.find(row.place(), "", "relates issues of two projects: it is left out");
            return;
        }
        KanbanZipReader.link(
                source,
                row.place(),
                row.required("relationship_type"),
                id(row, "issue_id"),
                id(row, "related_issue_id"));
    }
}
