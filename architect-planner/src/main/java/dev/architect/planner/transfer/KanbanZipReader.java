package dev.architect.planner.transfer;

import dev.architect.project.Actor;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.item.LinkKind;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.SourceComment;
import dev.architect.project.transfer.SourceFile;
import dev.architect.project.transfer.SourceItem;
import dev.architect.project.transfer.SourceLink;
import dev.architect.project.transfer.SourceProject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Reads the zip of Vibe Kanban's export: {@code issues.csv} and {@code projects.csv}, and where it has them {@code users.csv}, {@code tags.csv},
 * {@code relationships.csv}, {@code comments.csv}, {@code attachments.csv} and the files.
 */
final class KanbanZipReader {

    private static final String ISSUES = "issues.csv";
    private static final String ID = "Issue ID";
    private static final Set<String> KNOWN = Set.of(
            "Title",
            "Description",
            "Priority",
            "Project",
            "Labels",
            "Created",
            "Updated",
            "Start Date",
            "Due Date",
            "Completed",
            "Parent Issue",
            "Status",
            "Creator");

    private final ImportOptions options;
    private final Map<String, List<byte[]>> entries = new LinkedHashMap<>();
    private final KanbanPeople people = new KanbanPeople();
    private final Map<String, SourceBuilder> projects = new LinkedHashMap<>();
    private final Map<String, String> projectOf = new HashMap<>();
    private final Map<String, List<SourceComment>> comments = new HashMap<>();
    private final Map<String, List<SourceFile>> files = new HashMap<>();
    private final List<String[]> unattached = new ArrayList<>();

    KanbanZipReader(List<ZipEntries.Packed> packed, ImportOptions options) {
        this.options = options;
        packed.forEach(each ->
                entries.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(each.content()));
    }

    private List<CsvTable.Row> table(String name, List<String> needed) {
        List<byte[]> found = entries.getOrDefault(name, List.of());
        if (found.size() > 1) {
            throw new ImportException(name, "", "there twice", "one entry of that name");
        }
        return found.isEmpty() ? List.of() : CsvTable.read(name, found.get(0), needed);
    }

    List<SourceProject> read() {
        if (!entries.containsKey(ISSUES)) {
            throw new ImportException("", "entries", String.valueOf(entries.keySet()), "one that is " + ISSUES);
        }
        List<CsvTable.Row> issues = table(ISSUES, List.of(ID, "Title", "Status"));
        List<CsvTable.Row> named = table("projects.csv", List.of("Name"));
        for (CsvTable.Row row : named) {
            String name = row.required("Name");
            if (projects.containsKey(name)) {
                throw new ImportException(row.place(), "Name", "'" + name + "'", "the name of each project once");
            }
            projects.put(name, builder(row.place(), name, issues));
        }
        for (CsvTable.Row row : issues) {
            String name = row.has("Project") || named.size() != 1
                    ? row.required("Project")
                    : named.get(0).required("Name");
            projects.computeIfAbsent(name, each -> builder(row.place(), each, issues));
            String other = projectOf.put(row.required(ID), name);
            if (other != null) {
                throw new ImportException(row.place(), ID, "'" + row.text(ID) + "'", "each id once");
            }
        }
        table("users.csv", List.of("Email", "Name")).forEach(row -> people.add(row.required("Name")));
        table("tags.csv", List.of("Project", "Tag Name", "Color"))
                .forEach(row -> projectNamed(row)
                        .label(row.place(), row.required("Tag Name"), Optional.of(row.text("Color")), ""));
        readComments();
        readFiles();
        issues.forEach(this::issue);
        relationships();
        table("pull_requests.csv", List.of())
                .forEach(row -> projects.values()
                        .forEach(source ->
                                source.find(row.place(), "", "pull requests are not carried over: " + row.values())));
        unattached.forEach(each -> projects.values().forEach(source -> source.find(each[0], ID, each[1])));
        return projects.values().stream().map(SourceBuilder::build).toList();
    }

    private SourceBuilder builder(String place, String name, List<CsvTable.Row> issues) {
        boolean hasLabels = !issues.isEmpty() && issues.get(0).has("Labels");
        Set<String> held =
                hasLabels ? KanbanWords.HELD : Set.of("title", "body", "priority", "parent", "due", "assignees");
        SourceBuilder source = new SourceBuilder(ImportFormat.VIBE_KANBAN, options, held, place, name);
        if (!hasLabels) {
            source.find(ISSUES, "labels", "are not in this export");
        }
        if (!entries.containsKey("relationships.csv")) {
            source.find("", "relations", "are not in this export");
        }
        if (!entries.containsKey("comments.csv")) {
            source.find("", "comments", "are not in this export");
        }
        return source;
    }

    private SourceBuilder projectNamed(CsvTable.Row row) {
        String name = row.required("Project");
        SourceBuilder source = projects.get(name);
        if (source == null) {
            throw new ImportException(row.place(), "Project", "'" + name + "'", "one of " + projects.keySet());
        }
        return source;
    }

    private SourceBuilder projectOf(CsvTable.Row row, String column) {
        String name = projectOf.get(row.required(column));
        if (name == null) {
            throw new ImportException(row.place(), column, "'" + row.text(column) + "'", "the id of an issue");
        }
        return Optional.ofNullable(projects.get(name)).orElseThrow();
    }

    private void readComments() {
        Map<String, Integer> same = new HashMap<>();
        for (CsvTable.Row row : table("comments.csv", List.of(ID, "Author", "Message", "Created"))) {
            SourceBuilder source = projectOf(row, ID);
            if (row.text("Message").isEmpty()) {
                source.find(row.place(), "Message", "is empty: the comment is left out");
                continue;
            }
            // Comments have no id in this export; what they say makes one.
            String told =
                    row.text(ID) + "\n" + row.text("Author") + "\n" + row.text("Created") + "\n" + row.raw("Message");
            int count = same.merge(told, 1, Integer::sum);
            String id = UUID.nameUUIDFromBytes((told + "\n" + count).getBytes(StandardCharsets.UTF_8))
                    .toString();
            comments.computeIfAbsent(row.text(ID), each -> new ArrayList<>())
                    .add(new SourceComment(
                            id,
                            Optional.empty(),
                            source.person(row.place(), "Author", row.text("Author")),
                            SourceBuilder.time(row.place(), "Created", row.text("Created")),
                            row.raw("Message")));
        }
    }

    private void readFiles() {
        Map<String, Integer> used = new HashMap<>();
        String path = "File Path in ZIP";
        List<CsvTable.Row> rows = table("attachments.csv", List.of(ID, "Filename", "Size (bytes)", path));
        Map<String, Integer> claims = new HashMap<>();
        rows.forEach(row -> claims.merge(row.required(path), 1, Integer::sum));
        for (CsvTable.Row row : rows) {
            if (!projectOf.containsKey(row.required(ID))) {
                unattached.add(new String[] {
                    row.place(),
                    "is '" + row.text(ID) + "', which is no issue: '" + row.text("Filename") + "' is left out"
                });
                continue;
            }
            SourceBuilder source = projectOf(row, ID);
            String name = fileName(row);
            List<byte[]> found = entries.getOrDefault(row.text(path), List.of());
            int index = used.merge(row.text(path), 1, Integer::sum) - 1;
            Optional<byte[]> content = claims.getOrDefault(row.text(path), 0) > found.size()
                    ? bySize(found, row)
                    : Optional.of(found.get(index));
            if (content.isEmpty()) {
                source.find(
                        row.place(),
                        path,
                        "'" + row.text(path)
                                + "' is not in the zip for this file, as happens for two of one name: it is left out");
                continue;
            }
            files.computeIfAbsent(row.text(ID), each -> new ArrayList<>())
                    .add(new SourceFile(
                            row.place(), name, row.text("Content Type"), new SourceFile.Bytes(content.get())));
        }
    }

    /** Of two files that share a path only one may be in the zip; the size tells which. */
    private static Optional<byte[]> bySize(List<byte[]> found, CsvTable.Row row) {
        return found.stream()
                .filter(each -> String.valueOf(each.length).equals(row.text("Size (bytes)")))
                .findFirst();
    }

    private static String fileName(CsvTable.Row row) {
        String name = row.required("Filename");
        if (name.length() > 200
                || name.equals(".")
                || name.equals("..")
                || name.chars().anyMatch(each -> each == '/' || each == '\\' || Character.isISOControl(each))) {
            throw new ImportException(
                    row.place(), "Filename", "'" + name + "'", "a file name of at most 200 characters without a path");
        }
        return name;
    }

    private void issue(CsvTable.Row row) {
        SourceBuilder source = projectOf(row, ID);
        String place = row.place();
        String id = row.text(ID);
        source.prefix(id);
        boolean isKey = ItemKey.isKey(id);
        if (!isKey) {
            source.find(place, ID, "'" + id + "' is no key: the item gets a number of its own");
        }
        String column = source.column(place, row.required("Status"), KanbanWords.stage(row.text("Status")));
        List<Optional<String>> labels = new ArrayList<>();
        for (String label : row.text("Labels").split(", ", -1)) {
            if (!label.isBlank()) {
                labels.add(source.label(place, label, Optional.empty(), ""));
            }
        }
        List<Actor> assignees = people.read(source, place, "Assignee(s)", row.text("Assignee(s)"));
        Map<String, Object> rest = new LinkedHashMap<>();
        row.values().forEach((name, value) -> {
            boolean isKept =
                    !KNOWN.contains(name) && !value.isEmpty() && !(name.equals("Assignee(s)") && !assignees.isEmpty());
            if (isKept) {
                rest.put(name, value);
            }
        });
        ItemDraft draft = source.titled(
                        place, ItemDraft.of(ItemKind.FEATURE, "?"), row.required("Title"), row.raw("Description"))
                .withPriority(KanbanWords.priority(source, place, row.text("Priority")))
                .withPlan(new ItemPlan(
                        Optional.empty(), Optional.empty(), SourceBuilder.day(place, "Due Date", row.text("Due Date"))))
                .withAssignees(source.people(place, assignees));
        source.add(SourceBuilder.checked(
                place,
                () -> new SourceItem(
                        place,
                        id,
                        isKey ? OptionalLong.of(ItemKey.parse(id).number()) : OptionalLong.empty(),
                        draft,
                        new SourceItem.References(
                                column,
                                Optional.of(row.text("Parent Issue")).filter(parent -> !parent.isEmpty()),
                                Optional.empty(),
                                source.labels(place, labels)),
                        new SourceItem.Times(
                                SourceBuilder.time(place, "Created", row.text("Created")),
                                source.person(place, "Creator", row.text("Creator")),
                                SourceBuilder.time(place, "Updated", row.text("Updated")),
                                SourceBuilder.time(place, "Start Date", row.text("Start Date")),
                                SourceBuilder.time(place, "Completed", row.text("Completed"))),
                        comments.getOrDefault(id, List.of()),
                        files.getOrDefault(id, List.of()),
                        source.data(place, rest))));
    }

    private void relationships() {
        for (CsvTable.Row row : table("relationships.csv", List.of(ID, "Related Issue ID", "Type"))) {
            SourceBuilder source = projectOf(row, ID);
            SourceBuilder other = projectOf(row, "Related Issue ID");
            String from = row.text(ID);
            String to = row.text("Related Issue ID");
            if (other != source) {
                source.find(row.place(), "", "relates issues of two projects: it is left out");
                continue;
            }
            link(source, row.place(), row.required("Type"), from, to);
        }
    }

    /** Adds a relation by its type there: the issue blocks the related one, relates to it, or has it as a duplicate. */
    static void link(SourceBuilder source, String place, String type, String from, String to) {
        switch (type.toLowerCase(Locale.ROOT).replace("_", "")) {
            case "blocking" -> source.add(new SourceLink(place, from, to, LinkKind.BLOCKS));
            case "related" -> source.add(new SourceLink(place, from, to, LinkKind.RELATES));
            case "hasduplicate" -> source.add(new SourceLink(place, to, from, LinkKind.DUPLICATES));
            default -> source.find(place, "type", "'" + type + "' is not known: the relation is left out");
        }
    }
}
