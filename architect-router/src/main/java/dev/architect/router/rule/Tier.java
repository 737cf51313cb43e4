package dev.architect.router.rule;

/**
 * A class of models by quality: those of at least {@code quality} that reach no higher tier. A model that names its tier is in that
 * one, whatever its quality.
 *
 * @param name the name, without a slash, so that it cannot be taken for a model
 * @param quality the least quality of its models, 0 to 100
 */
public record Tier(String name, int quality) {

    private static final int MAX_QUALITY = 100;

    /** Whether a text can be the name of a tier: 1 to 64 lower-case letters, digits, dots, dashes and underscores. */
    public static boolean isName(String text) {
        return RuleChecks.isName(text);
    }

    /** Checks both fields. */
    public Tier {
        RuleChecks.name("tier", name);
        RuleChecks.range("quality of tier " + name, quality, 0, MAX_QUALITY);
    }
}
