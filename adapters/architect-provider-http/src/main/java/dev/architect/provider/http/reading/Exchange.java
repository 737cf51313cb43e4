package dev.architect.provider.http.reading;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Citation;
import dev.architect.cost.Money;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.RateLimit;
import dev.architect.model.StopReason;
import dev.architect.provider.http.message.CallProgress;
import dev.architect.spi.AnswerAssembler;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call with its provider, as far as it has come: status and headers of the reply, and the answer that is assembled from it. What {@link #failure}
 * returns carries all of it. Used by one thread.
 */
public final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private static final UnknownStopWords UNKNOWN_STOP_WORDS = new UnknownStopWords();

    // A reply is foreign text: a name of any length would go into ledger entries and logs as it came.
    private static final int MAX_MODEL_LENGTH = 200;

    private final AnswerAssembler answer;
    private final @Nullable ChatRequest requestOrNull;
    private final CallProgress progress;
    // Kept apart from the answer, because the answer stores the mapped name and not the provider's.
    private String lastTier = "";

    /**
     * Begins an exchange.
     *
     * @param answer what the adapter's reader appends to
     * @param requestOrNull the request; null for calls that need no answer of a model
     * @param progress how far the call has come; its transport advances it
     */
    public Exchange(AnswerAssembler answer, @Nullable ChatRequest requestOrNull, CallProgress progress) {
        this.answer = answer;
        this.requestOrNull = requestOrNull;
        this.progress = progress;
    }

    /** The model that was called. */
    public ModelId model() {
        return answer.model();
    }

    /** The request; empty for calls that need no answer of a model. */
    public Optional<ChatRequest> request() {
        return Optional.ofNullable(requestOrNull);
    }

    /** Returns the value of a header of the reply; the name's case does not matter. */
    public Optional<String> header(String name) {
        return progress.headers().get(name);
    }

    /** Returns the provider's id of the request, from {@code request-id} or {@code x-request-id}. */
    public Optional<String> requestId() {
        return header("request-id").or(() -> header("x-request-id")).flatMap(SafeToken::id);
    }

    /** Returns the provider's rate limits from the reply's headers; empty when they have none. */
    public List<RateLimit> rateLimits() {
        return RateLimitReader.read(progress.headers());
    }

    /** Returns how long the reply's headers require to wait; empty when they do not, or require more than a day. */
    public Optional<Duration> retryAfter() {
        return RetryAfter.of(progress.headers());
    }

    /** Returns the id from the headers, or the one that {@code named} names, or null. */
    public @Nullable String requestIdOr(JsonNode named) {
        return requestId().or(() -> SafeToken.token(named.asText(""))).orElse(null);
    }

    /** Returns the model that {@code named} names, or the called one when it names none. */
    public String modelOr(JsonNode named) {
        String name = named.asText("").strip();
        return name.isEmpty() || name.length() > MAX_MODEL_LENGTH ? model().model() : name;
    }

    /**
     * Keeps the model that answers, as the reply names it, in place of one that was kept before: as soon as it is known, so that
     * a call that breaks keeps it. A blank or very long name does nothing.
     */
    public void reportModel(String name) {
        if (name.length() <= MAX_MODEL_LENGTH) {
            answer.reportModel(name.strip());
        }
    }

    /**
     * Keeps the tier that serves the call, in place of one that was kept before: as soon as it is known. What is no short
     * token does nothing; {@code default} and {@code auto} are the usual tier, {@code standard}.
     */
    public void reportServiceTier(String tier) {
        // Streams repeat it in each event.
        if (!tier.equals(lastTier)) {
            lastTier = tier;
            SafeToken.token(tier).ifPresent(answer::reportServiceTier);
        }
    }

    /** Keeps where the call is served, in place of what was kept before. What is no short token does nothing. */
    public void reportRegion(String region) {
        SafeToken.token(region).ifPresent(answer::reportRegion);
    }

    /** Keeps the cost that the reply states so far, in place of what it stated before; null does nothing. */
    public void reportCost(@Nullable Money stated) {
        if (stated != null) {
            answer.reportCost(stated);
        }
    }

    /** Appends to the text of the answer and passes the delta to the listener. An empty delta does nothing. */
    public void appendText(String delta) {
        answer.appendText(delta);
    }

    /** Appends to the reasoning of the model and passes the delta to the listener. An empty delta does nothing. */
    public void appendReasoning(String delta) {
        answer.appendReasoning(delta);
    }

    /**
     * Signs the reasoning that was added last, which ends it; where the last thing added is no reasoning, adds one without
     * text. A blank value does nothing.
     *
     * @param value what the provider expects back; only its adapter reads it
     */
    public void signReasoning(String value) {
        answer.signReasoning(value);
    }

    /**
     * Signs the last reasoning wherever it stands, in place of a signature that it has.
     *
     * @param value what the provider expects back; only its adapter reads it
     */
    public void signLastReasoning(String value) {
        answer.signLastReasoning(value);
    }

    /**
     * Appends to a tool call, which the listener gets when it is whole ({@link AnswerAssembler}). A call without an id gets one;
     * arguments that stay empty become {@code {}}.
     *
     * @param key identifies the call within this answer, as the provider numbers them
     * @param id the call's id, or empty when this delta does not have it
     * @param name the tool, or empty when this delta does not have it
     * @param delta the next part of the arguments, may be empty
     */
    public void appendToolCall(int key, String id, String name, String delta) {
        answer.appendToolCall(key, id, name, delta);
    }

    /** Signs the tool call of that key. A blank value does nothing. */
    public void signToolCall(int key, String value) {
        answer.signToolCall(key, value);
    }

    /** Adds a source of the answer and passes it to the listener, unless it was added before. */
    public void addCitation(Citation citation) {
        answer.addCitation(citation);
    }

    /** How many characters of text, reasoning and arguments have come. */
    public long receivedCharacters() {
        return answer.receivedCharacters();
    }

    /** Whether the answer has begun: it has text, reasoning or a tool call. */
    public boolean hasContent() {
        return answer.hasContent();
    }

    /** Returns the text so far. */
    public String text() {
        return answer.text();
    }

    /** Keeps what the provider has counted so far, in place of what was kept before, and passes it to the listener. */
    public void reportUsage(UsageReader counted) {
        answer.reportUsage(counted.usage(), counted.source());
    }

    /**
     * Returns a builder of the answer, with everything that was added, reported and received so far filled in. An answer with
     * tool calls that is complete ended for their sake.
     */
    public ProviderAnswer.Builder answer(StopReason reason) {
        if (answer.hasUnnamedToolCall()) {
            // The caller could not execute it, and dropping it in silence would make an answer with tool calls look
            // like one without.
            throw protocolFailure("tool call has no name");
        }
        return answer.answer(answer.stopReason(reason))
                .requestId(requestId().orElse(null))
                .rateLimits(rateLimits())
                .resends(progress.resends());
    }

    /**
     * Returns {@link StopReason#OTHER}, for a word that names the reason of the end and that this version does not know. Each word of
     * a provider is logged once, as a warning: the vendor has a new one, and until an adapter knows it, it is unknown whether the
     * answer is whole.
     */
    public StopReason unknownStopReason(String word) {
        String shown = word.isEmpty() ? "no word" : SafeToken.token(word).orElse("a word that is no short token");
        if (UNKNOWN_STOP_WORDS.add(model().provider(), shown)) {
            LOG.warn(
                    "{} gave {} as the reason of an answer's end, expected one that is known; it is OTHER",
                    model(),
                    shown);
        }
        return StopReason.OTHER;
    }

    /** Returns the failure that a word means which names the reason of the end. */
    public ProviderException stopFailure(FailureKind kind, String word) {
        return failure(ErrorMeaning.of(kind, word)).build();
    }

    /** Returns what was last counted. */
    public TokenUsage usage() {
        return answer.usage();
    }

    /** Returns a builder of a failure of this call, with everything known so far filled in. */
    public ProviderException.Builder failure(FailureKind kind) {
        return answer.failure(kind)
                .status(progress.status())
                .delivery(progress.delivery())
                .requestId(requestId().orElse(null))
                .rateLimits(rateLimits())
                .resends(progress.resends());
    }

    /** Returns a failure of kind {@code PROTOCOL}: what came is not what the provider promises; the explanation holds nothing of the reply. */
    public ProviderException protocolFailure(String explanation) {
        return failure(FailureKind.PROTOCOL).explanation(explanation).build();
    }

    /** Returns a builder of a failure with what the provider's error means. */
    public ProviderException.Builder failure(ErrorMeaning meaning) {
        return failure(meaning.kind())
                .code(meaning.code().flatMap(SafeToken::token).orElse(null))
                .retryAfter(meaning.retryAfter().orElse(null));
    }
}
