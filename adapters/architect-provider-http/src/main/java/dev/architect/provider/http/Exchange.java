package dev.architect.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatListener;
import dev.architect.model.Delivery;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.usage.TokenUsage;
import java.util.Optional;

/**
 * One call with its provider, as far as it has come: status, headers, text and counts received so far. What {@link #failure}
 * returns carries all of it. Used by one thread.
 */
public final class Exchange {

    private static final int MAX_MODEL_LENGTH = 200;
    private static final ChatListener NOBODY = piece -> {};

    private final ModelId model;
    private final ChatListener listener;
    private final StringBuilder text = new StringBuilder();
    private ReplyHeaders headers = ReplyHeaders.none();
    private int status;
    private Delivery delivery = Delivery.NOT_SENT;
    private TokenUsage usage = TokenUsage.UNKNOWN;

    Exchange(ModelId model) {
        this(model, NOBODY);
    }

    Exchange(ModelId model, ChatListener listener) {
        this.model = model;
        this.listener = listener;
    }

    /** The model that was called. */
    public ModelId model() {
        return model;
    }

    /** Returns the value of a header of the reply; the name's case does not matter. */
    public Optional<String> header(String name) {
        return headers.get(name);
    }

    /** Returns the provider's id of the request, from {@code request-id} or {@code x-request-id}. */
    public Optional<String> requestId() {
        return header("request-id").or(() -> header("x-request-id")).flatMap(MachineWord::ofId);
    }

    /** Returns the model that {@code named} names, or the called one when it names none. */
    public String modelOr(JsonNode named) {
        String name = named.asText("").strip();
        return name.isEmpty() || name.length() > MAX_MODEL_LENGTH ? model.model() : name;
    }

    /** Returns {@code text} when it is a short machine word, and {@code otherwise} when it is not. */
    public String wordOr(JsonNode text, String otherwise) {
        return MachineWord.of(text.asText("")).orElse(otherwise);
    }

    /** Adds a piece of the answer's text and hands it to the listener. An empty piece does nothing. */
    public void say(String piece) {
        if (!piece.isEmpty()) {
            text.append(piece);
            listener.onText(piece);
        }
    }

    /** Returns the text said so far. */
    public String text() {
        return text.toString();
    }

    /** Keeps what the provider has counted so far, in place of what was kept before. */
    public void used(TokenUsage counted) {
        this.usage = counted;
    }

    /** Returns what was last given to {@link #used}. */
    public TokenUsage usage() {
        return usage;
    }

    /** Returns a builder of a failure of this call, with everything known so far filled in. */
    public ProviderException.Builder failure(FailureKind kind) {
        return ProviderException.builder(model, kind)
                .status(status)
                .delivery(delivery)
                .requestId(requestId().orElse(null))
                .usage(usage)
                .receivedCharacters(text.length());
    }

    /** Returns a builder of a failure with what the provider's error means. */
    public ProviderException.Builder failure(ErrorMeaning meaning) {
        return failure(meaning.kind())
                .code(MachineWord.of(meaning.codeOrNull()).orElse(null))
                .retryAfter(meaning.retryAfterOrNull());
    }

    void replied(int code, ReplyHeaders received) {
        status = code;
        headers = received;
        delivery = Delivery.ANSWERED;
    }

    void reached(Delivery how) {
        delivery = how;
    }

    ReplyHeaders headers() {
        return headers;
    }

    Delivery delivery() {
        return delivery;
    }
}
