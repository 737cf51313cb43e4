package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.error.DidYouMean;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.project.Actor;
import dev.architect.project.ProjectId;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.CustomField;
import dev.architect.project.board.Label;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Block;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemSize;
import dev.architect.project.item.Severity;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.store.ItemAspect;
import dev.architect.project.store.ItemCondition;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.SearchText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Filters as people type them: {@code kind:bug,chore -label:ui assignee:me stage:ready due words}. Values of one field are alternatives, fields
 * must all hold, a dash before a field negates it, {@code none} is for items without a value, quotes are for values with spaces, and everything
 * else are beginnings of words. Custom fields are named as {@code field.customer:acme}.
 */
public final class ItemFilter {

    private static final String FIELD = "field.";
    private static final String NONE = "none";
    private static final Set<String> NAMES = Set.of(
            "kind",
            "column",
            "stage",
            "priority",
            "severity",
            "size",
            "reporter",
            "assignee",
            "label",
            "milestone",
            "parent",
            "blocked",
            "is");
    private static final Pattern TERM = Pattern.compile("(-?)([A-Za-z]+(?:\\.[^:\\s\"]+)?):((?:\"[^\"]*\"|[^\\s\"])+)");

    private ItemFilter() {}

    /**
     * Reads a filter.
     *
     * @param text what was typed, at most 1,000 characters
     * @param me whom {@code me} stands for
     * @return all items that it is for, in the order of their numbers
     * @throws InvalidFieldException of the field {@code q}, when a name or value is unknown
     */
    public static ItemQuery parse(Projects projects, ProjectId project, String text, Actor me) {
        Check.notNull("projects", projects);
        Check.notNull("project", project);
        Check.atMost("q", text, 1_000);
        Check.notNull("me", me);
        ItemQuery query = ItemQuery.of(project);
        Matcher terms = TERM.matcher(text);
        StringBuilder words = new StringBuilder();
        int end = 0;
        while (terms.find()) {
            words.append(text, end, terms.start()).append(' ');
            end = terms.end();
            query = with(
                    query,
                    projects,
                    terms.group(2),
                    values(terms.group(3)),
                    !terms.group(1).isEmpty(),
                    me);
        }
        words.append(text.substring(end));
        return query.withWords(SearchText.asked(words.toString()));
    }

    private static List<String> values(String text) {
        List<String> values = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean isQuoted = false;
        for (char each : text.toCharArray()) {
            if (each == '"') {
                isQuoted = !isQuoted;
            } else if (each == ',' && !isQuoted) {
                values.add(value.toString());
                value.setLength(0);
            } else {
                value.append(each);
            }
        }
        values.add(value.toString());
        return values.stream().filter(each -> !each.isBlank()).toList();
    }

    private static ItemQuery with(
            ItemQuery query, Projects projects, String name, List<String> values, boolean isNegated, Actor me) {
        if (name.startsWith(FIELD)) {
            String wanted = name.substring(FIELD.length());
            Map<String, Long> fields = new LinkedHashMap<>();
            for (CustomField field : projects.parts().fields(query.project())) {
                fields.put(field.draft().name(), field.id().value());
            }
            long field = Long.parseLong(one(name, wanted, fields));
            return query.with(condition(ItemAspect.FIELD, field, values, isNegated, name));
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "kind" -> words(query, ItemAspect.KIND, ItemKind.values(), values, isNegated, name);
            case "severity" -> words(query, ItemAspect.SEVERITY, Severity.values(), values, isNegated, name);
            case "size" -> words(query, ItemAspect.SIZE, ItemSize.values(), values, isNegated, name);
            case "blocked" -> words(query, ItemAspect.BLOCKED, Block.Reason.values(), values, isNegated, name);
            case "is" -> {
                if (!values.equals(List.of("blocked"))) {
                    throw wrong(name, String.join(",", values), "blocked");
                }
                yield query.with(new ItemCondition(ItemAspect.BLOCKED, 0, Set.of(), isNegated));
            }
            case "priority" -> {
                values.forEach(value -> {
                    if (!value.matches("[0-9]") && !value.equals(NONE)) {
                        throw wrong(name, value, "0..9");
                    }
                });
                yield query.with(condition(ItemAspect.PRIORITY, 0, values, isNegated, name));
            }
            case "reporter" -> people(query, ItemAspect.REPORTER, values, isNegated, name, me);
            case "assignee" -> people(query, ItemAspect.ASSIGNEE, values, isNegated, name, me);
            case "column" -> {
                Map<String, Long> columns = new LinkedHashMap<>();
                for (BoardColumn column : projects.boards().columns(query.project())) {
                    columns.put(column.draft().title(), column.id().value());
                    columns.put(column.id().toString(), column.id().value());
                }
                yield ids(query, ItemAspect.COLUMN, columns, values, isNegated, name);
            }
            case "stage" -> {
                Set<String> stages = constants(Stage.values(), values, name);
                Set<String> columns = new LinkedHashSet<>();
                for (BoardColumn column : projects.boards().columns(query.project())) {
                    if (stages.contains(column.stage().name())) {
                        columns.add(String.valueOf(column.id().value()));
                    }
                }
                // No column has the id 0: a stage without columns has no items.
                yield query.with(
                        new ItemCondition(ItemAspect.COLUMN, 0, columns.isEmpty() ? Set.of("0") : columns, isNegated));
            }
            case "label" -> {
                Map<String, Long> labels = new LinkedHashMap<>();
                for (Label label : projects.parts().labels(query.project())) {
                    labels.put(label.draft().name(), label.id().value());
                    labels.put(label.id().toString(), label.id().value());
                }
                yield ids(query, ItemAspect.LABEL, labels, values, isNegated, name);
            }
            case "milestone" -> {
                Map<String, Long> milestones = new LinkedHashMap<>();
                for (Milestone each : projects.milestones().of(query.project())) {
                    milestones.put(each.draft().title(), each.id().value());
                    milestones.put(each.id().toString(), each.id().value());
                }
                yield ids(query, ItemAspect.MILESTONE, milestones, values, isNegated, name);
            }
            case "parent" -> {
                Map<String, Long> parents = new LinkedHashMap<>();
                for (String value : values) {
                    if (ItemKey.isKey(value)) {
                        parents.put(
                                value,
                                projects.items().get(ItemKey.parse(value)).id().value());
                    }
                }
                yield ids(query, ItemAspect.PARENT, parents, values, isNegated, name);
            }
            default ->
                throw InvalidFieldException.value(
                        "q",
                        "q has the field '" + JsonFields.shorten(name) + "', "
                                + DidYouMean.of(name, new TreeSet<>(NAMES))
                                        .map(near -> "did you mean '" + near + "'?")
                                        .orElse("expected one of " + new TreeSet<>(NAMES)));
        };
    }

    private static InvalidFieldException wrong(String name, String value, String expected) {
        return InvalidFieldException.value(
                "q", "q has " + name + ":" + JsonFields.shorten(value) + ", expected " + expected);
    }

    private static ItemCondition condition(
            ItemAspect aspect, long field, List<String> values, boolean isNegated, String name) {
        if (values.contains(NONE)) {
            if (values.size() > 1) {
                throw wrong(name, String.join(",", values), "none by itself");
            }
            return new ItemCondition(aspect, field, Set.of(), !isNegated);
        }
        return new ItemCondition(aspect, field, new LinkedHashSet<>(values), isNegated);
    }

    private static Set<String> constants(Enum<?>[] constants, List<String> values, String name) {
        Set<String> found = new LinkedHashSet<>();
        for (String value : values) {
            found.add(Arrays.stream(constants)
                    .filter(each -> JsonFields.wordOf(each).equalsIgnoreCase(value))
                    .findFirst()
                    .orElseThrow(() -> wrong(
                            name,
                            value,
                            "one of "
                                    + Arrays.stream(constants)
                                            .map(JsonFields::wordOf)
                                            .toList()))
                    .name());
        }
        return found;
    }

    private static ItemQuery words(
            ItemQuery query,
            ItemAspect aspect,
            Enum<?>[] constants,
            List<String> values,
            boolean isNegated,
            String name) {
        return query.with(
                values.equals(List.of(NONE))
                        ? condition(aspect, 0, values, isNegated, name)
                        : new ItemCondition(aspect, 0, constants(constants, values, name), isNegated));
    }

    private static ItemQuery people(
            ItemQuery query, ItemAspect aspect, List<String> values, boolean isNegated, String name, Actor me) {
        List<String> people = new ArrayList<>();
        for (String value : values) {
            try {
                people.add(
                        value.equals(NONE)
                                ? NONE
                                : value.equals("me")
                                        ? me.toString()
                                        : Actor.parse(value).toString());
            } catch (IllegalArgumentException nobody) {
                throw wrong(name, value, "a person or agent");
            }
        }
        return query.with(condition(aspect, 0, people, isNegated, name));
    }

    private static ItemQuery ids(
            ItemQuery query,
            ItemAspect aspect,
            Map<String, Long> known,
            List<String> values,
            boolean isNegated,
            String name) {
        if (values.equals(List.of(NONE))) {
            return query.with(condition(aspect, 0, values, isNegated, name));
        }
        List<String> ids = values.stream().map(value -> one(name, value, known)).toList();
        return query.with(condition(aspect, 0, ids, isNegated, name));
    }

    private static String one(String name, String wanted, Map<String, Long> known) {
        return known.entrySet().stream()
                .filter(each -> each.getKey().equalsIgnoreCase(wanted))
                .map(each -> String.valueOf(each.getValue()))
                .findFirst()
                .orElseThrow(() -> wrong(
                        name,
                        wanted,
                        DidYouMean.of(wanted, known.keySet())
                                .map(near -> "one that is there, such as '" + near + "'")
                                .orElse("one that is there")));
    }
}
