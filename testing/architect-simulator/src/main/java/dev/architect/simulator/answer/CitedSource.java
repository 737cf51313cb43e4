package dev.architect.simulator.answer;

import java.util.List;

/**
 * A source that an answer cites.
 *
 * @param number the number of the citation in the text, from 1
 * @param title the title
 * @param url the address
 * @param quote an excerpt of the source
 */
public record CitedSource(int number, String title, String url, String quote) {

    private static final String QUOTE = "The handbook describes how the parts work together.";

    /** What every web search finds. */
    public static final List<CitedSource> FOUND = List.of(
            new CitedSource(1, "The handbook", "https://example.com/handbook/1", QUOTE),
            new CitedSource(2, "Notes on the handbook", "https://example.com/handbook/2", QUOTE));
}
