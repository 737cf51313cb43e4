package dev.architect.project.store;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.Position;
import dev.architect.project.ProjectId;
import dev.architect.project.item.Block;
import dev.architect.project.item.Estimate;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.item.ItemSize;
import dev.architect.project.item.ItemWeight;
import dev.architect.project.item.ItemWork;
import dev.architect.project.item.Severity;
import dev.architect.project.milestone.MilestoneId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The JSON form of items, for stores and for the web. A field that is missing has its default. */
public final class ItemCodec {

    /** The fields that {@link #draft} reads. */
    public static final Set<String> DRAFT_FIELDS = Set.of(
            "kind",
            "title",
            "body",
            "priority",
            "severity",
            "size",
            "estimate",
            "parent",
            "milestone",
            "due",
            "assignees",
            "labels",
            "fields",
            "check",
            "worker",
            "blocked");

    private static final int LEAST_URGENT = 9;
    private static final int MOST_MINUTES = 600_000;
    private static final long NEVER = Long.MAX_VALUE;

    private ItemCodec() {}

    /** Returns the fields of a draft; labels and custom fields are named by their ids, and what is empty is left out. */
    public static Map<String, Object> fields(ItemDraft draft) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", JsonFields.wordOf(Check.notNull("draft", draft).kind()));
        fields.put("title", draft.title());
        if (!draft.body().isEmpty()) {
            fields.put("body", draft.body());
        }
        ItemWeight weight = draft.weight();
        fields.put("priority", weight.priority());
        weight.severity().ifPresent(each -> fields.put("severity", JsonFields.wordOf(each)));
        weight.size().ifPresent(each -> fields.put("size", JsonFields.wordOf(each)));
        weight.estimate().ifPresent(each -> fields.put("estimate", estimate(each)));
        ItemPlan plan = draft.plan();
        plan.parent().ifPresent(each -> fields.put("parent", each.toString()));
        plan.milestone().ifPresent(each -> fields.put("milestone", each.toString()));
        plan.due().ifPresent(each -> fields.put("due", each.toString()));
        if (!draft.assignees().isEmpty()) {
            fields.put(
                    "assignees", draft.assignees().stream().map(Actor::toString).toList());
        }
        if (!draft.labels().isEmpty()) {
            fields.put(
                    "labels",
                    draft.labels().stream().sorted().map(PartId::toString).toList());
        }
        if (!draft.fields().isEmpty()) {
            Map<String, Object> values = new TreeMap<>();
            draft.fields().forEach((field, value) -> values.put(field.toString(), value));
            fields.put("fields", values);
        }
        ItemWork work = draft.work();
        work.check().ifPresent(each -> fields.put("check", each));
        work.worker().ifPresent(each -> fields.put("worker", each));
        work.block().ifPresent(each -> fields.put("blocked", block(each)));
        return fields;
    }

    private static Map<String, Object> estimate(Estimate estimate) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("optimistic", estimate.optimistic());
        fields.put("likely", estimate.likely());
        fields.put("pessimistic", estimate.pessimistic());
        fields.put("source", JsonFields.wordOf(estimate.source()));
        return fields;
    }

    private static Map<String, Object> block(Block block) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("reason", JsonFields.wordOf(block.reason()));
        fields.put("note", block.note());
        return fields;
    }

    /**
     * Reads a draft.
     *
     * @throws InvalidFieldException when a field has another form or the title is missing
     */
    public static ItemDraft draft(JsonFields fields) {
        Check.notNull("fields", fields);
        return PlanTexts.named(
                fields,
                () -> new ItemDraft(
                        fields.constant("kind", ItemKind.class).orElse(ItemKind.FEATURE),
                        fields.requiredText("title"),
                        fields.text("body").orElse(""),
                        new ItemWeight(
                                fields.integer("priority", 0, LEAST_URGENT).orElse(ItemWeight.DEFAULT_PRIORITY),
                                fields.constant("severity", Severity.class),
                                fields.constant("size", ItemSize.class),
                                fields.object("estimate").map(ItemCodec::estimate)),
                        new ItemPlan(
                                PlanTexts.parsed(fields, "parent", ItemId::parse),
                                PlanTexts.parsed(fields, "milestone", MilestoneId::parse),
                                PlanTexts.day(fields, "due")),
                        list(fields, "assignees", Actor::parse),
                        new LinkedHashSet<>(list(fields, "labels", PartId::parse)),
                        values(fields),
                        new ItemWork(
                                fields.text("check"),
                                fields.text("worker"),
                                fields.object("blocked")
                                        .map(block -> new Block(
                                                block.constant("reason", Block.Reason.class)
                                                        .orElseThrow(
                                                                () -> block.missing("reason", "why it cannot go on")),
                                                block.text("note").orElse(""))))));
    }

    private static Estimate estimate(JsonFields fields) {
        fields.allowOnly(Set.of("optimistic", "likely", "pessimistic", "source"));
        int likely = fields.integer("likely", 0, MOST_MINUTES).orElseThrow(() -> fields.missing("likely", "minutes"));
        return new Estimate(
                fields.integer("optimistic", 0, MOST_MINUTES).orElse(likely),
                likely,
                fields.integer("pessimistic", 0, MOST_MINUTES).orElse(likely),
                fields.constant("source", Estimate.Source.class).orElse(Estimate.Source.PERSON));
    }

    private static <T> List<T> list(JsonFields fields, String name, Function<String, T> parser) {
        List<T> values = new ArrayList<>();
        for (String text : fields.texts(name)) {
            String path = name + "[" + values.size() + "]";
            values.add(PlanTexts.checked(fields, path, () -> parser.apply(text)));
        }
        return values;
    }

    private static Map<PartId, String> values(JsonFields fields) {
        Map<PartId, String> values = new TreeMap<>();
        fields.textsByName("fields")
                .forEach((id, value) ->
                        values.put(PlanTexts.checked(fields, "fields." + id, () -> PartId.parse(id)), value));
        return values;
    }

    /** Returns all fields of an item. */
    public static Map<String, Object> fields(Item item) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", Check.notNull("item", item).id().toString());
        fields.put("key", item.key().toString());
        fields.put("project", item.project().name());
        fields.putAll(fields(item.draft()));
        fields.put("column", item.place().column().toString());
        fields.put("position", item.place().position().text());
        item.progress().startedAt().ifPresent(at -> fields.put("startedAt", at.toString()));
        item.progress().doneAt().ifPresent(at -> fields.put("doneAt", at.toString()));
        fields.put("reopened", item.progress().reopened());
        item.origin().ifPresent(each -> fields.put("origin", each));
        item.originData().ifPresent(each -> fields.put("originData", JsonText.raw(each)));
        PlanTexts.put(fields, item.revision());
        return fields;
    }

    /** Writes everything but the body. */
    public static String write(Item item) {
        Map<String, Object> fields = fields(item);
        fields.remove("body");
        return JsonText.write(fields);
    }

    /** Reads what {@link #write} has written. */
    public static Item read(String json, String body) {
        Check.notNull("json", json);
        Check.notNull("body", body);
        JsonFields fields = JsonFields.parse(json);
        return new Item(
                ItemId.parse(fields.requiredText("id")),
                new ProjectId(fields.requiredText("project")),
                ItemKey.parse(fields.requiredText("key")),
                draft(fields).withBody(body),
                new Item.Place(
                        PartId.parse(fields.requiredText("column")), new Position(fields.requiredText("position"))),
                new Item.Progress(
                        PlanTexts.instant(fields, "startedAt"),
                        PlanTexts.instant(fields, "doneAt"),
                        fields.integer("reopened", 0, Integer.MAX_VALUE).orElse(0)),
                fields.text("origin"),
                PlanTexts.revision(fields),
                fields.objectText("originData"));
    }

    /** Returns the value that an item is sorted by, as stores compare it: text for positions, else a number. */
    public static String sortValue(Item item, ItemOrder order) {
        Check.notNull("item", item);
        return switch (Check.notNull("order", order)) {
            case POSITION -> item.place().position().text();
            case NUMBER -> String.valueOf(item.key().number());
            case PRIORITY -> String.valueOf(item.draft().weight().priority());
            case DUE -> String.valueOf(due(item));
            case CREATED -> String.valueOf(micros(item.revision().createdAt()));
            case UPDATED -> String.valueOf(micros(item.revision().updatedAt()));
        };
    }

    /** The day until which it is wanted, as seconds since 1970 in UTC; the highest number for none. */
    public static long due(Item item) {
        return Check.notNull("item", item)
                .draft()
                .plan()
                .due()
                .map(day -> day.atStartOfDay(ZoneOffset.UTC).toEpochSecond())
                .orElse(NEVER);
    }

    private static long micros(Instant at) {
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000), at.getNano() / 1_000);
    }

    /** Returns the names of the fields in which two drafts differ, with their values before and afterwards as text. */
    public static Map<String, Map.Entry<String, String>> changes(ItemDraft before, ItemDraft after) {
        return changes(fields(Check.notNull("before", before)), fields(Check.notNull("after", after)));
    }

    /** Returns the names of the fields in which two things differ, with their values before and afterwards as text. */
    public static Map<String, Map.Entry<String, String>> changes(
            Map<String, Object> before, Map<String, Object> after) {
        Set<String> names = new LinkedHashSet<>(Check.noNulls("before", before).keySet());
        names.addAll(Check.noNulls("after", after).keySet());
        Map<String, Map.Entry<String, String>> changes = new LinkedHashMap<>();
        for (String name : names) {
            String old = text(Optional.ofNullable(before.get(name)));
            String now = text(Optional.ofNullable(after.get(name)));
            if (!old.equals(now)) {
                changes.put(name, Map.entry(old, now));
            }
        }
        return changes;
    }

    private static String text(Optional<Object> value) {
        return value.map(each -> each instanceof Map || each instanceof List ? JsonText.write(each) : each.toString())
                .orElse("");
    }
}
