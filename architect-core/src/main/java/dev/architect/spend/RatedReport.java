package dev.architect.spend;

import dev.architect.check.Check;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What recorded calls would have cost by another catalogue, or on other models.
 *
 * @param catalogueVersion names the prices
 * @param total of all calls
 * @param groups by the value that calls have in common, in the order of the values
 * @param unpricedModels how many calls of each model that answered have no price, by {@code provider/model}; those without such calls are left out
 */
public record RatedReport(
        String catalogueVersion, RatedSpend total, List<RatedSpend> groups, SortedMap<String, Long> unpricedModels) {

    /** Copies list and map, and checks every field. */
    public RatedReport {
        Check.notNull("catalogueVersion", catalogueVersion);
        Check.notNull("total", total);
        groups = List.copyOf(Check.noNulls("groups", groups));
        unpricedModels =
                Collections.unmodifiableSortedMap(new TreeMap<>(Check.noNulls("unpricedModels", unpricedModels)));
    }

    /**
     * Returns the report on the calls of both, which have none in common.
     *
     * @throws IllegalArgumentException when they are of different catalogues
     */
    public RatedReport plus(RatedReport other) {
        if (!catalogueVersion.equals(Check.notNull("other", other).catalogueVersion)) {
            throw new IllegalArgumentException(
                    "catalogue is '" + other.catalogueVersion + "', expected '" + catalogueVersion + "'");
        }
        SortedMap<String, RatedSpend> sums = new TreeMap<>();
        groups.forEach(each -> sums.put(each.group(), each));
        other.groups.forEach(each -> sums.merge(each.group(), each, RatedSpend::plus));
        SortedMap<String, Long> unpriced = new TreeMap<>(unpricedModels);
        other.unpricedModels.forEach((model, calls) -> unpriced.merge(model, calls, Math::addExact));
        return new RatedReport(catalogueVersion, total.plus(other.total), List.copyOf(sums.values()), unpriced);
    }
}
