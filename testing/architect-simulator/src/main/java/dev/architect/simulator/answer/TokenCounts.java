package dev.architect.simulator.answer;

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
public record TokenCounts(
        long prompt, long cacheRead, long cacheWrite, long longCacheWrite, long text, long reasoning, long searches) {

    public static final TokenCounts NONE = new TokenCounts(0, 0, 0, 0, 0, 0, 0);

    /** The tokens of a text: one per four characters, rounded up. */
    public static long of(String text) {
        return of(text.length());
    }

    public static long of(int characters) {
        return (characters + 3L) / 4;
    }

    public long uncached() {
        return prompt - cacheRead - cacheWrite - longCacheWrite;
    }

    public long output() {
        return text + reasoning;
    }

    public TokenCounts withText(long tokens) {
        return withOutput(tokens, reasoning);
    }

    public TokenCounts withOutput(long textTokens, long reasoningTokens) {
        return new TokenCounts(prompt, cacheRead, cacheWrite, longCacheWrite, textTokens, reasoningTokens, searches);
    }
}
