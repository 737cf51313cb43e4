package dev.architect.testkit.simulator;

/**
 * The tokens of one call, as the simulator counts them.
 *
 * @param prompt all prompt tokens, cached ones included
 * @param cacheRead the part of the prompt read from the cache
 * @param cacheWrite the part of the prompt written to the cache
 * @param text the tokens of the answer text
 * @param reasoning the hidden output tokens, not part of {@code text}
 * @param searches the web searches
 */
record TokenCounts(long prompt, long cacheRead, long cacheWrite, long text, long reasoning, long searches) {

    static final TokenCounts NONE = new TokenCounts(0, 0, 0, 0, 0, 0);

    /** Four characters make a token; a rest counts as one. */
    static long of(String text) {
        return of(text.length());
    }

    static long of(int characters) {
        return (characters + 3L) / 4;
    }

    long uncached() {
        return prompt - cacheRead - cacheWrite;
    }

    long output() {
        return text + reasoning;
    }

    TokenCounts withText(long tokens) {
        return new TokenCounts(prompt, cacheRead, cacheWrite, tokens, reasoning, searches);
    }
}
