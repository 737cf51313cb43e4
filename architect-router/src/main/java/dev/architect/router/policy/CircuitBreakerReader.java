package dev.architect.router.policy;

import dev.architect.router.yaml.YamlObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code breaker} of a policy. */
final class CircuitBreakerReader {

    private static final Duration SHORTEST = PolicyChecks.SHORTEST;
    private static final Duration LONGEST = PolicyChecks.LONGEST;
    private static final List<String> FIELDS = List.of(
            "failures",
            "calls",
            "firstDelay",
            "longestDelay",
            "failureRate",
            "window",
            "slowFirstToken",
            "slowTotal",
            "slowRate");

    private CircuitBreakerReader() {}

    static CircuitBreakerSettings read(YamlObject root) {
        CircuitBreakerSettings usual = CircuitBreakerSettings.STANDARD;
        Optional<YamlObject> object = root.object("breaker");
        if (object.isEmpty()) {
            return usual;
        }
        YamlObject given = object.get().allowOnly(FIELDS);
        int failures =
                given.integer("failures", 1, CircuitBreakerSettings.MAX_CALLS).orElse(usual.failures());
        Optional<Integer> calls = given.integer("calls", failures, CircuitBreakerSettings.MAX_CALLS);
        // A file that states "3 of 10" means that three are enough.
        int rate = given.integer("failureRate", 1, CircuitBreakerSettings.MAX_PERCENT)
                .orElseGet(() -> calls.map(stated -> CircuitBreakerSettings.shareOf(failures, stated))
                        .orElse(usual.failureRate()));
        Duration first = given.duration("firstDelay", SHORTEST, LONGEST).orElse(usual.firstDelay());
        Duration usualLongest = first.compareTo(usual.longestDelay()) > 0 ? first : usual.longestDelay();
        return new CircuitBreakerSettings(
                failures,
                calls.orElse(Math.max(failures, usual.calls())),
                first,
                given.duration("longestDelay", first, LONGEST).orElse(usualLongest),
                rate,
                given.duration("window", Duration.ZERO, LONGEST).orElse(usual.window()),
                given.duration("slowFirstToken", Duration.ZERO, LONGEST).orElse(usual.slowFirstToken()),
                given.duration("slowTotal", Duration.ZERO, LONGEST).orElse(usual.slowTotal()),
                given.integer("slowRate", 1, CircuitBreakerSettings.MAX_PERCENT).orElse(usual.slowRate()));
    }
}
