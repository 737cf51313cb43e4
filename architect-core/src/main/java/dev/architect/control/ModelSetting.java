package dev.architect.control;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * What is changed about one model, or about all models of a provider. Where both have a setting, that of the model counts; but a provider that is switched
 * off keeps its models off.
 *
 * @param provider the name of the provider
 * @param model the id of the model at the provider; empty for all of them
 * @param enabled whether it may answer; empty for what the policy says
 * @param quality how good its answers are, 0 to 100; empty for what the policy says
 * @param maxConcurrent the most calls to it at the same time, 1 to 10,000; empty for what the policy says
 */
public record ModelSetting(
        String provider,
        Optional<String> model,
        Optional<Boolean> enabled,
        Optional<Integer> quality,
        Optional<Integer> maxConcurrent) {

    private static final int MAX_QUALITY = 100;
    private static final int MAX_CONCURRENT = 10_000;

    /** Checks every field. */
    public ModelSetting {
        Check.notBlank("provider", provider);
        Check.notNull("model", model).ifPresent(id -> Check.notBlank("model", id));
        Check.notNull("enabled", enabled);
        Check.notNull("quality", quality).ifPresent(value -> Check.range("quality", value, 0, MAX_QUALITY));
        Check.notNull("maxConcurrent", maxConcurrent)
                .ifPresent(value -> Check.range("maxConcurrent", value, 1, MAX_CONCURRENT));
    }

    /** Returns a setting that changes nothing. */
    public static ModelSetting of(String provider, Optional<String> model) {
        return new ModelSetting(provider, model, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Whether it changes nothing. */
    public boolean isEmpty() {
        return enabled.isEmpty() && quality.isEmpty() && maxConcurrent.isEmpty();
    }
}
