package dev.architect.project.rule;

import dev.architect.check.IdText;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.project.Actor;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.ProjectState;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Attachment;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.LinkKind;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.PartRow;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.ProjectCodec;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.SubjectKind;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.ImportReport;
import dev.architect.project.transfer.ImportTarget;
import dev.architect.project.transfer.ProjectArchive;
import dev.architect.project.transfer.SourceFile;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a project as an archive has it. Every rule that projects keep is checked again: an archive may have been written by anybody. */
final class ArchiveReader {

    private static final int PAGE = 10_000;

    private final ProjectRows rows;
    private final ProjectArchive archive;
    private final ImportTarget target;
    private final Map<String, Long> ids = new HashMap<>();
    private final Map<String, Item> items = new LinkedHashMap<>();
    private final Map<String, String> threads = new HashMap<>();
    private String oldPrefix = "";

    ArchiveReader(ProjectRows rows, ProjectArchive archive, ImportTarget target) {
        this.rows = rows;
        this.archive = archive;
        this.target = target;
    }

    /** The name and prefix that an archive has. */
    static ImportTarget target(ProjectArchive archive) {
        Line line = project(archive);
        return line.checked(
                "key",
                () -> new ImportTarget(
                        new ProjectId(line.fields.requiredText("key")), line.fields.requiredText("prefix")));
    }

    private static Line project(ProjectArchive archive) {
        List<String> lines = archive.lines("project");
        if (lines.size() != 1) {
            throw new ImportException("project.jsonl", "lines", String.valueOf(lines.size()), "one project");
        }
        return new Line("project.jsonl:1", lines.get(0));
    }

    /** A line of a table. */
    private static final class Line {

        private final String place;
        private final String text;
        private final JsonFields fields;

        Line(String place, String text) {
            this.place = place;
            this.text = text;
            this.fields = checked("", () -> JsonFields.parse(text));
        }

        <T> T checked(String field, Supplier<T> value) {
            try {
                return value.get();
            } catch (ImportException named) {
                throw named;
            } catch (IllegalArgumentException
                    | NoSuchElementException
                    | ArithmeticException
                    | ClassCastException
                    | DateTimeException wrong) {
                // Codecs fail in these ways for what no store has written. Failures of the store are none of them.
                throw new ImportException(
                        place, field, "refused (" + wrong.getMessage() + ")", "what an export has written");
            }
        }

        String text(String field) {
            return checked(field, () -> fields.requiredText(field));
        }

        Map<String, @Nullable Object> body() {
            return JsonText.readObject(text);
        }
    }

    private List<Line> lines(String table) {
        List<Line> lines = new ArrayList<>();
        for (String text : archive.lines(table)) {
            lines.add(new Line(table + ".jsonl:" + (lines.size() + 1), text));
        }
        return lines;
    }

    ImportReport read() {
        Optional<Project> before = rows.project(target.project());
        Line line = project(archive);
        oldPrefix = line.text("prefix");
        if (before.isPresent()) {
            return requireSame(before.get());
        }
        if (rows.projectOf(target.prefix()).isPresent()) {
            throw new PlanningException(
                    Kind.TAKEN, "prefix", "prefix '" + target.prefix() + "' is taken, expected another one");
        }
        if (archive.lines("items").size() > Imports.MOST_ITEMS) {
            throw new ImportException(
                    "items.jsonl",
                    "lines",
                    String.valueOf(archive.lines("items").size()),
                    "at most " + Imports.MOST_ITEMS);
        }
        insertProject(line);
        for (ArchiveTable table : ArchiveTable.OF_PROJECT) {
            parts(table);
        }
        parts(ArchiveTable.SLIPS);
        checkBoard();
        readItems(line);
        links();
        for (ArchiveTable table : ArchiveTable.OF_ITEM) {
            parts(table);
        }
        // The words of an item are those of its comments as well.
        items.values().forEach(item -> Planning.save(rows, item));
        events();
        return new ImportReport(
                target.project(),
                target.prefix(),
                true,
                new ImportReport.Items(items.size(), 0, 0, 0),
                new ImportReport.Added(
                        archive.lines("columns").size(),
                        archive.lines("labels").size(),
                        archive.lines("milestones").size(),
                        archive.lines("links").size(),
                        archive.lines("comments").size(),
                        archive.lines("attachments").size()),
                archive.findings(),
                archive.findings().size());
    }

    private ImportReport requireSame(Project project) {
        ProjectArchive own = project.state() == ProjectState.DELETED
                ? null
                : new ArchiveWriter(rows, project, Long.MAX_VALUE).write();
        if (own == null || !own.tables().equals(archive.tables())) {
            throw new PlanningException(
                    Kind.TAKEN,
                    "project",
                    "project '" + project.id()
                            + "' is there already and differs from the archive, expected another name");
        }
        return new ImportReport(
                project.id(),
                project.prefix(),
                false,
                new ImportReport.Items(0, 0, archive.lines("items").size(), 0),
                ImportReport.Added.NOTHING,
                List.of(),
                0);
    }

    private void insertProject(Line line) {
        Map<String, @Nullable Object> body = line.body();
        body.put("key", target.project().name());
        body.put("prefix", target.prefix());
        Project project = line.checked("project", () -> ProjectCodec.read(JsonText.write(body)));
        if (project.state() == ProjectState.DELETED) {
            throw new ImportException(line.place, "state", "deleted", "active, paused or archived");
        }
        rows.insert(project);
        rows.reserveNumbers(target.project(), lastNumber(line));
    }

    private static long lastNumber(Line line) {
        return line.checked(
                "lastNumber",
                () -> line.fields
                        .exactDecimal("lastNumber", 0, 999_999_999_999L)
                        .orElseThrow(() -> line.fields.missing("lastNumber", "a number"))
                        .longValueExact());
    }

    private String id(Line line, String field, String name) {
        Long id = ids.get(name);
        if (id == null) {
            throw new ImportException(line.place, field, "'" + name + "'", "the id of a line of this archive");
        }
        return IdText.write(id);
    }

    private long newId(Line line, String letter) {
        String name = line.text("id");
        if (!name.startsWith(letter)) {
            throw new ImportException(line.place, "id", "'" + name + "'", "one that begins with " + letter);
        }
        long id = rows.nextId(target.project());
        if (ids.put(name, id) != null) {
            throw new ImportException(line.place, "id", "'" + name + "'", "an id that no other line has");
        }
        return id;
    }

    private void parts(ArchiveTable table) {
        Map<Long, Integer> counts = new HashMap<>();
        Set<String> unique = new HashSet<>();
        for (Line line : lines(table.word())) {
            long id = newId(line, table.letter());
            long owner = 0;
            Map<String, @Nullable Object> body = line.body();
            body.put("id", IdText.write(id));
            body.put("project", target.project().name());
            if (!table.owner().isEmpty()) {
                owner = IdText.read("id", id(line, table.owner(), line.text(table.owner())));
                body.put(table.owner(), IdText.write(owner));
            }
            if (body.get("parent") instanceof String parent) {
                body.put("parent", id(line, "parent", parent));
                checkThread(line, parent);
            }
            if (table == ArchiveTable.COMMENTS) {
                threads.put(
                        line.text("id"),
                        line.text("item") + "\n" + line.fields.text("parent").orElse(""));
            }
            if (table == ArchiveTable.MILESTONES) {
                rename(line, body);
            }
            int count = counts.merge(owner, 1, Integer::sum);
            if (count > most(table)) {
                throw new ImportException(line.place, table.word(), String.valueOf(count), "at most " + most(table));
            }
            PartRow raw = new PartRow(table.kind(), id, target.project(), owner, 1, JsonText.write(body));
            rows.save(line.checked(table.word(), () -> canonical(table, raw, line)));
            title(table, line)
                    .filter(name -> !unique.add(name.toLowerCase(Locale.ROOT)))
                    .ifPresent(name -> {
                        throw new ImportException(line.place, "name", "'" + name + "'", "one that no other line has");
                    });
        }
    }

    private static Optional<String> title(ArchiveTable table, Line line) {
        return switch (table) {
            case COLUMNS -> line.fields.text("title");
            case LABELS -> line.fields.text("name");
            case FIELDS -> line.fields.text("name").filter(name -> !line.fields.has("deletedAt"));
            case VIEWS, MILESTONES, SLIPS, COMMENTS, ATTACHMENTS -> Optional.empty();
        };
    }

    private static int most(ArchiveTable table) {
        return switch (table) {
            case COLUMNS -> Boards.MAX_COLUMNS;
            case LABELS -> ProjectParts.MAX_LABELS;
            case VIEWS -> ProjectParts.MAX_VIEWS;
            case MILESTONES -> Milestones.MOST;
            case ATTACHMENTS -> Attachments.MOST;
            case FIELDS, SLIPS, COMMENTS -> Planning.MOST_PARTS;
        };
    }

    /** Threads are one level deep, and of one item. */
    private void checkThread(Line line, String parent) {
        if (!(line.text("item") + "\n").equals(threads.get(parent))) {
            throw new ImportException(
                    line.place, "parent", "'" + parent + "'", "the first comment of a thread on the same item");
        }
    }

    /** Baselines name items by their keys. */
    private void rename(Line line, Map<String, @Nullable Object> body) {
        if (target.prefix().equals(oldPrefix) || !(body.get("baseline") instanceof Map<?, ?> baseline)) {
            return;
        }
        Map<String, Object> renamed = new TreeMap<>();
        line.checked("baseline", () -> {
            ((Map<?, ?>) value(baseline, "minutes"))
                    .forEach((key, value) -> renamed.put(
                            ArchiveWriter.key(target.prefix(), key.toString()).toString(),
                            Optional.<Object>ofNullable(value).orElseThrow()));
            return true;
        });
        Map<String, Object> changed = new LinkedHashMap<>();
        changed.put("at", line.checked("baseline", () -> value(baseline, "at")));
        changed.put("minutes", renamed);
        body.put("baseline", changed);
    }

    private static Object value(Map<?, ?> fields, String name) {
        return Optional.<Object>ofNullable(fields.get(name)).orElseThrow();
    }

    /** Reads a row and writes it again, so that the store has what it would have written itself. */
    private PartRow canonical(ArchiveTable table, PartRow row, Line line) {
        return switch (table) {
            case COLUMNS -> ProjectPartCodec.row(ProjectPartCodec.column(row));
            case LABELS -> ProjectPartCodec.row(ProjectPartCodec.label(row));
            case FIELDS -> ProjectPartCodec.row(ProjectPartCodec.field(row));
            case VIEWS -> ProjectPartCodec.row(ProjectPartCodec.view(row));
            case MILESTONES -> ProjectPartCodec.row(ProjectPartCodec.milestone(row));
            case SLIPS -> {
                Milestone milestone = ProjectPartCodec.milestone(
                        rows.part(SubjectKind.MILESTONE, row.owner()).orElseThrow());
                yield ProjectPartCodec.row(row.id(), milestone, ProjectPartCodec.slip(row));
            }
            case COMMENTS -> ProjectPartCodec.row(ProjectPartCodec.comment(row));
            case ATTACHMENTS -> attachment(ProjectPartCodec.attachment(row), line);
        };
    }

    private PartRow attachment(Attachment attachment, Line line) {
        SourceFile.Bytes content = archive.contents().get(attachment.sha256());
        if (content == null) {
            throw new ImportException(
                    line.place, "sha256", "'" + attachment.sha256() + "'", "that of a content of this archive");
        }
        byte[] bytes = content.copy();
        String hash = Attachments.hash(bytes);
        if (!hash.equals(attachment.sha256())) {
            throw new ImportException(
                    line.place, "sha256", "'" + attachment.sha256() + "'", hash + ", as the content has");
        }
        if (bytes.length != attachment.size()) {
            throw new ImportException(
                    line.place, "size", String.valueOf(attachment.size()), bytes.length + ", as the content has");
        }
        String type = Attachments.type(bytes);
        if (!type.equals(attachment.type())) {
            throw new ImportException(line.place, "type", "'" + attachment.type() + "'", type + " as the content is");
        }
        rows.addContent(hash, bytes);
        return ProjectPartCodec.row(attachment);
    }

    private void checkBoard() {
        List<BoardColumn> columns = Planning.columns(rows, target.project());
        for (Stage stage : List.of(Stage.READY, Stage.ACTIVE, Stage.DONE)) {
            if (columns.stream()
                    .noneMatch(each -> each.stage() == stage && !each.draft().isHidden())) {
                throw new ImportException(
                        "columns.jsonl", "stage", "without " + JsonFields.wordOf(stage), "a visible column of it");
            }
        }
    }

    private void readItems(Line project) {
        long last = lastNumber(project);
        List<Line> all = lines("items");
        all.forEach(line -> newId(line, "i"));
        for (Line line : all) {
            Item item = line.checked("item", () -> item(line));
            if (item.key().number() > last) {
                throw new ImportException(
                        line.place, "key", item.key().toString(), "a number of at most lastNumber, " + last);
            }
            if (!line.text("id").equals("i" + item.key().number())) {
                throw new ImportException(
                        line.place, "id", line.text("id"), "i" + item.key().number());
            }
            if (item.draft().plan().parent().filter(item.id()::equals).isPresent()) {
                throw new ImportException(line.place, "parent", "the item itself", "another item");
            }
            rows.insert(item, Set.of());
            items.put(line.text("id"), item);
        }
        for (Line line : all) {
            Item item = Objects.requireNonNull(items.get(line.text("id")));
            item.draft()
                    .plan()
                    .parent()
                    .ifPresent(parent -> refused(line, "parent", () -> {
                        Links.checkParent(rows, target.project(), item.id(), Optional.of(item), parent);
                        return true;
                    }));
        }
    }

    private static <T> T refused(Line line, String field, Supplier<T> check) {
        try {
            return check.get();
        } catch (PlanningException broken) {
            throw new ImportException(line.place, field, "refused (" + broken.getMessage() + ")", "the rules kept");
        }
    }

    private Item item(Line line) {
        Map<String, @Nullable Object> body = line.body();
        body.put("id", id(line, "id", line.text("id")));
        body.put("project", target.project().name());
        ItemKey key = ArchiveWriter.key(target.prefix(), line.text("key"));
        body.put("key", key.toString());
        for (Map.Entry<String, String> each :
                Map.of("column", "c", "milestone", "m", "parent", "i").entrySet()) {
            line.fields.text(each.getKey()).ifPresent(name -> body.put(each.getKey(), named(line, each, name)));
        }
        List<String> labels = new ArrayList<>();
        line.fields.texts("labels").forEach(name -> labels.add(named(line, Map.entry("labels", "l"), name)));
        if (!labels.isEmpty()) {
            body.put("labels", labels);
        }
        Map<String, String> values = new LinkedHashMap<>();
        line.fields
                .textsByName("fields")
                .forEach((name, value) -> values.put(named(line, Map.entry("fields", "f"), name), value));
        if (!values.isEmpty()) {
            body.put("fields", values);
        }
        Object text = body.remove("body");
        return ItemCodec.read(JsonText.write(body), text instanceof String whole ? whole : "");
    }

    private String named(Line line, Map.Entry<String, String> field, String name) {
        if (!name.startsWith(field.getValue())) {
            throw new ImportException(
                    line.place, field.getKey(), "'" + name + "'", "an id that begins with " + field.getValue());
        }
        return id(line, field.getKey(), name);
    }

    private void links() {
        Set<ItemLink> added = new LinkedHashSet<>();
        for (Line line : lines("links")) {
            ItemId from = new ItemId(IdText.read("id", named(line, Map.entry("from", "i"), line.text("from"))));
            ItemId to = new ItemId(IdText.read("id", named(line, Map.entry("to", "i"), line.text("to"))));
            LinkKind kind = line.checked(
                    "kind", () -> line.fields.constant("kind", LinkKind.class).orElseThrow());
            ItemLink link = line.checked("link", () -> new ItemLink(from, to, kind));
            if (kind == LinkKind.PARENT || !added.add(link)) {
                throw new ImportException(line.place, "link", "'" + line.text + "'", "a relation that is there once");
            }
            refused(line, "link", () -> {
                if (kind == LinkKind.BLOCKS) {
                    Links.requireNoPath(rows, to, from);
                } else if (kind == LinkKind.DUPLICATES) {
                    Links.requireOriginal(
                            rows, rows.item(from).orElseThrow(), rows.item(to).orElseThrow());
                }
                return true;
            });
            rows.add(link);
        }
    }

    private void events() {
        List<PlanEvent> batch = new ArrayList<>();
        for (Line line : lines("events")) {
            PlanEvent event = line.checked("event", () -> event(line));
            batch.add(event);
            if (batch.size() == PAGE) {
                rows.append(batch);
                batch.clear();
            }
        }
        rows.append(batch);
    }

    private PlanEvent event(Line line) {
        SubjectKind kind = line.fields.constant("kind", SubjectKind.class).orElseThrow();
        String field = line.fields.requiredText("field");
        Optional<String> subject = line.fields.text("subject");
        long id = 0;
        if (subject.isPresent()) {
            // What was deleted has a name of its own, under which only events are left.
            id = subject.get().startsWith(ArchiveNames.GONE)
                    ? ids.computeIfAbsent(subject.get(), each -> rows.nextId(target.project()))
                    : IdText.read("id", id(line, "subject", subject.get()));
        }
        Function<String, String> value = name -> renamed(
                kind,
                field,
                ArchiveNames.identified(kind, field, line.fields.text(name).orElse(""), ids));
        return new PlanEvent(
                0,
                target.project(),
                kind,
                id,
                line.fields
                        .exactDecimal("version", 0, Long.MAX_VALUE)
                        .orElseThrow()
                        .longValueExact(),
                field,
                value.apply("before"),
                value.apply("after"),
                Actor.parse(line.fields.requiredText("by")),
                Instant.parse(line.fields.requiredText("at")));
    }

    /** Events name items by their keys, which have another prefix here. */
    private String renamed(SubjectKind kind, String field, String value) {
        if (kind == SubjectKind.PROJECT && field.equals("created") && value.equals(oldPrefix)) {
            return target.prefix();
        }
        boolean isKey = kind == SubjectKind.ITEM
                && (field.equals("created") || field.equals("deleted") || field.startsWith("link-"));
        return isKey && !target.prefix().equals(oldPrefix) && value.startsWith(oldPrefix + "-") && ItemKey.isKey(value)
                ? ArchiveWriter.key(target.prefix(), value).toString()
                : value;
    }
}
