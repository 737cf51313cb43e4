package dev.architect.router.rule;

import dev.architect.project.Attribution;
import dev.architect.request.RequestScope;
import org.jspecify.annotations.Nullable;

/**
 * What decides about the arm of a request: requests with the same value are always in the same arm.
 *
 * @param kind where the value comes from
 * @param tag the name of the tag, blank for the other kinds
 */
public record ExperimentKey(Kind kind, String tag) {

    /** Each request by itself. */
    public static final ExperimentKey REQUEST = new ExperimentKey(Kind.REQUEST, "");

    /** The user of the request. */
    public static final ExperimentKey USER = new ExperimentKey(Kind.USER, "");

    /** The project of the request. */
    public static final ExperimentKey PROJECT = new ExperimentKey(Kind.PROJECT, "");

    private static final String TAG_PREFIX = "tag:";

    /** Where the value comes from. */
    public enum Kind {
        /** The id of the request. */
        REQUEST,
        /** The user; a request without one takes no part. */
        USER,
        /** The project. */
        PROJECT,
        /** A tag; a request without it takes no part. */
        TAG
    }

    /** Checks both fields. */
    public ExperimentKey {
        if (kind == Kind.TAG) {
            RuleChecks.name("tag name", tag);
        } else if (!tag.isEmpty()) {
            throw new IllegalArgumentException("tag is '" + tag + "', expected none for " + kind);
        }
    }

    /** Returns the key of a tag. */
    public static ExperimentKey ofTag(String name) {
        return new ExperimentKey(Kind.TAG, name);
    }

    /**
     * Reads {@code request}, {@code user}, {@code project} or {@code tag:NAME}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static ExperimentKey parse(String text) {
        return switch (text) {
            case "request" -> REQUEST;
            case "user" -> USER;
            case "project" -> PROJECT;
            default -> {
                if (!text.startsWith(TAG_PREFIX)) {
                    throw new IllegalArgumentException(
                            "key is '" + text + "', expected request, user, project or tag:NAME");
                }
                yield ofTag(text.substring(TAG_PREFIX.length()));
            }
        };
    }

    /** The value for a request; null when it has none. */
    @Nullable
    String valueOf(String requestId, RequestScope scope) {
        Attribution attribution = scope.attribution();
        return switch (kind) {
            case REQUEST -> requestId;
            case USER -> attribution.user().orElse(null);
            case PROJECT -> attribution.project().name();
            case TAG -> attribution.tags().get(tag);
        };
    }
}
