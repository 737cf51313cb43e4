package dev.architect.project.item;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What people may change of an item beside its place. Immutable; its {@code with} methods return changed copies.
 *
 * @param kind what it is
 * @param title 1 to 300 characters
 * @param body Markdown, at most 100,000 characters; empty in items of lists and boards, which leave it out
 * @param weight how urgent and how big it is
 * @param plan what it belongs to
 * @param assignees who is to do it, at most 20, each once
 * @param labels at most 20 labels of its project
 * @param fields values of custom fields of its project
 * @param work how it is worked on
 */
public record ItemDraft(
        ItemKind kind,
        String title,
        String body,
        ItemWeight weight,
        ItemPlan plan,
        List<Actor> assignees,
        Set<PartId> labels,
        Map<PartId, String> fields,
        ItemWork work) {

    /** The longest title, in characters. */
    public static final int MAX_TITLE_CHARACTERS = 300;

    /** The longest body, in characters. */
    public static final int MAX_BODY_CHARACTERS = 100_000;

    private static final int MOST = 20;
    private static final int MOST_FIELDS = 50;

    /** Copies the collections and checks every field. */
    public ItemDraft {
        Check.notNull("kind", kind);
        if (Check.notNull("title", title).isBlank() || title.length() > MAX_TITLE_CHARACTERS) {
            throw InvalidFieldException.value(
                    "title",
                    "title has " + title.strip().length() + " characters, expected 1 to " + MAX_TITLE_CHARACTERS);
        }
        Check.atMost("body", body, MAX_BODY_CHARACTERS);
        Check.notNull("weight", weight);
        if (kind != ItemKind.BUG && weight.severity().isPresent()) {
            throw InvalidFieldException.value(
                    "severity", "severity is set for a " + kind + ", expected it for bugs only");
        }
        Check.notNull("plan", plan);
        assignees = List.copyOf(Check.noNulls("assignees", assignees));
        Check.range("assignees size", assignees.size(), 0, MOST);
        if (new LinkedHashSet<>(assignees).size() < assignees.size()) {
            throw new IllegalArgumentException("assignees are " + assignees + ", expected each once");
        }
        labels = Set.copyOf(Check.noNulls("labels", labels));
        Check.range("labels size", labels.size(), 0, MOST);
        fields = Map.copyOf(Check.noNulls("fields", fields));
        Check.range("fields size", fields.size(), 0, MOST_FIELDS);
        Check.notNull("work", work);
    }

    /** Returns an item of which only the title is known. */
    public static ItemDraft of(ItemKind kind, String title) {
        return new ItemDraft(
                kind, title, "", ItemWeight.UNKNOWN, ItemPlan.NONE, List.of(), Set.of(), Map.of(), ItemWork.NONE);
    }

    /** Returns a copy with another title. */
    public ItemDraft withTitle(String changed) {
        return new ItemDraft(kind, changed, body, weight, plan, assignees, labels, fields, work);
    }

    /** Returns a copy with another body. */
    public ItemDraft withBody(String changed) {
        return new ItemDraft(kind, title, changed, weight, plan, assignees, labels, fields, work);
    }

    /** Returns a copy with another weight. */
    public ItemDraft withWeight(ItemWeight changed) {
        return new ItemDraft(kind, title, body, changed, plan, assignees, labels, fields, work);
    }

    /** Returns a copy with another priority. */
    public ItemDraft withPriority(int changed) {
        return withWeight(new ItemWeight(changed, weight.severity(), weight.size(), weight.estimate()));
    }

    /** Returns a copy that belongs to something else. */
    public ItemDraft withPlan(ItemPlan changed) {
        return new ItemDraft(kind, title, body, weight, changed, assignees, labels, fields, work);
    }

    /** Returns a copy with another parent, or none. */
    public ItemDraft withParent(Optional<ItemId> changed) {
        return withPlan(new ItemPlan(changed, plan.milestone(), plan.due()));
    }

    /** Returns a copy that others are to do. */
    public ItemDraft withAssignees(List<Actor> changed) {
        return new ItemDraft(kind, title, body, weight, plan, changed, labels, fields, work);
    }

    /** Returns a copy with other labels. */
    public ItemDraft withLabels(Set<PartId> changed) {
        return new ItemDraft(kind, title, body, weight, plan, assignees, changed, fields, work);
    }

    /** Returns a copy with other values of custom fields. */
    public ItemDraft withFields(Map<PartId, String> changed) {
        return new ItemDraft(kind, title, body, weight, plan, assignees, labels, changed, work);
    }

    /** Returns a copy that is worked on in another way. */
    public ItemDraft withWork(ItemWork changed) {
        return new ItemDraft(kind, title, body, weight, plan, assignees, labels, fields, changed);
    }
}
