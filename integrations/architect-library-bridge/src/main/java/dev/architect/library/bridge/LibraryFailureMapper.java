package dev.architect.library.bridge;

import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.spi.AnswerAssembler;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Maps failures of a library to failure kinds. The reader of the library comes first, for the failure and then for each of its
 * causes; then a status of HTTP, wherever one is carried; then the JDK's own exceptions.
 *
 * <p>The exception is not kept as a cause: its message may repeat the prompt or part of a key. Its type is the code.
 */
final class LibraryFailureMapper {

    // A chain of causes may be a circle.
    private static final int MAX_CAUSES = 16;

    /** What messages have where vendors distinguish these two from other bad requests and from a rate limit. */
    private static final Map<String, FailureKind> MESSAGE_MARKERS = Map.of(
            "context_length_exceeded", FailureKind.CONTEXT_TOO_LONG,
            "prompt is too long", FailureKind.CONTEXT_TOO_LONG,
            "exceeds the maximum number of tokens", FailureKind.CONTEXT_TOO_LONG,
            "insufficient_quota", FailureKind.QUOTA_EXHAUSTED);

    private LibraryFailureMapper() {}

    static ProviderException of(Throwable failure, FailureReader reader, AnswerAssembler answer) {
        List<Throwable> chain = chain(failure);
        for (Throwable link : chain) {
            // Before all readers: it states kind, delivery and usage exactly, and they would only guess.
            if (link instanceof ProviderException cause) {
                return fromProviderException(cause, answer);
            }
        }
        OptionalInt status = chain.stream()
                .map(HttpStatusReader::statusOf)
                .filter(OptionalInt::isPresent)
                .findFirst()
                .orElse(OptionalInt.empty());
        Optional<FailureKind> own = first(chain, reader);
        // The library's own type is used unless it is generic and a status is more precise.
        FailureKind kind = refinedByMessage(
                own.filter(read -> status.isEmpty() || !isGeneric(read))
                        .or(() -> status.isPresent()
                                ? Optional.of(FailureKind.ofHttpStatus(status.getAsInt()))
                                : Optional.empty())
                        .or(() -> first(chain, LibraryFailureMapper::ofJdk))
                        .orElse(FailureKind.UNAVAILABLE),
                chain);
        return answer.failure(kind)
                .status(status.orElse(0))
                // A call with output has been answered, whatever its exception looks like.
                .delivery(answer.isEmpty() ? delivery(kind, status, chain) : DeliveryStatus.ANSWERED)
                .code(chain.get(0).getClass().getSimpleName())
                .build();
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (@Nullable Throwable link = failure; link != null && chain.size() < MAX_CAUSES; link = link.getCause()) {
            chain.add(link);
        }
        return chain;
    }

    private static Optional<FailureKind> first(List<Throwable> chain, FailureReader reader) {
        return chain.stream().flatMap(link -> reader.read(link).stream()).findFirst();
    }

    /** Kinds that a status makes more precise. */
    private static boolean isGeneric(FailureKind kind) {
        return kind == FailureKind.UNAVAILABLE || kind == FailureKind.INVALID_REQUEST;
    }

    private static FailureKind refinedByMessage(FailureKind kind, List<Throwable> chain) {
        // The markers tell apart bad requests and rate limits only; a more exact kind is not changed by a text.
        if (kind != FailureKind.INVALID_REQUEST && kind != FailureKind.RATE_LIMITED) {
            return kind;
        }
        for (Throwable link : chain) {
            String message = String.valueOf(link.getMessage()).toLowerCase(Locale.ROOT);
            for (Map.Entry<String, FailureKind> marker : MESSAGE_MARKERS.entrySet()) {
                if (message.contains(marker.getKey())) {
                    return marker.getValue();
                }
            }
        }
        return kind;
    }

    private static Optional<FailureKind> ofJdk(Throwable failure) {
        if (failure instanceof SocketTimeoutException
                || failure instanceof HttpTimeoutException
                || failure instanceof TimeoutException) {
            return Optional.of(FailureKind.TIMEOUT);
        }
        if (failure instanceof UnsupportedOperationException) {
            return Optional.of(FailureKind.UNSUPPORTED);
        }
        if (failure instanceof IllegalArgumentException) {
            return Optional.of(FailureKind.INVALID_REQUEST);
        }
        return failure instanceof IOException ? Optional.of(FailureKind.UNAVAILABLE) : Optional.empty();
    }

    private static DeliveryStatus delivery(FailureKind kind, OptionalInt status, List<Throwable> chain) {
        if (status.isPresent()) {
            return DeliveryStatus.ANSWERED;
        }
        if (kind == FailureKind.UNSUPPORTED || chain.stream().anyMatch(LibraryFailureMapper::isBeforeSend)) {
            return DeliveryStatus.NOT_SENT;
        }
        return switch (kind) {
            case TIMEOUT, UNAVAILABLE, CANCELLED, PROTOCOL, INVALID_REQUEST -> DeliveryStatus.UNKNOWN;
            case RATE_LIMITED,
                    QUOTA_EXHAUSTED,
                    OVERLOADED,
                    AUTHENTICATION,
                    MODEL_NOT_FOUND,
                    CONTEXT_TOO_LONG,
                    TOO_LARGE_FOR_LIMIT,
                    CONTENT_REFUSED,
                    UNSUPPORTED -> DeliveryStatus.ANSWERED;
        };
    }

    private static boolean isBeforeSend(Throwable failure) {
        return failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof NoRouteToHostException
                || failure instanceof UnresolvedAddressException;
    }

    /** A provider behind the library, perhaps Architect itself, has described the failure already. */
    private static ProviderException fromProviderException(ProviderException cause, AnswerAssembler answer) {
        return answer.failure(cause.kind())
                .status(cause.status().orElse(0))
                .retryAfter(cause.retryAfter().orElse(null))
                .answeringModel(cause.answeringModel().orElse(null))
                .serviceTier(cause.serviceTier().orElse(null))
                .statedCostPicoUsd(
                        cause.statedCostPicoUsd().isPresent()
                                ? (Long) cause.statedCostPicoUsd().getAsLong()
                                : null)
                .delivery(cause.delivery())
                .requestId(cause.requestId().orElse(null))
                .usage(answer.usage().isUnknown() ? cause.usage() : answer.usage())
                .cause(cause)
                .build();
    }
}
