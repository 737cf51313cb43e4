package dev.architect.control;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * The policy that a router was started with.
 *
 * @param source where it comes from
 * @param text its text; empty when a program made it, or its file cannot be read now
 */
public record OwnPolicy(Source source, Optional<String> text) {

    /** Where a policy comes from. */
    public enum Source {
        /** A file of the machine, which is followed when it changes. */
        FILE,
        /** The one that comes with Architect. */
        STANDARD,
        /** A program. */
        PROGRAM
    }

    /** Checks both. */
    public OwnPolicy {
        Check.notNull("source", source);
        Check.notNull("text", text);
    }
}
