package dev.architect.simulator.answer;

import java.util.List;

/**
 * A source that an answer names.
 *
 * @param number the number that stands in the text in brackets, from 1
 * @param title the title
 * @param url the address
 * @param quote a piece of the source
 */
public record CitedSource(int number, String title, String url, String quote) {

    private static final String QUOTE = "The handbook describes how the parts work together.";

    /** What every web search finds. */
    public static final List<CitedSource> FOUND = List.of(
            new CitedSource(1, "The handbook", "https://example.com/handbook/1", QUOTE),
            new CitedSource(2, "Notes on the handbook", "https://example.com/handbook/2", QUOTE));
}
