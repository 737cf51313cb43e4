package dev.architect.budget;

import dev.architect.check.Check;
import dev.architect.model.ModelId;
import dev.architect.project.Attribution;
import dev.architect.task.TaskId;
import java.util.Locale;
import java.util.Optional;

/**
 * Which calls a budget is for. Its text is the kind and the value with a colon between, such as {@code model:claude/claude-opus-4-5},
 * {@code tag:team=search} or {@code all}.
 *
 * @param kind what the value is of
 * @param value of a call that counts; of a tag, name and value with an equals sign between; empty for all calls
 */
public record BudgetScope(Kind kind, String value) {

    /** What a scope goes by. */
    public enum Kind {
        /** Every call. */
        ALL,
        /** Calls to a provider. */
        PROVIDER,
        /** Calls to a model, {@code provider/model}, as the policy names it. */
        MODEL,
        /** Calls whose cost is filed under a project. */
        PROJECT,
        /** Calls on behalf of a user of the host. */
        USER,
        /** Calls with a tag, such as that of a team. */
        TAG,
        /** Calls of one task, in all its attempts. */
        TASK
    }

    /** Every call. */
    public static final BudgetScope ALL = new BudgetScope(Kind.ALL, "");

    private static final int MOST_CHARACTERS = 400;

    /** Checks the value. */
    public BudgetScope {
        Check.notNull("kind", kind);
        Check.notNull("value", value);
        if (kind == Kind.ALL) {
            if (!value.isEmpty()) {
                throw new IllegalArgumentException("value is '" + value + "', expected nothing for all calls");
            }
        } else {
            Check.atMost("value", Check.notBlank("value", value), MOST_CHARACTERS);
        }
        if (kind == Kind.MODEL) {
            ModelId.parse(value);
        }
        if (kind == Kind.TAG && value.indexOf('=') < 1) {
            throw new IllegalArgumentException("value is '" + value + "', expected name=value of a tag");
        }
    }

    /** Calls with a tag. */
    public static BudgetScope tag(String name, String value) {
        return new BudgetScope(Kind.TAG, Check.notBlank("name", name) + "=" + Check.notNull("value", value));
    }

    /**
     * Returns the scope of {@link #toString()}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static BudgetScope parse(String text) {
        int colon = Check.notNull("text", text).indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon);
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
                return new BudgetScope(kind, colon < 0 ? "" : text.substring(colon + 1));
            }
        }
        throw new IllegalArgumentException("scope is '" + text
                + "', expected all, or one of provider, model, project, user, tag and task with a colon and a value");
    }

    /** Whether a call counts: to {@code model}, filed under {@code attribution}, of {@code task} unless that is empty. */
    public boolean covers(ModelId model, Attribution attribution, Optional<TaskId> task) {
        Check.notNull("model", model);
        Check.notNull("attribution", attribution);
        Check.notNull("task", task);
        return switch (kind) {
            case ALL -> true;
            case PROVIDER -> model.provider().equals(value);
            case MODEL -> model.toString().equals(value);
            case PROJECT -> attribution.project().toString().equals(value);
            case USER -> attribution.user().filter(value::equals).isPresent();
            case TAG -> {
                int equals = value.indexOf('=');
                yield value.substring(equals + 1).equals(attribution.tags().get(value.substring(0, equals)));
            }
            case TASK -> task.filter(id -> id.toString().equals(value)).isPresent();
        };
    }

    @Override
    public String toString() {
        String word = kind.name().toLowerCase(Locale.ROOT);
        return kind == Kind.ALL ? word : word + ":" + value;
    }
}
