package dev.architect.route;

import dev.architect.error.ArchitectException;
import dev.architect.model.ProviderException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * No candidate of a route gave an answer: there was none, or each one failed or was not to be called at the moment.
 */
public final class NoRouteException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient Route route;
    private final transient List<ProviderException> failures;
    private final boolean worthRetrying;

    /**
     * Creates the exception.
     *
     * @param route the route that led nowhere
     * @param failures what the called candidates said, in the order of the calls
     * @param worthRetrying whether some candidate may answer later
     */
    public NoRouteException(Route route, List<ProviderException> failures, boolean worthRetrying) {
        super(message(route, failures), failures.isEmpty() ? null : failures.get(failures.size() - 1));
        this.route = route;
        this.failures = List.copyOf(failures);
        this.worthRetrying = worthRetrying;
    }

    /** The route that led nowhere. */
    public Route route() {
        return route;
    }

    /** What the called candidates said, in the order of the calls. */
    public List<ProviderException> failures() {
        return failures;
    }

    @Override
    public boolean isTransient() {
        return worthRetrying;
    }

    /** The shortest wait that a failed candidate asked for. */
    @Override
    public Optional<Duration> retryAfter() {
        return failures.stream()
                .map(ProviderException::retryAfter)
                .flatMap(Optional::stream)
                .min(Duration::compareTo);
    }

    private static String message(Route route, List<ProviderException> failures) {
        if (route.candidates().isEmpty()) {
            return "no model may answer: "
                    + route.exclusions().stream()
                            .map(exclusion -> exclusion.model() + " " + exclusion.reason())
                            .collect(Collectors.joining("; "));
        }
        String failed = failures.stream().map(Throwable::getMessage).collect(Collectors.joining("; "));
        return "none of " + route.candidates().size() + " candidates answered"
                + (failed.isEmpty() ? "" : ": " + failed);
    }
}
