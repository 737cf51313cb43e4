package dev.architect.spi;

import dev.architect.model.ModelId;

/** Tokens of a text for a model, without a network. Safe for use by several threads. */
@FunctionalInterface
public interface TokenCounter {

    /** Returns how many tokens the model would count, exactly or as an estimate; zero or more. */
    long count(ModelId model, CharSequence text);

    /**
     * Returns what names the models that count as {@code model} does: a prompt is counted once for all models of equal names. Each model
     * for itself by default.
     */
    default Object family(ModelId model) {
        return model;
    }

    /**
     * Returns an estimate of one token for four characters, rounded up: the rule of thumb that OpenAI gives for English
     * text (help.openai.com, "What are tokens and how to count them?", read 2026-11-22).
     */
    static TokenCounter fourCharacters() {
        return new TokenCounter() {
            @Override
            public long count(ModelId model, CharSequence text) {
                return (text.length() + 3L) / 4L;
            }

            @Override
            public Object family(ModelId model) {
                return "four characters";
            }
        };
    }
}
