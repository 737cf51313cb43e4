package dev.architect.chat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the model must or may call tools.
 *
 * @param mode the rule
 * @param nameOrNull the tool that must be called; null unless the mode is {@link Mode#NAMED}
 * @param parallel whether one answer may hold several calls
 */
public record ToolChoice(Mode mode, @Nullable String nameOrNull, Parallel parallel) {

    /** The model decides, and may call several at once. */
    public static final ToolChoice AUTO = new ToolChoice(Mode.AUTO, null, Parallel.ALLOWED);

    /** The model must call one tool or more. */
    public static final ToolChoice REQUIRED = new ToolChoice(Mode.REQUIRED, null, Parallel.ALLOWED);

    /** The model must not call a tool. */
    public static final ToolChoice NONE = new ToolChoice(Mode.NONE, null, Parallel.ALLOWED);

    /** Who decides. */
    public enum Mode {
        /** The model. */
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
        if ((mode == Mode.NAMED) != (nameOrNull != null)) {
            throw new IllegalArgumentException("name is " + (nameOrNull == null ? "none" : "'" + nameOrNull + "'")
                    + " with mode " + mode + ", expected one exactly with NAMED");
        }
    }

    /** Returns the rule that the tool of that name must be called. */
    public static ToolChoice named(String name) {
        return new ToolChoice(Mode.NAMED, name, Parallel.ALLOWED);
    }

    /** Returns this rule with at most one call an answer. */
    public ToolChoice oneAtATime() {
        return new ToolChoice(mode, nameOrNull, Parallel.FORBIDDEN);
    }

    /** The tool that must be called. */
    public Optional<String> name() {
        return Optional.ofNullable(nameOrNull);
    }
}
