package dev.architect.spi;

import dev.architect.model.ModelId;

/** Tokens of a text for a model, without a network. Safe for use by several threads. */
@FunctionalInterface
public interface TokenCounter {

    /** Returns how many tokens the model would count, exactly or as an estimate; zero or more. */
    long count(ModelId model, CharSequence text);

    /**
     * Returns an estimate of one token for four characters, rounded up: the rule of thumb that OpenAI gives for English
     * text (help.openai.com, "What are tokens and how to count them?", read 2026-11-22).
     */
    static TokenCounter fourCharacters() {
        return (model, text) -> (text.length() + 3L) / 4L;
    }
}
