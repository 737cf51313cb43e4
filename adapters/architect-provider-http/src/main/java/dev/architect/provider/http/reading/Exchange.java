package dev.architect.provider.http.reading;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Citation;
import dev.architect.chat.StopReason;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.RateLimit;
import dev.architect.provider.http.message.CallProgress;
import dev.architect.spi.AnswerAssembler;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call with its provider, as far as it has come: status, headers, text and counts received so far. What {@link #failure}
 * returns carries all of it. Used by one thread.
 */
public final class Exchange {

    private static final int MAX_MODEL_LENGTH = 200;

    private final AnswerAssembler answer;
    private final @Nullable ChatRequest requestOrNull;
    private final CallProgress progress;
    private String lastTier = "";

    /**
     * Begins an exchange.
     *
     * @param answer what the adapter's reader appends to
     * @param requestOrNull what is asked; null for calls that want no answer of a model
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

    /** What was asked; empty for calls that want no answer of a model. */
    public Optional<ChatRequest> request() {
        return Optional.ofNullable(requestOrNull);
    }

    /** Returns the value of a header of the reply; the name's case does not matter. */
    public Optional<String> header(String name) {
        return progress.headers().get(name);
    }

    /** Returns the provider's id of the request, from {@code request-id} or {@code x-request-id}. */
    public Optional<String> requestId() {
        return header("request-id").or(() -> header("x-request-id")).flatMap(SafeToken::ofId);
    }

    /** Returns what the reply's headers say about the provider's rate limits; empty when they say nothing. */
    public List<RateLimit> rateLimits() {
        return RateLimitReader.read(progress.headers());
    }

    /** Returns how long the reply's headers ask to wait; empty when they do not, or for longer than a day. */
    public Optional<Duration> retryAfter() {
        return RetryAfter.of(progress.headers());
    }

    /** Returns the id from the headers, or the one that {@code named} names, or null. */
    public @Nullable String requestIdOr(JsonNode named) {
        return requestId().or(() -> SafeToken.of(named.asText(""))).orElse(null);
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
     * machine word does nothing; {@code default} is the usual tier, {@code standard}.
     */
    public void reportServiceTier(String tier) {
        // Streams repeat it in each event.
        if (!tier.equals(lastTier)) {
            lastTier = tier;
            SafeToken.of(tier)
                    .ifPresent(word -> answer.reportServiceTier(word.equals("default") ? Price.STANDARD : word));
        }
    }

    /** Keeps the cost that the reply states so far, in place of what it stated before; null does nothing. */
    public void reportCost(@Nullable Money stated) {
        if (stated != null) {
            answer.reportCost(stated);
        }
    }

    /** Adds a piece of the answer's text and hands it to the listener. An empty piece does nothing. */
    public void say(String piece) {
        answer.appendText(piece);
    }

    /** Adds a piece of what the model thinks and hands it to the listener. An empty piece does nothing. */
    public void reason(String piece) {
        answer.appendReasoning(piece);
    }

    /**
     * Signs the reasoning that was added last, which ends it; where the last thing added is no reasoning, adds one without
     * text. A blank value does nothing.
     *
     * @param value what the provider wants back; only its adapter reads it
     */
    public void sign(String value) {
        answer.signReasoning(value);
    }

    /**
     * Adds a piece of a tool call and hands it to the listener as soon as the call has a name. A call without an id gets one;
     * arguments that stay empty become {@code {}}.
     *
     * @param key tells the calls of this answer apart, as the provider numbers them
     * @param id the call's id, or empty when this piece does not say
     * @param name the tool, or empty when this piece does not say
     * @param arguments the next piece of the arguments, may be empty
     */
    public void callTool(int key, String id, String name, String arguments) {
        answer.appendToolCall(key, id, name, arguments);
    }

    /** Signs the tool call of that key. A blank value does nothing. */
    public void signCall(int key, String value) {
        answer.signToolCall(key, value);
    }

    /** Adds a source of the answer and hands it to the listener, unless it is there already. */
    public void cite(Citation citation) {
        answer.addCitation(citation);
    }

    /** Returns the text said so far. */
    public String text() {
        return answer.text();
    }

    /** Keeps what the provider has counted so far, in place of what was kept before, and passes it to the listener. */
    public void used(UsageReader counted) {
        answer.reportUsage(counted.usage(), counted.source());
    }

    /**
     * Returns a builder of the answer, with everything that was added, reported and received so far filled in. An answer with
     * tool calls that is complete ended for their sake.
     */
    public ProviderAnswer.Builder answer(StopReason reason) {
        if (answer.hasUnnamedToolCall()) {
            throw broken("tool call has no name");
        }
        return answer.answer(answer.stopReason(reason))
                .requestId(requestId().orElse(null))
                .rateLimits(rateLimits());
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
                .rateLimits(rateLimits());
    }

    /** Returns a failure of kind {@code PROTOCOL}: what came is not what the provider promises. {@code words} are our own. */
    public ProviderException broken(String words) {
        return failure(FailureKind.PROTOCOL).explanation(words).build();
    }

    /** Returns a builder of a failure with what the provider's error means. */
    public ProviderException.Builder failure(ErrorMeaning meaning) {
        return failure(meaning.kind())
                .code(SafeToken.of(meaning.codeOrNull()).orElse(null))
                .retryAfter(meaning.retryAfterOrNull());
    }
}
