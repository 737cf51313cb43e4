package dev.architect.route;

import dev.architect.check.Check;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that could never be answered with the models that are configured, found before anything was stored or called. The
 * message is one sentence that names the field, the value and the nearest value that could be served.
 */
public final class UnservableRequestException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final String value;
    private final @Nullable String nearest;

    /**
     * Creates the exception.
     *
     * @param field the field of the request, as in its JSON form, for example {@code model}
     * @param value the value that cannot be served
     * @param nearest the nearest value that can; null when none is near
     * @param reason the rest of the sentence, after field and value
     */
    public UnservableRequestException(String field, String value, @Nullable String nearest, String reason) {
        this(
                Check.notBlank("field", field),
                Check.notNull("value", value),
                nearest,
                field + " is '" + value + "', " + Check.notNull("reason", reason),
                null);
    }

    private UnservableRequestException(
            String field, String value, @Nullable String nearest, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.field = field;
        this.value = value;
        this.nearest = nearest;
    }

    /** Returns this failure for a request that is part of something larger; {@code path} is what precedes the field, for example {@code tasks[3].}. */
    public UnservableRequestException within(String path) {
        return new UnservableRequestException(path + field, value, nearest, path + getMessage(), this);
    }

    /** The field of the request, with its path. */
    public String field() {
        return field;
    }

    /** The value that cannot be served. */
    public String value() {
        return value;
    }

    /** The nearest value that can be served. */
    public Optional<String> nearest() {
        return Optional.ofNullable(nearest);
    }
}
