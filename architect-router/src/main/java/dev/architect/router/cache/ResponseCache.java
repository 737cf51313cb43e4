package dev.architect.router.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.architect.answer.SemanticCache;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.route.Route;
import dev.architect.router.policy.CacheSettings;
import dev.architect.spi.TimeSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps answers for equal requests, and lets one of several equal requests that come at the same time make the call. Bounded by
 * entries and by bytes; the least useful ones go first. Safe for use by several threads.
 *
 * <p>Kept are complete answers without tool calls that no checker rejected. A request that sets a temperature above zero asks for answers that
 * differ, so it neither gets a kept one nor leaves one; a request that sets none takes the answer that is there.
 */
public final class ResponseCache {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseCache.class);

    private final CacheSettings settings;
    private final @Nullable SemanticCache semantic;
    private final Cache<CacheKey, ChatResponse> answers;
    private final ConcurrentMap<CacheKey, Flight> flights = new ConcurrentHashMap<>();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /** Creates an empty cache; {@code semanticOrNull} is asked for what is not in it. */
    public ResponseCache(CacheSettings settings, @Nullable SemanticCache semanticOrNull, TimeSource time) {
        this.settings = settings;
        this.semantic = semanticOrNull;
        // The library has one bound: with a least weight for each entry, it is that of the number as well.
        int least = Math.max(1, (int) ceiling(settings.maxBytes(), settings.maxEntries()));
        this.answers = Caffeine.newBuilder()
                .maximumWeight(settings.maxBytes())
                .<CacheKey, ChatResponse>weigher(
                        (key, answer) -> (int) Math.min(Integer.MAX_VALUE, Math.max(least, AnswerSize.bytes(answer))))
                .expireAfterWrite(settings.ttl())
                .ticker(time::nanoTime)
                // No threads: what has to be cleared is cleared by the thread that stores.
                .executor(Runnable::run)
                .build();
    }

    private static long ceiling(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    /** Whether answers to such a request are kept. */
    public boolean isFor(ChatRequest request) {
        return request.generation().temperature().filter(value -> value > 0).isEmpty();
    }

    /** Its bounds. */
    public CacheSettings settings() {
        return settings;
    }

    /** Returns the key of a request under the policy of that version. */
    public CacheKey keyOf(ChatRequest request, Attribution attribution, String policyVersion) {
        return CacheKey.of(request, attribution, settings, policyVersion);
    }

    /** Returns the kept answer to an equal request. */
    public Optional<ChatResponse> find(CacheKey key) {
        ChatResponse answer = answers.getIfPresent(key);
        if (answer != null) {
            hits.increment();
        }
        return Optional.ofNullable(answer);
    }

    /** Returns what the host's own cache has for a request that is not among the kept ones. */
    @SuppressWarnings("NullAway") // A cache of the host may answer null whatever its contract says.
    public Optional<ChatResponse> findSimilar(CacheKey key, ChatRequest request) {
        if (semantic != null) {
            try {
                Optional<ChatResponse> found = semantic.lookup(request, key.scope());
                if (found != null && found.filter(ResponseCache::isKept).isPresent()) {
                    hits.increment();
                    return found;
                }
            } catch (Throwable failure) {
                warn("lookup", failure);
            }
        }
        misses.increment();
        return Optional.empty();
    }

    /** Keeps an answer, unless it is one that is not given again. Returns whether it does. */
    public boolean offer(CacheKey key, ChatRequest request, ChatResponse answer) {
        if (!isKept(answer) || answer.isCached()) {
            return false;
        }
        answers.put(key, detached(answer));
        if (semantic != null) {
            try {
                semantic.store(request, key.scope(), answer);
            } catch (Throwable failure) {
                warn("store", failure);
            }
        }
        return true;
    }

    /** A route that has not been read yet holds on to the request and its prompt. */
    private static ChatResponse detached(ChatResponse answer) {
        Route route = answer.route();
        return new ChatResponse(
                answer.content(),
                answer.stopReason(),
                answer.model(),
                answer.usage(),
                answer.cost(),
                new Route(route.classification(), route.candidates(), route.exclusions()),
                answer.position(),
                answer.citations(),
                answer.finish(),
                answer.requestId(),
                answer.verdict(),
                answer.calls(),
                answer.wire());
    }

    private static void warn(String what, Throwable failure) {
        // By its class alone: its message may be text of the prompt.
        LOG.warn(
                "the {} of a semantic cache failed with {}",
                what,
                failure.getClass().getName());
    }

    private static boolean isKept(ChatResponse answer) {
        return (answer.stopReason() == StopReason.COMPLETE || answer.stopReason() == StopReason.STOP_SEQUENCE)
                && answer.toolCalls().isEmpty()
                && !answer.text().isBlank()
                && answer.verdict().kind() != AnswerVerdict.Kind.REJECTED;
    }

    /** Joins those that wait for the answer to an equal request: the flight is the caller's own when it must make the call. */
    public Flight join(CacheKey key, Flight own) {
        Flight running = flights.putIfAbsent(key, own);
        return running == null ? own : running;
    }

    /** Ends the caller's own flight: those that wait take the answer, or make calls of their own. */
    public void end(CacheKey key, Flight own, Flight.Result result, @Nullable ChatResponse answerOrNull) {
        // Before the others are woken: the first of them begins a flight of its own.
        flights.remove(key, own);
        own.end(result, answerOrNull);
    }

    /** How many requests make calls that others may wait for. */
    public int flights() {
        return flights.size();
    }

    /** How many answers are kept. */
    public long entries() {
        answers.cleanUp();
        return answers.estimatedSize();
    }

    /** How much memory they take, estimated; each counts for its share of the largest number at least. */
    public long bytes() {
        return answers.policy()
                .eviction()
                .map(bound -> bound.weightedSize().orElse(0))
                .orElse(0L);
    }

    /** How many requests were answered by it. */
    public long hits() {
        return hits.sum();
    }

    /** How many requests found nothing in it. */
    public long misses() {
        return misses.sum();
    }

    /** A request was answered by the call of another one. */
    public void countShared() {
        hits.increment();
    }
}
