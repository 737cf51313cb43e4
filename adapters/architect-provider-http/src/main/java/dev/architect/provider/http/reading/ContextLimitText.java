package dev.architect.provider.http.reading;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Recognizes messages by which services state that a request does not fit into the context window. Services that are compatible with
 * a vendor have no code for it. The wordings are those of public reports about vLLM, llama.cpp, LM Studio, DeepSeek, Groq, Mistral,
 * OpenRouter, Together, xAI, Kimi, MiniMax, DashScope, text-generation-inference, GitHub Copilot and LiteLLM, read on 2026-11-27.
 */
public final class ContextLimitText {

    /** Longer messages repeat what was sent. */
    private static final int MAX_LENGTH = 2_000;

    private static final List<Pattern> WORDINGS = List.of(
            wording("max(imum)?[ _]context[ _](length|size|window)"),
            wording("exceed\\w*\\b.{0,60}\\bcontext[ _](length|size|window|limit)"),
            wording("context[ _](length|size|window|limit)\\b.{0,40}\\bexceed"),
            wording("(greater|longer|larger) than the (model's )?context[ _](length|size|window)"),
            wording("context (length|size) of only"),
            wording("configured context (length|size|window) is"),
            wording("reduce the length of the (messages|prompt|input)"),
            wording("maximum (prompt|input) length"),
            wording("(prompt|input|messages?) (is|are) too long"),
            wording("prompt too long"),
            wording("(input|prompt)( token)? (count|length)\\b.{0,30}\\bexceeds"),
            wording("exceeded model token limit"),
            wording("range of input length should be"),
            wording("too many (input |prompt )?tokens"),
            wording("max_tokens must be at least 1, got -"),
            wording("max_new_tokens\\W+must be <="));

    private ContextLimitText() {}

    /** Whether {@code message} states it; the case of letters does not matter. */
    public static boolean isIn(String message) {
        String beginning = message.substring(0, Math.min(message.length(), MAX_LENGTH));
        return WORDINGS.stream().anyMatch(wording -> wording.matcher(beginning).find());
    }

    private static Pattern wording(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }
}
