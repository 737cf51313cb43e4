package dev.architect.project.store;

import dev.architect.check.Check;
import dev.architect.project.ProjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which items to read, and in which order. An item must meet every condition and hold every word.
 *
 * @param project whose items
 * @param conditions what they must meet, at most 20
 * @param words beginnings of words, each as {@link SearchText} makes them, at most 20
 * @param order what they are sorted by
 * @param isDescending whether the highest comes first
 * @param after the item after which to begin; empty for the first one
 * @param limit the most items, 1 to {@link #MAX_LIMIT}
 */
public record ItemQuery(
        ProjectId project,
        List<ItemCondition> conditions,
        List<String> words,
        ItemOrder order,
        boolean isDescending,
        Optional<After> after,
        int limit) {

    /** The most items of one page. */
    public static final int MAX_LIMIT = 500;

    private static final int MOST = 20;

    /**
     * Where a page ended.
     *
     * @param value the value of the last item that the order is by, as {@link ItemCodec#sortValue} returns it
     * @param id its id
     */
    public record After(String value, long id) {

        /** Checks every field. */
        public After {
            Check.notNull("value", value);
            Check.notNegative("id", id);
        }
    }

    /** Copies the lists and checks every field. */
    public ItemQuery {
        Check.notNull("project", project);
        conditions = List.copyOf(Check.noNulls("conditions", conditions));
        Check.range("conditions size", conditions.size(), 0, MOST);
        words = List.copyOf(Check.noNulls("words", words));
        Check.range("words size", words.size(), 0, MOST);
        Check.notNull("order", order);
        Check.notNull("after", after);
        Check.range("limit", limit, 1, MAX_LIMIT);
    }

    /** Returns all items of a project in the order of their numbers, a page of the most items. */
    public static ItemQuery of(ProjectId project) {
        return new ItemQuery(project, List.of(), List.of(), ItemOrder.NUMBER, false, Optional.empty(), MAX_LIMIT);
    }

    /** Returns a copy with one condition more. */
    public ItemQuery with(ItemCondition more) {
        List<ItemCondition> all = new ArrayList<>(conditions);
        all.add(Check.notNull("more", more));
        return new ItemQuery(project, all, words, order, isDescending, after, limit);
    }

    /** Returns a copy in another order. */
    public ItemQuery by(ItemOrder changed, boolean descending) {
        return new ItemQuery(project, conditions, words, changed, descending, after, limit);
    }

    /** Returns a copy that begins after an item. */
    public ItemQuery after(After item) {
        return new ItemQuery(
                project, conditions, words, order, isDescending, Optional.of(Check.notNull("item", item)), limit);
    }

    /** Returns a copy of pages of another length. */
    public ItemQuery withLimit(int changed) {
        return new ItemQuery(project, conditions, words, order, isDescending, after, changed);
    }

    /** Returns a copy for items that hold words. */
    public ItemQuery withWords(List<String> changed) {
        return new ItemQuery(project, conditions, changed, order, isDescending, after, limit);
    }
}
