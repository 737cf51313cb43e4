package dev.architect.router.execution;

import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.ResponseCost;
import dev.architect.cost.Cost;
import dev.architect.event.Event;
import dev.architect.router.cache.CacheKey;
import dev.architect.router.cache.Flight;
import dev.architect.router.cache.ResponseCache;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Optional;

/**
 * Answers requests from a cache where it can. Of equal requests that come at the same time one makes the call, and the others take its
 * answer, each within its own deadline; when it fails or is cancelled, the next one makes a call. An answer that must not be given to
 * others, such as a truncated one, stays that of its request, and the others call for themselves. Safe for use by several threads.
 */
final class CachedExecution {

    /** Makes the calls of a request. */
    @FunctionalInterface
    interface Calls {
        ChatResponse answer(ChatRequest request, RoutingContext routing, Duration timeout, RequestClock clock);
    }

    private final ResponseCache cache;
    private final String policyVersion;
    private final Calls calls;
    private final CallIdGenerator ids;
    private final TimeSource time;

    CachedExecution(ResponseCache cache, String policyVersion, Calls calls, CallIdGenerator ids, TimeSource time) {
        this.cache = cache;
        this.policyVersion = policyVersion;
        this.ids = ids;
        this.calls = calls;
        this.time = time;
    }

    ChatResponse chat(ChatRequest request, RoutingContext routing, Duration timeout, RequestClock clock) {
        if (!cache.isFor(request) || !routing.scope().keepsText()) {
            return calls.answer(request, routing, timeout, clock);
        }
        CacheKey key = cache.keyOf(request, routing.scope().attribution(), policyVersion);
        long deadline = time.nanoTime() + timeout.toNanos();
        while (true) {
            Optional<ChatResponse> kept = cache.find(key);
            if (kept.isPresent()) {
                return reused(kept.get(), routing);
            }
            Flight own = new Flight(time);
            Flight flight = cache.join(key, own);
            Duration timeLeft = Duration.ofNanos(deadline - time.nanoTime());
            if (flight.equals(own)) {
                return lead(key, own, request, routing, timeLeft, clock);
            }
            long waitingSince = time.nanoTime();
            Flight.Result result = await(flight, timeLeft);
            clock.addOutside(time.nanoTime() - waitingSince);
            ChatResponse shared = flight.answer();
            if (shared != null) {
                cache.countShared();
                return reused(shared, routing);
            }
            if (result != Flight.Result.FAILED) {
                // Without time, or when the thread was interrupted, this ends at once and says so as usual.
                return calls.answer(request, routing, Duration.ofNanos(Math.max(0, deadline - time.nanoTime())), clock);
            }
        }
    }

    private ChatResponse lead(
            CacheKey key,
            Flight own,
            ChatRequest request,
            RoutingContext routing,
            Duration timeLeft,
            RequestClock clock) {
        Flight.Result result = Flight.Result.FAILED;
        ChatResponse answer = null;
        try {
            // Once more: the flight of another may have ended since.
            Optional<ChatResponse> known = cache.find(key).or(() -> cache.findSimilar(key, request));
            answer = known.isPresent() ? known.get() : calls.answer(request, routing, timeLeft, clock);
            boolean isShared = known.isPresent() || cache.offer(key, request, answer);
            result = isShared ? Flight.Result.ANSWERED : Flight.Result.NOT_SHARED;
            if (known.isEmpty()) {
                return answer;
            }
        } finally {
            cache.end(key, own, result, result == Flight.Result.ANSWERED ? answer : null);
        }
        return reused(answer, routing);
    }

    private static Flight.Result await(Flight flight, Duration timeLeft) {
        try {
            Flight.Result result = flight.await(timeLeft);
            return result == null ? Flight.Result.NOT_SHARED : result;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Flight.Result.NOT_SHARED;
        }
    }

    private ChatResponse reused(ChatResponse kept, RoutingContext routing) {
        Cost avoided = kept.cost().avoided().orElse(kept.cost().answer());
        ChatResponse answer = kept.asAnswerOf(ids.next(), ResponseCost.cached(avoided));
        RequestContext.publish(
                routing,
                new Event.AnswerReused(
                        time.wallTime(),
                        routing.fencingToken().map(FencingToken::id),
                        answer.requestId(),
                        answer.model(),
                        avoided));
        routing.listener().ifPresent(answer::replayTo);
        return answer;
    }
}
