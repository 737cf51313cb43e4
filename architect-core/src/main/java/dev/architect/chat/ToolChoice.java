package dev.architect.chat;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * Whether the model must or may call tools.
 *
 * @param mode whether and which tools must be called
 * @param name the tool that must be called; empty unless the mode is {@link Mode#NAMED}
 * @param parallel whether one answer may hold several calls
 */
public record ToolChoice(Mode mode, Optional<String> name, Parallel parallel) {

    /** The model decides, and may call several at once. */
    public static final ToolChoice AUTO = new ToolChoice(Mode.AUTO, Optional.empty(), Parallel.ALLOWED);

    /** The model must call one tool or more. */
    public static final ToolChoice REQUIRED = new ToolChoice(Mode.REQUIRED, Optional.empty(), Parallel.ALLOWED);

    /** The model must not call a tool. */
    public static final ToolChoice NONE = new ToolChoice(Mode.NONE, Optional.empty(), Parallel.ALLOWED);

    /** Whether and which tools must be called. */
    public enum Mode {
        /** The model decides. */
        AUTO,
        /** Any tool must be called. */
        REQUIRED,
        /** No tool may be called. */
        NONE,
        /** One tool must be called. */
        NAMED
    }

    /** Whether several calls may come in one answer. */
    public enum Parallel {
        /** Several calls may come. */
        ALLOWED,
        /** At most one call may come. */
        FORBIDDEN
    }

    /** Checks that there is a name exactly when one is needed. */
    public ToolChoice {
        Check.notNull("mode", mode);
        Check.notNull("name", name);
        Check.notNull("parallel", parallel);
        if ((mode == Mode.NAMED) != name.isPresent()) {
            throw new IllegalArgumentException(
                    "name is " + name.map(text -> "'" + text + "'").orElse("none") + " with mode " + mode
                            + ", expected one exactly with NAMED");
        }
    }

    /** Returns the rule that the tool of that name must be called. */
    public static ToolChoice named(String name) {
        return new ToolChoice(Mode.NAMED, Optional.of(Check.notBlank("name", name)), Parallel.ALLOWED);
    }

    /** Returns this rule with at most one call an answer. */
    public ToolChoice oneAtATime() {
        return new ToolChoice(mode, name, Parallel.FORBIDDEN);
    }
}
