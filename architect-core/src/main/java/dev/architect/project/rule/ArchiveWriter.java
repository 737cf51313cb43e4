package dev.architect.project.rule;

import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Project;
import dev.architect.project.item.Attachment;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemLink;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.ItemOrder;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.PartRow;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.ProjectCodec;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectReads;
import dev.architect.project.store.SubjectKind;
import dev.architect.project.transfer.ImportFinding;
import dev.architect.project.transfer.ProjectArchive;
import dev.architect.project.transfer.SourceFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes everything that is stored of one project. Ids of the store become names within the archive: a letter for the kind and a number in the
 * order of the ids, for items the number of the key. So equal projects give equal archives, whatever ids a store has given.
 */
final class ArchiveWriter {

    private static final int PAGE = 10_000;

    private final ProjectReads reads;
    private final Project project;
    private final Map<Long, String> names = new HashMap<>();
    private final Map<String, List<String>> tables = new LinkedHashMap<>();
    private final SortedMap<String, SourceFile.Bytes> contents = new TreeMap<>();
    private final List<ImportFinding> findings = new ArrayList<>();
    private long contentLeft;

    ArchiveWriter(ProjectReads reads, Project project, long maxContentBytes) {
        this.reads = reads;
        this.project = project;
        this.contentLeft = maxContentBytes;
        ProjectArchive.TABLES.forEach(table -> tables.put(table, new ArrayList<>()));
    }

    ProjectArchive write() {
        Map<String, Object> own = ProjectCodec.fields(project);
        own.put("lastNumber", reads.lastNumber(project.id()));
        add("project", own);
        List<Item> items = Planning.items(reads, ItemQuery.of(project.id()).by(ItemOrder.NUMBER, false));
        items.forEach(item -> names.put(item.id().value(), "i" + item.key().number()));
        for (ArchiveTable table : ArchiveTable.OF_PROJECT) {
            rows(table.kind(), 0).forEach(row -> part(table, row));
        }
        for (PartRow milestone : rows(SubjectKind.MILESTONE, 0)) {
            rows(SubjectKind.SLIP, milestone.id()).forEach(row -> part(ArchiveTable.SLIPS, row));
        }
        long tasks = 0;
        for (Item listed : items) {
            Item item = reads.item(listed.id()).orElseThrow();
            add("items", item(item));
            links(item);
            for (ArchiveTable table : ArchiveTable.OF_ITEM) {
                rows(table.kind(), item.id().value()).forEach(row -> part(table, row));
            }
            tasks += reads.tasks(item.id()).isEmpty() ? 0 : 1;
        }
        if (tasks > 0) {
            findings.add(new ImportFinding(
                    "", "tasks", "of " + tasks + " items, and what they cost, stay in the store that they ran in"));
        }
        events();
        return new ProjectArchive(tables, contents, findings);
    }

    private void add(String table, Map<String, Object> line) {
        lines(table).add(JsonText.write(line));
    }

    private List<String> lines(String table) {
        return tables.computeIfAbsent(table, each -> new ArrayList<>());
    }

    private List<PartRow> rows(SubjectKind kind, long owner) {
        List<PartRow> all = new ArrayList<>();
        List<PartRow> page;
        long after = 0;
        do {
            page = reads.parts(kind, project.id(), owner, after, Planning.MOST_PARTS);
            all.addAll(page);
            after = page.isEmpty() ? after : page.get(page.size() - 1).id();
        } while (page.size() == Planning.MOST_PARTS);
        return all;
    }

    /** The name of an id; an id that is none in this project stays as it is. */
    private String name(String id) {
        return ArchiveNames.id(id).map(names::get).orElse(id);
    }

    private void part(ArchiveTable table, PartRow row) {
        String name = table.letter() + (lines(table.word()).size() + 1);
        names.put(row.id(), name);
        Map<String, @Nullable Object> body = JsonText.readObject(row.body());
        body.remove("project");
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", name);
        if (row.owner() != 0) {
            line.put(table.owner(), Optional.ofNullable(names.get(row.owner())).orElseThrow());
        }
        body.forEach((field, value) -> {
            if (value != null && !field.equals("id") && !field.equals(table.owner())) {
                line.put(field, field.equals("parent") ? name(value.toString()) : value);
            }
        });
        add(table.word(), line);
        if (row.kind() == SubjectKind.ATTACHMENT) {
            Attachment attachment = ProjectPartCodec.attachment(row);
            String hash = attachment.sha256();
            if (contents.containsKey(hash)) {
                return;
            }
            contentLeft -= attachment.size();
            if (contentLeft < 0) {
                throw new PlanningException(
                        Kind.TOO_MANY,
                        "attachments",
                        "attachments have " + -contentLeft + " bytes or more beyond the limit, expected fewer in all");
            }
            reads.content(hash)
                    .ifPresentOrElse(
                            content -> contents.put(hash, new SourceFile.Bytes(content)),
                            () -> findings.add(new ImportFinding(name, "content", "is not in the store")));
        }
    }

    private Map<String, Object> item(Item item) {
        Map<String, Object> fields = ItemCodec.fields(item);
        fields.put("id", "i" + item.key().number());
        fields.remove("project");
        for (String field : List.of("column", "milestone", "parent")) {
            Object value = fields.get(field);
            if (value != null) {
                fields.put(field, name(value.toString()));
            }
        }
        if (!item.draft().labels().isEmpty()) {
            fields.put(
                    "labels",
                    item.draft().labels().stream()
                            .sorted()
                            .map(label -> name(label.toString()))
                            .toList());
        }
        if (!item.draft().fields().isEmpty()) {
            Map<String, Object> values = new LinkedHashMap<>();
            new TreeMap<>(item.draft().fields()).forEach((field, value) -> values.put(name(field.toString()), value));
            fields.put("fields", values);
        }
        return fields;
    }

    /** Links by their first item; those that relate two items by the one with the lower number. */
    private void links(Item item) {
        SortedMap<String, Map<String, Object>> sorted = new TreeMap<>();
        for (ItemLink link : reads.links(item.id())) {
            ItemId otherId = link.from().equals(item.id()) ? link.to() : link.from();
            Item other = reads.item(otherId).orElseThrow();
            String word = JsonFields.wordOf(link.kind());
            if (!other.project().equals(project.id())) {
                findings.add(new ImportFinding(
                        item.key().toString(), "link", word + " " + other.key() + ", which is of another project"));
                continue;
            }
            boolean isOwn = switch (link.kind()) {
                case RELATES -> item.key().number() < other.key().number();
                case BLOCKS, DUPLICATES, PARENT -> link.from().equals(item.id());
            };
            if (isOwn) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("from", "i" + item.key().number());
                line.put("kind", word);
                line.put("to", "i" + other.key().number());
                sorted.put(
                        word + String.format(Locale.ROOT, "%020d", other.key().number()), line);
            }
        }
        sorted.values().forEach(line -> add("links", line));
    }

    private void events() {
        Map<Long, String> gone = new LinkedHashMap<>();
        List<PlanEvent> all = new ArrayList<>();
        List<PlanEvent> page;
        long after = 0;
        do {
            page = reads.events(project.id(), after, PAGE);
            all.addAll(page);
            after = page.isEmpty() ? after : page.get(page.size() - 1).sequence();
        } while (page.size() == PAGE);
        for (PlanEvent event : all) {
            if (event.subject() != 0 && !names.containsKey(event.subject())) {
                gone.computeIfAbsent(event.subject(), each -> ArchiveNames.GONE + (gone.size() + 1));
            }
        }
        names.putAll(gone);
        for (PlanEvent event : all) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("kind", JsonFields.wordOf(event.kind()));
            if (event.subject() != 0) {
                line.put(
                        "subject",
                        Optional.ofNullable(names.get(event.subject())).orElseThrow());
            }
            line.put("version", event.version());
            line.put("field", event.field());
            line.put("before", ArchiveNames.named(event, event.before(), names));
            line.put("after", ArchiveNames.named(event, event.after(), names));
            line.put("by", event.by().toString());
            line.put("at", event.at().toString());
            add("events", line);
        }
    }

    /** The key that an item of another name and prefix has. */
    static ItemKey key(String prefix, String text) {
        return new ItemKey(prefix, ItemKey.parse(text).number());
    }
}
