package dev.architect.filter;

import dev.architect.check.Check;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A filter as it was written: terms that must all hold. {@link #parse} knows the grammar alone; which fields there are and what their values
 * mean is said by {@link FilterFields}. Immutable.
 *
 * <pre>
 * filter = term *( blank term )
 * term   = ["-"] ( field ":" values / word / quoted )
 * values = value *( "," value )
 * value  = [ "&lt;" / "&lt;=" / "&gt;" / "&gt;=" ] ( bare / quoted ) / bare ".." bare
 * </pre>
 *
 * <p>{@code -} negates a term; one of the values of a term must hold. A quoted text stands in {@code "}, with {@code \"} and {@code \\} for what
 * would end it.
 *
 * @param terms at most {@value #MAX_TERMS}; none passes everything
 */
public record Filter(List<FilterTerm> terms) {

    /** The most characters of a text. */
    public static final int MAX_CHARACTERS = 2_000;

    /** The most terms. */
    public static final int MAX_TERMS = 32;

    /** Passes everything. */
    public static final Filter NONE = new Filter(List.of());

    /** Copies the terms and checks their number. */
    public Filter {
        Check.range("terms size", Check.noNulls("terms", terms).size(), 0, MAX_TERMS);
        terms = List.copyOf(terms);
    }

    /**
     * Reads a text; a blank one is {@link #NONE}.
     *
     * @throws InvalidFilterException when it is too long or breaks the grammar
     */
    public static Filter parse(String text) {
        return new FilterParser(Check.notNull("text", text)).parse();
    }

    /** Returns the shortest text that {@link #parse} reads as these terms; they are at other positions there where quotes or blanks were needless. */
    public String text() {
        return terms.stream().map(FilterTerm::text).collect(Collectors.joining(" "));
    }
}
