package dev.architect.filter;

import dev.architect.check.Check;
import dev.architect.error.DidYouMean;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The fields that filters of one list may name.
 *
 * @param fields at least one, each name once
 */
public record FilterFields(List<FilterField> fields) {

    /** Copies the fields and checks their names. */
    public FilterFields {
        fields = List.copyOf(Check.noNulls("fields", fields));
        Set<String> names = new HashSet<>();
        for (FilterField field : fields) {
            if (!names.add(field.name())) {
                throw new IllegalArgumentException("fields have '" + field.name() + "' twice, expected each name once");
            }
        }
        if (fields.isEmpty()) {
            throw new IllegalArgumentException("fields are empty, expected at least one");
        }
    }

    /** Returns these fields. */
    public static FilterFields of(FilterField... fields) {
        return new FilterFields(List.of(Check.noNulls("fields", fields)));
    }

    /**
     * Reads what a filter asks for.
     *
     * @param zone the zone of days and of times without one
     * @param now what times such as {@code -7d} are before
     * @throws InvalidFilterException when a field is unknown, has no index or cannot have one of its values
     */
    public CheckedFilter check(Filter filter, ZoneId zone, Instant now) {
        Check.notNull("filter", filter);
        FilterTimes times = new FilterTimes(Check.notNull("zone", zone), Check.notNull("now", now));
        Map<String, NameFilter> names = new HashMap<>();
        Map<String, TimeRange> ranges = new HashMap<>();
        for (FilterTerm term : filter.terms()) {
            FilterField field = field(term);
            switch (field.type()) {
                case TEXT, WORD -> names.merge(field.name(), names(field, term), (a, b) -> both(field, term, a, b));
                case SINGLE -> names.merge(field.name(), single(field, term), (a, b) -> both(field, term, a, b));
                case TIME -> ranges.merge(field.name(), times.range(field, term), TimeRange::and);
            }
        }
        return new CheckedFilter(this, names, ranges);
    }

    private FilterField field(FilterTerm term) {
        if (term.field().isEmpty()) {
            throw InvalidFilterException.noIndex(
                    term.position(), Optional.empty(), term.values().get(0).first(), "one of " + known());
        }
        String name = term.field().get();
        FilterField field = fields.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> InvalidFilterException.unknownField(
                        term.position(),
                        name,
                        "one of " + known(),
                        DidYouMean.of(
                                name, fields.stream().map(FilterField::name).toList())));
        if (!field.isIndexed()) {
            throw InvalidFilterException.noIndex(
                    term.position(), term.field(), term.values().get(0).text(), "one of " + known());
        }
        return field;
    }

    private String known() {
        return fields.stream()
                .filter(FilterField::isIndexed)
                .map(FilterField::name)
                .collect(Collectors.joining(", "));
    }

    private static NameFilter names(FilterField field, FilterTerm term) {
        Set<String> names = new HashSet<>();
        for (FilterValue value : term.values()) {
            if (!(value instanceof FilterValue.Exactly)) {
                throw invalid(field, term, value, "values that are equal, and no range");
            }
            names.add(field.type() == FilterField.Type.WORD ? word(field, term, value) : value.first());
        }
        return term.isNegated() ? new NameFilter(Set.of(), names) : new NameFilter(names, Set.of());
    }

    private static String word(FilterField field, FilterTerm term, FilterValue value) {
        if (!field.words().contains(value.first())) {
            throw InvalidFilterException.invalidValue(
                    term.position(),
                    field.name(),
                    value.first(),
                    "one of " + String.join(", ", field.words()),
                    DidYouMean.of(value.first(), field.words()));
        }
        return value.first();
    }

    private static NameFilter single(FilterField field, FilterTerm term) {
        if (term.isNegated() || term.values().size() > 1) {
            throw InvalidFilterException.noIndex(
                    term.position(),
                    term.field(),
                    term.values().get(0).text(),
                    "one value of " + field.name() + (term.isNegated() ? " without '-'" : ""));
        }
        return names(field, term);
    }

    private static NameFilter both(FilterField field, FilterTerm term, NameFilter before, NameFilter after) {
        Set<String> included = new HashSet<>(before.included().isEmpty() ? after.included() : before.included());
        if (!after.included().isEmpty()) {
            included.retainAll(after.included());
        }
        boolean isLimited = !before.included().isEmpty() || !after.included().isEmpty();
        Set<String> excluded = new HashSet<>(before.excluded());
        excluded.addAll(after.excluded());
        included.removeAll(excluded);
        if (isLimited && included.isEmpty()) {
            throw invalid(field, term, term.values().get(0), "a value that the other terms of this field leave");
        }
        return new NameFilter(included, excluded);
    }

    static InvalidFilterException invalid(FilterField field, FilterTerm term, FilterValue value, String expectation) {
        return InvalidFilterException.invalidValue(
                term.position(), field.name(), value.text(), expectation, Optional.empty());
    }
}
