package dev.architect.planner.transfer;

import dev.architect.json.JsonFields;
import dev.architect.planner.check.ArgumentCheck;
import dev.architect.project.PartId;
import dev.architect.project.ProjectId;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.CustomField;
import dev.architect.project.item.Estimate;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.rule.Projects;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.ItemOrder;
import dev.architect.project.store.ItemQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Items as a table for people: comma-separated values (RFC 4180), one row an item in the order of keys. Spreadsheets run what begins like a formula, so
 * such a text begins with an apostrophe.
 */
public final class ProjectCsv {

    private static final String FORMULA = "=+-@\t\r\uff1d\uff0b\uff0d\uff20";
    private static final List<String> HEADER = List.of(
            "Key",
            "Kind",
            "Title",
            "Body",
            "Column",
            "Stage",
            "Priority",
            "Severity",
            "Size",
            "Estimate (minutes)",
            "Reporter",
            "Assignees",
            "Labels",
            "Parent",
            "Milestone",
            "Due",
            "Check",
            "Blocked",
            "Created",
            "Updated",
            "Started",
            "Done",
            "Origin");

    private ProjectCsv() {}

    /**
     * Writes the items of a project. Blocks for the store, a page at a time.
     *
     * @throws IOException when {@code out} does
     */
    public static void write(Projects projects, ProjectId project, Appendable out) throws IOException {
        ArgumentCheck.notNull("projects", projects);
        ArgumentCheck.notNull("project", project);
        ArgumentCheck.notNull("out", out);
        List<BoardColumn> columns = projects.boards().columns(project);
        List<CustomField> fields = projects.parts().fields(project);
        Map<PartId, String> labels = projects.parts().labels(project).stream()
                .collect(Collectors.toMap(
                        label -> label.id(), label -> label.draft().name()));
        Map<String, String> milestones = projects.milestones().of(project).stream()
                .collect(Collectors.toMap(
                        each -> each.id().toString(), each -> each.draft().title()));
        Map<ItemId, String> keys = new HashMap<>();
        List<Item> items = all(projects, project);
        items.forEach(item -> keys.put(item.id(), item.key().toString()));
        List<String> header = new ArrayList<>(HEADER);
        fields.forEach(field -> header.add(field.draft().name()));
        row(out, header);
        for (Item listed : items) {
            Item item = projects.items().get(listed.id());
            List<String> row = new ArrayList<>(List.of(
                    item.key().toString(),
                    JsonFields.wordOf(item.draft().kind()),
                    item.draft().title(),
                    item.draft().body()));
            Optional<BoardColumn> column = columns.stream()
                    .filter(each -> each.id().equals(item.place().column()))
                    .findFirst();
            row.add(column.map(each -> each.draft().title()).orElse(""));
            row.add(column.map(each -> JsonFields.wordOf(each.stage())).orElse(""));
            row.addAll(values(item, keys, labels, milestones));
            fields.forEach(field -> row.add(item.draft().fields().getOrDefault(field.id(), "")));
            row(out, row);
        }
    }

    private static List<Item> all(Projects projects, ProjectId project) {
        List<Item> all = new ArrayList<>();
        ItemQuery query = ItemQuery.of(project).by(ItemOrder.NUMBER, false);
        List<Item> page = projects.items().list(query);
        all.addAll(page);
        while (page.size() == query.limit()) {
            Item last = page.get(page.size() - 1);
            page = projects.items()
                    .list(query.after(new ItemQuery.After(
                            ItemCodec.sortValue(last, query.order()), last.id().value())));
            all.addAll(page);
        }
        return all;
    }

    private static List<String> values(
            Item item, Map<ItemId, String> keys, Map<PartId, String> labels, Map<String, String> milestones) {
        return List.of(
                String.valueOf(item.draft().weight().priority()),
                text(item.draft().weight().severity().map(JsonFields::wordOf)),
                text(item.draft().weight().size().map(Enum::name)),
                text(item.draft().weight().estimate().map(Estimate::likely)),
                item.revision().createdBy().toString(),
                item.draft().assignees().stream().map(Object::toString).collect(Collectors.joining(", ")),
                item.draft().labels().stream()
                        .map(id -> labels.getOrDefault(id, id.toString()))
                        .sorted()
                        .collect(Collectors.joining(", ")),
                text(item.draft().plan().parent().map(id -> keys.getOrDefault(id, id.toString()))),
                text(item.draft().plan().milestone().map(id -> milestones.getOrDefault(id.toString(), id.toString()))),
                text(item.draft().plan().due()),
                text(item.draft().work().check()),
                text(item.draft().work().block().map(each -> JsonFields.wordOf(each.reason()) + ": " + each.note())),
                item.revision().createdAt().toString(),
                item.revision().updatedAt().toString(),
                text(item.progress().startedAt()),
                text(item.progress().doneAt()),
                text(item.origin()));
    }

    private static String text(Optional<?> value) {
        return value.map(Object::toString).orElse("");
    }

    private static void row(Appendable out, List<String> values) throws IOException {
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : ",").append(cell(values.get(i)));
        }
        out.append("\r\n");
    }

    /** A field, in quotes where it needs them, that no spreadsheet takes for a formula. */
    static String cell(String text) {
        String inert = text.chars()
                        .filter(each -> each != ' ' && each != '\n')
                        .limit(1)
                        .anyMatch(each -> FORMULA.indexOf(each) >= 0)
                ? "'" + text
                : text;
        return inert.chars().anyMatch(each -> ",\"\r\n".indexOf(each) >= 0)
                ? "\"" + inert.replace("\"", "\"\"") + "\""
                : inert;
    }
}
