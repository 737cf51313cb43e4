package dev.architect.server.rest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A page of a list with the places of its neighbours.
 *
 * @param items what is on it, in the order of the list
 * @param previous where the page before it ends; empty when there is none
 * @param next where the page after it begins; empty when there is none
 */
public record CursorPage<T>(List<T> items, Optional<PageCursor> previous, Optional<PageCursor> next) {

    /** Copies the items. */
    public CursorPage {
        items = List.copyOf(items);
    }

    /**
     * Makes a page of what was read for it.
     *
     * @param read in the order of the list, or against it for a page before a place; one more than the page has when there are more
     * @param limit the most of the page
     * @param at the place that it begins next to; empty for the first page
     * @param place the place of an item
     */
    public static <T> CursorPage<T> of(List<T> read, int limit, Optional<PageCursor> at, Function<T, String> place) {
        boolean isBackward = at.filter(PageCursor::isBackward).isPresent();
        boolean hasMore = read.size() > limit;
        List<T> items = new ArrayList<>(hasMore ? read.subList(0, limit) : read);
        if (isBackward) {
            Collections.reverse(items);
        }
        if (items.isEmpty()) {
            return new CursorPage<>(items, Optional.empty(), Optional.empty());
        }
        // Whoever came from a place has left a page there.
        boolean hasPrevious = isBackward ? hasMore : at.isPresent();
        boolean hasNext = isBackward || hasMore;
        return new CursorPage<>(
                items,
                Optional.of(new PageCursor(true, place.apply(items.get(0)))).filter(each -> hasPrevious),
                Optional.of(new PageCursor(false, place.apply(items.get(items.size() - 1))))
                        .filter(each -> hasNext));
    }

    /**
     * Makes a page of a list that says by itself where it goes on, which need not be after the last item.
     *
     * @param read in the order of the list, or against it for a page before a place; may be empty although more follow
     * @param end where reading goes on in the same direction; empty when nothing follows
     * @param at the place that it begins next to; empty for the first page
     * @param place the place of an item
     */
    public static <T> CursorPage<T> upTo(
            List<T> read, Optional<String> end, Optional<PageCursor> at, Function<T, String> place) {
        boolean isBackward = at.filter(PageCursor::isBackward).isPresent();
        List<T> items = new ArrayList<>(read);
        if (isBackward) {
            Collections.reverse(items);
        }
        // Whoever came from a place has left a page there, next to the first thing that was read or looked at.
        Optional<PageCursor> back = read.stream()
                .findFirst()
                .map(place)
                .or(() -> end)
                .filter(each -> at.isPresent())
                .map(each -> new PageCursor(!isBackward, each));
        Optional<PageCursor> on = end.map(each -> new PageCursor(isBackward, each));
        return isBackward ? new CursorPage<>(items, on, back) : new CursorPage<>(items, back, on);
    }
}
