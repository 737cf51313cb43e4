package dev.architect.router;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.model.ModelId;
import dev.architect.route.Complexity;
import dev.architect.spi.TokenCounter;

/** Tokens that nobody reported: before a call, and after one that said nothing. Safe for use by several threads. */
final class TokenEstimate {

    /** What a provider's own format adds to a message, about. */
    private static final long TOKENS_PER_MESSAGE = 4;

    /** Characters of a token of text that is not at hand any more, rounded as {@link TokenCounter#fourCharacters} does. */
    private static final long CHARACTERS_PER_TOKEN = 4;

    private final TokenCounter counter;

    TokenEstimate(TokenCounter counter) {
        this.counter = counter;
    }

    /** Tokens of the whole prompt. */
    long input(ModelId model, ChatRequest request) {
        long tokens = request.system()
                .map(text -> counter.count(model, text) + TOKENS_PER_MESSAGE)
                .orElse(0L);
        for (Message message : request.messages()) {
            tokens += counter.count(model, message.text()) + TOKENS_PER_MESSAGE;
        }
        return tokens;
    }

    /** Tokens of an answer's text. */
    long output(ModelId model, String text) {
        return counter.count(model, text);
    }

    /** Tokens of an answer of which only the length is known. */
    long output(long characters) {
        return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }

    /** Tokens that the answer will probably have. */
    long expectedOutput(RoutingPolicy.Model model, ChatRequest request, Complexity complexity) {
        long usual = model.expectedOutputTokens().orElse(usual(complexity));
        return Math.min(usual, request.maxOutputTokens().orElse(Integer.MAX_VALUE));
    }

    /** Our judgement of a usual answer; a model that thinks aloud has its own figure in the policy. */
    private static int usual(Complexity complexity) {
        return switch (complexity) {
            case SIMPLE -> 120;
            case MEDIUM -> 400;
            case COMPLEX -> 1_200;
        };
    }
}
