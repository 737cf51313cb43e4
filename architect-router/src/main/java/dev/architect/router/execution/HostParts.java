package dev.architect.router.execution;

import dev.architect.answer.AnswerChecker;
import dev.architect.answer.SemanticCache;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the host has given the router for its requests, whatever the policy.
 *
 * @param metrics the registry of the meters; null for none
 * @param checkers the checkers of answers, by name
 * @param semanticCache a cache of similar questions; null for none
 * @param observations where calls are observed; null for nowhere
 */
public record HostParts(
        @Nullable MeterRegistry metrics,
        Map<String, AnswerChecker> checkers,
        @Nullable SemanticCache semanticCache,
        @Nullable ObservationRegistry observations) {

    /** Copies the checkers. */
    public HostParts {
        checkers = Collections.unmodifiableMap(new LinkedHashMap<>(checkers));
    }
}
