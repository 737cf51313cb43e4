package dev.architect.filter;

import dev.architect.check.Check;
import java.util.Map;
import java.util.Optional;

/**
 * What a filter asks of each field, after its fields and values were checked. Immutable.
 *
 * @param fields those that it could name
 * @param names what it asks of fields of texts and words that it names
 * @param times what it asks of fields of times that it names
 */
public record CheckedFilter(FilterFields fields, Map<String, NameFilter> names, Map<String, TimeRange> times) {

    /** Copies the maps. */
    public CheckedFilter {
        Check.notNull("fields", fields);
        names = Map.copyOf(Check.noNulls("names", names));
        times = Map.copyOf(Check.noNulls("times", times));
    }

    /** Which texts of a field pass; all when the filter does not name it. */
    public NameFilter names(String field) {
        return names.getOrDefault(Check.notNull("field", field), NameFilter.ALL);
    }

    /** The one text that a field has; empty when the filter does not name it. */
    public Optional<String> single(String field) {
        return names(field).included().stream().findFirst();
    }

    /** Which times of a field pass; all when the filter does not name it. */
    public TimeRange times(String field) {
        return times.getOrDefault(Check.notNull("field", field), TimeRange.ALL);
    }
}
