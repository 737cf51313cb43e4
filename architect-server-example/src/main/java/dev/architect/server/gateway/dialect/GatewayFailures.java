package dev.architect.server.gateway.dialect;

import dev.architect.budget.BudgetExceededException;
import dev.architect.error.ArchitectException;
import dev.architect.error.CapacityException;
import dev.architect.error.StoreException;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.route.ExclusionReason;
import dev.architect.route.NoRouteException;
import dev.architect.route.UnservableRequestException;
import dev.architect.server.rest.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Classifies what a request of the gateway may end with. */
public final class GatewayFailures {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayFailures.class);

    private static final String WRONG_KEY = "the key is missing or wrong, expected the access token of this server as"
            + " 'Authorization: Bearer <token>' or 'x-api-key: <token>'";

    /** What the checks of a whole request begin their messages with, and the field that they are about. */
    private static final Map<String, String> PLACES = Map.of(
            "stop sequence", "stopSequences",
            "stopSequences ", "stopSequences",
            "toolChoice ", "toolChoice",
            "tool ", "tools",
            "temperature ", "temperature",
            "maxOutputTokens ", "maxOutputTokens");

    private GatewayFailures() {}

    private static String place(String message) {
        return PLACES.entrySet().stream()
                .filter(place -> message.startsWith(place.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("messages");
    }

    /** Returns the failure that {@code thrown} stands for. */
    public static GatewayFailure of(Throwable thrown) {
        if (thrown instanceof ApiException stated) {
            return ofApi(stated);
        }
        if (thrown instanceof BudgetExceededException budget) {
            return ofBudget(budget);
        }
        if (thrown instanceof NoRouteException noRoute) {
            return ofNoRoute(noRoute);
        }
        if (thrown instanceof ProviderException provider) {
            return ofProvider(provider);
        }
        if (thrown instanceof UnservableRequestException unservable) {
            return GatewayFailure.of(FailureClass.INVALID_REQUEST, message(unservable), unservable.field());
        }
        if (thrown instanceof IllegalArgumentException wrong) {
            return GatewayFailure.of(FailureClass.INVALID_REQUEST, message(wrong), place(message(wrong)));
        }
        if (thrown instanceof CapacityException full) {
            return failure(FailureClass.RATE_LIMITED, full, full.retryAfter(), false, 0);
        }
        if (thrown instanceof BrokenAnswerException broken) {
            return failure(FailureClass.NO_ROUTE, broken, Optional.empty(), true, 0);
        }
        if (thrown instanceof StoreException store) {
            LOG.warn("a request of the gateway failed: {}", store.getMessage());
            boolean passes = store.kind() == StoreException.Kind.BUSY || store.kind() == StoreException.Kind.CLOSED;
            return GatewayFailure.of(
                    passes ? FailureClass.UNAVAILABLE : FailureClass.INTERNAL,
                    "the store failed; the server's log names the reason",
                    null);
        }
        if (thrown instanceof ArchitectException other) {
            LOG.warn("a request of the gateway failed: {}", other.getMessage());
            return failure(
                    other.isTransient() ? FailureClass.UNAVAILABLE : FailureClass.INTERNAL,
                    other,
                    other.retryAfter(),
                    false,
                    0);
        }
        return unexpected(thrown);
    }

    /** A bug, or a server that stops. Only the place is logged: a message could quote the request. */
    private static GatewayFailure unexpected(Throwable thrown) {
        if (thrown instanceof IllegalStateException) {
            return GatewayFailure.of(FailureClass.UNAVAILABLE, "the server is stopping", null);
        }
        StackTraceElement[] trace = thrown.getStackTrace();
        LOG.error(
                "a request of the gateway failed with {} at {}",
                thrown.getClass().getName(),
                trace.length == 0 ? "an unknown place" : trace[0]);
        return GatewayFailure.of(FailureClass.INTERNAL, "the server failed; its log names the place", null);
    }

    private static GatewayFailure ofApi(ApiException stated) {
        FailureClass kind = switch (stated.status()) {
            case 401 -> FailureClass.UNAUTHORIZED;
            case 403 -> FailureClass.FORBIDDEN;
            case 404 ->
                stated.code().equals(ModelCatalogue.UNKNOWN_MODEL)
                        ? FailureClass.UNKNOWN_MODEL
                        : FailureClass.NOT_FOUND;
            case 405 -> FailureClass.METHOD_NOT_ALLOWED;
            case 408 -> FailureClass.TOO_SLOW;
            case 413 -> FailureClass.TOO_LARGE;
            case 415 -> FailureClass.UNSUPPORTED_MEDIA_TYPE;
            case 429 -> FailureClass.RATE_LIMITED;
            default -> {
                if (stated.status() < 500) {
                    yield FailureClass.INVALID_REQUEST;
                }
                yield stated.status() == 503 ? FailureClass.UNAVAILABLE : FailureClass.INTERNAL;
            }
        };
        return new GatewayFailure(
                kind,
                kind == FailureClass.UNAUTHORIZED ? WRONG_KEY : message(stated),
                stated.field().orElse(null),
                stated.retryAfter().orElse(null),
                false,
                0);
    }

    private static GatewayFailure ofBudget(BudgetExceededException budget) {
        if (budget.reason() == BudgetExceededException.Reason.STORE_FAILED) {
            return failure(FailureClass.UNAVAILABLE, budget, Optional.empty(), true, 0);
        }
        return failure(FailureClass.BUDGET_EXCEEDED, budget, budget.retryAfter(), true, 0);
    }

    private static GatewayFailure ofNoRoute(NoRouteException noRoute) {
        List<ProviderException> failures = noRoute.failures();
        if (failures.isEmpty() && noRoute.quota().isPresent()) {
            return failure(FailureClass.RATE_LIMITED, noRoute, noRoute.retryAfter(), false, 0);
        }
        FailureClass kind = failures.isEmpty() ? withoutCall(noRoute) : common(failures);
        return failure(kind, noRoute, noRoute.retryAfter(), true, failures.size());
    }

    private static FailureClass withoutCall(NoRouteException noRoute) {
        boolean isTooExpensive = noRoute.route().candidates().isEmpty()
                && noRoute.route().exclusions().stream()
                        .anyMatch(exclusion -> exclusion.code() == ExclusionReason.TOO_EXPENSIVE);
        return isTooExpensive ? FailureClass.BUDGET_EXCEEDED : FailureClass.NO_ROUTE;
    }

    /** What all calls failed with where they agree: a client can act on that. */
    private static FailureClass common(List<ProviderException> failures) {
        FailureClass first = kindOf(failures.get(0).kind());
        return failures.stream().allMatch(failure -> kindOf(failure.kind()) == first) ? first : FailureClass.NO_ROUTE;
    }

    private static FailureClass kindOf(FailureKind kind) {
        return switch (kind) {
            case RATE_LIMITED -> FailureClass.RATE_LIMITED;
            case TIMEOUT -> FailureClass.TIMEOUT;
            case MODEL_NOT_FOUND -> FailureClass.UNKNOWN_MODEL;
            case CONTEXT_TOO_LONG, TOO_LARGE_FOR_LIMIT -> FailureClass.CONTEXT_TOO_LONG;
            case CONTENT_REFUSED -> FailureClass.CONTENT_REFUSED;
            case INVALID_REQUEST, UNSUPPORTED -> FailureClass.INVALID_REQUEST;
            // The key is the operator's, not the client's.
            case QUOTA_EXHAUSTED, OVERLOADED, UNAVAILABLE, PROTOCOL, AUTHENTICATION -> FailureClass.NO_ROUTE;
            case CANCELLED -> FailureClass.UNAVAILABLE;
        };
    }

    private static GatewayFailure ofProvider(ProviderException provider) {
        return failure(kindOf(provider.kind()), provider, provider.retryAfter(), true, 1);
    }

    private static GatewayFailure failure(
            FailureClass kind, Throwable thrown, Optional<Duration> retryAfter, boolean isFinal, int calls) {
        @Nullable String param = kind == FailureClass.UNKNOWN_MODEL ? "model" : null;
        return new GatewayFailure(kind, message(thrown), param, retryAfter.orElse(null), isFinal, calls);
    }

    private static String message(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? "the request failed" : message;
    }
}
