package dev.architect.testkit.simulator;

/**
 * The tokens of one call, as the simulator counts them.
 *
 * @param prompt all prompt tokens, cached ones included
 * @param cacheRead the part of the prompt read from the cache
 * @param cacheWrite the part of the prompt written to the cache for the usual time
 * @param longCacheWrite the part of the prompt written to the cache for the longer time
 * @param text the tokens of the answer's text and tool calls
 * @param reasoning the tokens of reasoning, shown or hidden, not part of {@code text}
 * @param searches the web searches
 */
record TokenCounts(
        long prompt, long cacheRead, long cacheWrite, long longCacheWrite, long text, long reasoning, long searches) {

    static final TokenCounts NONE = new TokenCounts(0, 0, 0, 0, 0, 0, 0);

    /** Four characters make a token; a rest counts as one. */
    static long of(String text) {
        return of(text.length());
    }

    static long of(int characters) {
        return (characters + 3L) / 4;
    }

    long uncached() {
        return prompt - cacheRead - cacheWrite - longCacheWrite;
    }

    long output() {
        return text + reasoning;
    }

    TokenCounts withText(long tokens) {
        return withOutput(tokens, reasoning);
    }

    TokenCounts withOutput(long textTokens, long reasoningTokens) {
        return new TokenCounts(prompt, cacheRead, cacheWrite, longCacheWrite, textTokens, reasoningTokens, searches);
    }
}
