package dev.architect.route;

import dev.architect.error.ArchitectException;
import dev.architect.error.CapacityException;
import dev.architect.model.ProviderException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * No candidate of a route gave an answer: there was none, or each one failed or was not to be called at the moment. Programs
 * read the codes of {@link #route} and {@link #failures}; the message is rendered when it is first read, because under
 * overload many of these are only retried.
 */
public final class NoRouteException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient Route route;
    private final transient List<ProviderException> failures;
    private final Prospect prospect;

    private final @Nullable Duration retryAfter;
    private final transient @Nullable String partialText;
    private final @Nullable CapacityException quota;

    /** Null until it is read. Threads that race to render it get equal texts. */
    private @Nullable String message;

    /** What may become of the same request later. */
    public enum Prospect {
        /** No candidate would answer. */
        NONE,
        /** Some candidate may answer. */
        RETRY,
        /** Some candidate may answer; this time every one was busy, limited, or out of order. */
        UNAVAILABLE
    }

    /**
     * Creates the exception.
     *
     * @param route the route on which no candidate answered
     * @param failures the failures of the called candidates, in the order of the calls
     * @param prospect what may become of the same request later
     * @param retryAfterOrNull how long until a candidate may be called again; null when that is not known
     */
    public NoRouteException(
            Route route, List<ProviderException> failures, Prospect prospect, @Nullable Duration retryAfterOrNull) {
        this(route, failures, prospect, retryAfterOrNull, null);
    }

    /**
     * Creates the exception of a request that has received a part of an answer.
     *
     * @param route the route on which no candidate answered
     * @param failures the failures of the called candidates, in the order of the calls
     * @param prospect what may become of the same request later
     * @param retryAfterOrNull how long until a candidate may be called again; null when that is not known
     * @param partialTextOrNull what had come of the answer; null when nothing had
     */
    public NoRouteException(
            Route route,
            List<ProviderException> failures,
            Prospect prospect,
            @Nullable Duration retryAfterOrNull,
            @Nullable String partialTextOrNull) {
        this(route, failures, prospect, retryAfterOrNull, partialTextOrNull, null);
    }

    /**
     * Creates the exception of a request that a quota kept from a call.
     *
     * @param route the route on which no candidate answered
     * @param failures the failures of the called candidates, in the order of the calls
     * @param prospect what may become of the same request later
     * @param retryAfterOrNull how long until a candidate may be called again; null when that is not known
     * @param partialTextOrNull what had come of the answer; null when nothing had
     * @param quotaOrNull the quota that has too little left; null when none kept it from a call
     */
    public NoRouteException(
            Route route,
            List<ProviderException> failures,
            Prospect prospect,
            @Nullable Duration retryAfterOrNull,
            @Nullable String partialTextOrNull,
            @Nullable CapacityException quotaOrNull) {
        super("no candidate answered", failures.isEmpty() ? null : failures.get(failures.size() - 1));
        this.route = route;
        this.failures = List.copyOf(failures);
        this.prospect = prospect;
        this.retryAfter = retryAfterOrNull;
        this.partialText = partialTextOrNull;
        this.quota = quotaOrNull;
    }

    /** The quota that kept the request from a call, with the time when there is enough; empty when none did. */
    public Optional<CapacityException> quota() {
        return Optional.ofNullable(quota);
    }

    /** The route on which no candidate answered. */
    public Route route() {
        return route;
    }

    /** The failures of the called candidates, in the order of the calls. */
    public List<ProviderException> failures() {
        return failures;
    }

    /** Every excluded model with its reason when there was no candidate, else the failure of every called candidate. */
    @Override
    public String getMessage() {
        String rendered = message;
        if (rendered == null) {
            rendered = route.candidates().isEmpty() ? exclusions() : failed();
            message = rendered;
        }
        return rendered;
    }

    private String exclusions() {
        return "no model may answer: "
                + route.exclusions().stream()
                        .map(exclusion -> exclusion.model() + " " + exclusion.reason())
                        .collect(Collectors.joining("; "));
    }

    private String failed() {
        String each = Stream.concat(failures.stream(), quota().stream())
                .map(Throwable::getMessage)
                .collect(Collectors.joining("; "));
        return "none of " + route.candidates().size() + " candidates answered" + (each.isEmpty() ? "" : ": " + each);
    }

    @Override
    public boolean isTransient() {
        return prospect != Prospect.NONE;
    }

    @Override
    public boolean isUnavailable() {
        return prospect == Prospect.UNAVAILABLE;
    }

    /** How long until a candidate may be called again, else the shortest wait that a failed one requires. */
    @Override
    public Optional<Duration> retryAfter() {
        if (retryAfter != null) {
            return Optional.of(retryAfter);
        }
        return failures.stream()
                .map(ProviderException::retryAfter)
                .flatMap(Optional::stream)
                .min(Duration::compareTo);
    }

    @Override
    public Optional<String> partialText() {
        return Optional.ofNullable(partialText);
    }

    /** Called by serialization, which does not write the route: the message is rendered first. */
    private Object writeReplace() {
        message = getMessage();
        return this;
    }
}
