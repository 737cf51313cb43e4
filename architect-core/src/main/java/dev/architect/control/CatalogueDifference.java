package dev.architect.control;

import dev.architect.check.Check;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How one catalogue of prices differs from another one. Two prices are the same one when provider, model, match, service tier, region, prompt size and the
 * begin of their validity are.
 *
 * @param added the prices that only the later one has, in its order
 * @param removed those that only the earlier one has, in its order
 * @param changed those that have other rates, or another end, in the order of the later one
 */
public record CatalogueDifference(List<Price> added, List<Price> removed, List<Change> changed) {

    /**
     * A price that both have.
     *
     * @param before as the earlier one has it
     * @param after as the later one has it
     */
    public record Change(Price before, Price after) {

        /** Checks both. */
        public Change {
            Check.notNull("before", before);
            Check.notNull("after", after);
        }
    }

    /** Copies the lists. */
    public CatalogueDifference {
        added = List.copyOf(Check.noNulls("added", added));
        removed = List.copyOf(Check.noNulls("removed", removed));
        changed = List.copyOf(Check.noNulls("changed", changed));
    }

    /** Returns what differs. */
    public static CatalogueDifference between(PriceCatalogue before, PriceCatalogue after) {
        Map<List<Object>, Price> old = new LinkedHashMap<>();
        Check.notNull("before", before).prices().forEach(price -> old.put(place(price), price));
        List<Price> added = new ArrayList<>();
        List<Change> changed = new ArrayList<>();
        for (Price price : Check.notNull("after", after).prices()) {
            Price was = old.remove(place(price));
            if (was == null) {
                added.add(price);
            } else if (!was.rates().equals(price.rates()) || !Objects.equals(was.validTo(), price.validTo())) {
                changed.add(new Change(was, price));
            }
        }
        return new CatalogueDifference(added, List.copyOf(old.values()), changed);
    }

    /** What makes two prices one that was changed. */
    private static List<Object> place(Price price) {
        return List.of(
                price.provider(),
                price.model(),
                price.match(),
                price.serviceTier(),
                price.region(),
                price.tier(),
                price.validFrom());
    }
}
