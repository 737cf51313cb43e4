package dev.architect.router.rule;

import java.util.Optional;

/**
 * What routing rules and strategies go by beside quality and price.
 *
 * @param isLocal whether prompts stay with the host: the only models for requests that must not leave it. Never guessed from the provider,
 *     whose address may be anywhere
 * @param weight its share where models take turns, 0 to 1,000; with 0 it takes no traffic and stays a fallback for all the others
 * @param tier the tier that it is in; empty for the one that its quality makes it
 */
public record ModelTraits(boolean isLocal, int weight, Optional<String> tier) {

    /** The largest weight. */
    public static final int MAX_WEIGHT = 1_000;

    /** Not local, of weight 1, in the tier of its quality. */
    public static final ModelTraits STANDARD = new ModelTraits(false, 1, Optional.empty());

    /** Checks weight and tier. */
    public ModelTraits {
        RuleChecks.range("weight", weight, 0, MAX_WEIGHT);
        tier.ifPresent(name -> RuleChecks.name("tier", name));
    }
}
