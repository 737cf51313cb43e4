package dev.architect.filter;

import dev.architect.check.Check;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One term of a filter: holds when one of its values does, or when none does and it is negated.
 *
 * @param position where it begins in the text, from 1
 * @param isNegated whether it begins with {@code -}
 * @param field the name in front of the colon; empty for a word, which is looked for in any text
 * @param values at least one; of a word exactly one, without a comparison
 */
public record FilterTerm(int position, boolean isNegated, Optional<String> field, List<FilterValue> values) {

    /** Copies the values and checks every field. */
    public FilterTerm {
        Check.range("position", position, 1, Integer.MAX_VALUE);
        Check.notNull("field", field).ifPresent(name -> {
            if (!FilterParser.isFieldName(name)) {
                throw new IllegalArgumentException(
                        "field is '" + name + "', expected a letter and then letters, digits, '.', '_' or '-'");
            }
        });
        values = List.copyOf(Check.noNulls("values", values));
        if (values.isEmpty()) {
            throw new IllegalArgumentException("values are empty, expected at least one");
        }
        if (field.isEmpty() && (values.size() > 1 || !(values.get(0) instanceof FilterValue.Exactly))) {
            throw new IllegalArgumentException("values are " + values + ", expected one word where there is no field");
        }
    }

    /** Returns the text of it. */
    public String text() {
        String written = field.isPresent()
                ? field.get() + ":" + values.stream().map(FilterValue::text).collect(Collectors.joining(","))
                : FilterParser.word(values.get(0).first());
        return (isNegated ? "-" : "") + written;
    }
}
