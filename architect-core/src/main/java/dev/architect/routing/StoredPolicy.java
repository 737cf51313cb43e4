package dev.architect.routing;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.Optional;

/**
 * A policy that somebody has put into force for all nodes.
 *
 * @param version its number: 1 for the first one, each one more
 * @param text its text; empty where each node follows its own policy again
 * @param at when
 * @param by who
 * @param remark why, as its author says; may be empty, at most 200 characters
 */
public record StoredPolicy(long version, Optional<String> text, Instant at, String by, String remark) {

    /** The most characters of a remark. */
    public static final int MAX_REMARK = 200;

    /** The most characters of a text. */
    public static final int MAX_TEXT = 400_000;

    /** Checks every field. */
    public StoredPolicy {
        Check.notNegative("version", version);
        Check.notNull("text", text).ifPresent(policy -> Check.atMost("text", policy, MAX_TEXT));
        Check.notNull("at", at);
        Check.notBlank("by", by);
        Check.atMost("remark", remark, MAX_REMARK);
    }
}
