package dev.architect.planner.transfer;

import dev.architect.project.board.Stage;
import dev.architect.project.item.Block;
import dev.architect.project.item.Estimate;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemSize;
import dev.architect.project.item.ItemWeight;
import dev.architect.project.item.ItemWork;
import dev.architect.project.item.LinkKind;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.SourceItem;
import dev.architect.project.transfer.SourceLink;
import dev.architect.project.transfer.SourceProject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads {@code tasks.json} of task-master: a list of tasks under each tag, or one list in older files. The report of complexities is read when it is in
 * the same file, as {@code complexityAnalysis}.
 */
final class TaskMasterReader {

    private static final String MASTER = "master";
    private static final Set<String> HELD = Set.of(
            "title", "body", "priority", "size", "estimate", "assignees", "labels", "parent", "check", "blocked");
    private static final Set<String> KNOWN = Set.of(
            "id",
            "title",
            "description",
            "details",
            "testStrategy",
            "status",
            "priority",
            "dependencies",
            "subtasks",
            "tags",
            "createdAt",
            "updatedAt");
    private static final Map<String, String> COLUMNS = Map.of(
            "pending", "To do",
            "in-progress", "In progress",
            "review", "Review",
            "done", "Done",
            "completed", "Done",
            "deferred", "Backlog",
            "cancelled", "Cancelled",
            "blocked", "To do");
    private static final Map<String, Stage> STAGES = Map.of(
            "To do", Stage.READY,
            "In progress", Stage.ACTIVE,
            "Review", Stage.REVIEW,
            "Done", Stage.DONE,
            "Backlog", Stage.BACKLOG,
            "Cancelled", Stage.CANCELLED);
    private static final Map<String, Integer> PRIORITIES = Map.of("critical", 0, "high", 2, "medium", 5, "low", 7);
    private static final Map<String, ItemSize> SIZES = Map.of(
            "very low", ItemSize.XS,
            "low", ItemSize.S,
            "medium", ItemSize.M,
            "high", ItemSize.L,
            "very high", ItemSize.XL);
    private static final int MOST_CHECK = 2_000;
    private static final int SIBLINGS = 100;
    private static final BigDecimal MOST_HOURS = BigDecimal.valueOf(10_000);

    private final SourceNode file;
    private final ImportOptions options;
    private final Map<String, SourceNode> report = new HashMap<>();
    private boolean isReported = true;

    TaskMasterReader(SourceNode file, ImportOptions options) {
        this.file = file;
        this.options = options;
    }

    /** Takes a report of complexities, which is of the tag that is taken out alone, else of {@code master} or the only one. */
    TaskMasterReader with(SourceNode complexities) {
        for (SourceNode each : complexities.needed("complexityAnalysis").list()) {
            report.put(String.valueOf(each.needed("taskId").whole()), each);
        }
        return this;
    }

    List<SourceProject> read() {
        if (file.has("complexityAnalysis")) {
            with(file);
        }
        List<SourceProject> projects = new ArrayList<>();
        if (file.has("tasks") && file.get("tasks").orElseThrow().isList()) {
            projects.add(tag(MASTER, file));
            return projects;
        }
        for (String name : file.names()) {
            SourceNode tag = file.get(name).orElseThrow(() -> new ImportException("", name, "null", "a tag"));
            boolean isReport = name.equals("complexityAnalysis") || name.equals("meta");
            if (!isReport) {
                isReported = name.equals(options.only().orElse(MASTER))
                        || file.names().size() == 1;
                projects.add(tag(name, tag));
            }
        }
        if (projects.isEmpty()) {
            throw new ImportException("", "", "without a tag", "tasks under at least one tag");
        }
        return projects;
    }

    private SourceProject tag(String name, SourceNode tag) {
        SourceBuilder source = new SourceBuilder(ImportFormat.TASK_MASTER, options, HELD, tag.place(), name);
        Optional<Instant> created = tag.get("metadata").flatMap(meta -> time(meta, "created"));
        Map<String, List<SourceNode>> dependencies = new LinkedHashMap<>();
        Set<String> ids = new LinkedHashSet<>();
        for (SourceNode task : tag.needed("tasks").list()) {
            String id = String.valueOf(task.needed("id").whole());
            once(ids, task, id);
            item(source, task, id, Optional.empty(), created);
            dependencies.put(id, task.list("dependencies"));
            for (SourceNode part : task.list("subtasks")) {
                String own = id + "." + part(part.needed("id"), id);
                once(ids, part, own);
                item(source, part, own, Optional.of(id), created);
                dependencies.put(own, part.list("dependencies"));
                if (part.get("subtasks")
                        .filter(SourceNode::isList)
                        .map(SourceNode::list)
                        .filter(list -> !list.isEmpty())
                        .isPresent()) {
                    throw new ImportException(part.place(), "subtasks", "there", "none: subtasks have one level");
                }
            }
        }
        dependencies.forEach((id, list) -> depend(source, ids, id, list));
        return source.build();
    }

    private static void once(Set<String> ids, SourceNode task, String id) {
        if (!ids.add(id)) {
            throw new ImportException(task.place(), "id", "'" + id + "'", "each id once");
        }
    }

    /** The number of a subtask, which is written as a number, as text, or with the id of its task. */
    private static String part(SourceNode id, String parent) {
        if (id.isText() && id.text().strip().startsWith(parent + ".")) {
            return String.valueOf(SourceNode.of(id.place(), id.text().strip().substring(parent.length() + 1))
                    .whole());
        }
        return String.valueOf(id.whole());
    }

    private static Optional<Instant> time(SourceNode node, String field) {
        return node.text(field).flatMap(text -> SourceBuilder.time(node.place(), field, text));
    }

    private void item(
            SourceBuilder source, SourceNode task, String id, Optional<String> parent, Optional<Instant> created) {
        String place = task.place();
        Map<String, Object> rest = task.except(KNOWN);
        Optional<String> status = task.filled("status").map(text -> text.strip().toLowerCase(Locale.ROOT));
        if (status.isEmpty()) {
            source.find(place, "status", "is missing: the item is in the backlog");
        }
        String title = status.map(word -> options.stage(word).isPresent() ? word : COLUMNS.getOrDefault(word, word))
                .orElse("Backlog");
        String column = source.column(place, title, Optional.ofNullable(STAGES.get(title)));
        Optional<Block> block = status.filter("blocked"::equals)
                .map(word -> new Block(Block.Reason.EXTERNAL, "It was blocked in task-master, without a reason."));
        String test = text(task, "testStrategy");
        Optional<String> check = Optional.of(test).filter(text -> !text.isBlank() && text.length() <= MOST_CHECK);
        List<String> body = new ArrayList<>(List.of(text(task, "description"), text(task, "details")));
        if (test.length() > MOST_CHECK) {
            source.find(place, "testStrategy", "has " + test.length() + " characters: it is part of the body");
            body.add(test);
        }
        List<Optional<String>> labels = new ArrayList<>();
        for (SourceNode tag : task.list("tags")) {
            labels.add(source.label(tag.place(), tag.text(), Optional.empty(), ""));
        }
        ItemDraft draft = source.titled(
                        place,
                        ItemDraft.of(ItemKind.FEATURE, "?"),
                        task.required("title"),
                        String.join(
                                "\n\n",
                                body.stream().filter(text -> !text.isBlank()).toList()))
                .withWeight(weight(source, task, id, rest))
                .withWork(new ItemWork(check, Optional.empty(), block))
                .withAssignees(task.filled("assignee").flatMap(name -> source.person(place, "assignee", name)).stream()
                        .toList());
        rest.remove("assignee");
        Optional<Instant> createdAt = time(task, "createdAt");
        source.add(SourceBuilder.checked(
                place,
                () -> new SourceItem(
                        place,
                        id,
                        parent.isEmpty() && !id.equals("0")
                                ? OptionalLong.of(Long.parseLong(id))
                                : OptionalLong.empty(),
                        draft,
                        new SourceItem.References(column, parent, Optional.empty(), source.labels(place, labels)),
                        new SourceItem.Times(
                                createdAt.isPresent() ? createdAt : created,
                                Optional.empty(),
                                time(task, "updatedAt"),
                                Optional.empty(),
                                Optional.empty()),
                        List.of(),
                        List.of(),
                        source.data(place, rest))));
    }

    private static String text(SourceNode task, String field) {
        return task.text(field).orElse("");
    }

    private ItemWeight weight(SourceBuilder source, SourceNode task, String id, Map<String, Object> rest) {
        String place = task.place();
        int priority = ItemWeight.DEFAULT_PRIORITY;
        Optional<String> word = task.filled("priority").map(text -> text.strip().toLowerCase(Locale.ROOT));
        if (word.isPresent()) {
            Optional<Integer> known =
                    options.priority(word.get()).or(() -> Optional.ofNullable(PRIORITIES.get(word.get())));
            if (known.isEmpty()) {
                source.find(place, "priority", "'" + word.get() + "' is not known: the item has none");
            }
            priority = known.orElse(priority);
        }
        Optional<SourceNode> complexity = task.get("complexity");
        SourceNode analysis = isReported ? report.get(id) : null;
        if (analysis != null) {
            rest.put("complexityReport", analysis.map());
            complexity = complexity.or(() -> analysis.get("complexityScore"));
        }
        Optional<ItemSize> size = complexity.flatMap(node -> size(source, node));
        Optional<Estimate> estimate = task.get("effort").flatMap(node -> estimate(source, node));
        if (estimate.isPresent()) {
            rest.remove("effort");
        }
        return new ItemWeight(priority, Optional.empty(), size, estimate);
    }

    private static Optional<ItemSize> size(SourceBuilder source, SourceNode node) {
        if (node.isNumber()) {
            double score = node.number().doubleValue();
            if (score >= 1 && score <= 10) {
                return Optional.of(ItemSize.values()[Math.min(4, (int) Math.ceil(score / 2) - 1)]);
            }
        } else if (node.isText()) {
            Optional<ItemSize> known =
                    Optional.ofNullable(SIZES.get(node.text().strip().toLowerCase(Locale.ROOT)));
            if (known.isPresent()) {
                return known;
            }
        }
        source.find(
                node.place(),
                "",
                "is " + node + ", no complexity from 1 to 10 and no word for one: the item has no size");
        return Optional.empty();
    }

    private static Optional<Estimate> estimate(SourceBuilder source, SourceNode node) {
        if (node.isNumber()) {
            BigDecimal hours = node.number();
            if (hours.signum() >= 0 && hours.compareTo(MOST_HOURS) <= 0) {
                int minutes = hours.multiply(BigDecimal.valueOf(60))
                        .setScale(0, RoundingMode.HALF_UP)
                        .intValueExact();
                return Optional.of(new Estimate(minutes, minutes, minutes, Estimate.Source.PERSON));
            }
        }
        source.find(node.place(), "", "is " + node + ", no hours from 0 to 10000: the item has no estimate");
        return Optional.empty();
    }

    /** In a subtask a number below a hundred is a sibling, text with a dot a subtask, and everything else a task. */
    private static void depend(SourceBuilder source, Set<String> ids, String id, List<SourceNode> dependencies) {
        int dot = id.indexOf('.');
        Set<String> seen = new LinkedHashSet<>();
        for (SourceNode node : dependencies) {
            String wanted;
            if (node.isText() && node.text().strip().matches("[0-9]{1,12}\\.[0-9]{1,12}")) {
                wanted = node.text().strip();
            } else if (dot > 0 && node.isNumber() && node.whole() < SIBLINGS) {
                wanted = id.substring(0, dot + 1) + node.whole();
            } else {
                wanted = String.valueOf(node.whole());
            }
            if (wanted.equals(id)) {
                throw new ImportException(node.place(), "", "'" + wanted + "'", "another item than itself");
            }
            if (!ids.contains(wanted)) {
                source.find(
                        node.place(), "", "is '" + wanted + "', which is not in the file: the relation is left out");
            } else if (seen.add(wanted)) {
                source.add(new SourceLink(node.place(), wanted, id, LinkKind.BLOCKS));
            }
        }
    }
}
