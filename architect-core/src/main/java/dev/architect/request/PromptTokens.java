package dev.architect.request;

import dev.architect.check.Check;
import dev.architect.model.ModelId;
import dev.architect.usage.UsageSource;

/**
 * How many tokens the prompt of a request has, tools and system text included.
 *
 * @param model the model whose tokens they are: the first candidate of the request's route
 * @param tokens the number, zero or more
 * @param source whether its provider has counted them, or they are an estimate
 */
public record PromptTokens(ModelId model, long tokens, UsageSource source) {

    /** Checks every field. */
    public PromptTokens {
        Check.notNull("model", model);
        Check.notNegative("tokens", tokens);
        Check.notNull("source", source);
    }
}
