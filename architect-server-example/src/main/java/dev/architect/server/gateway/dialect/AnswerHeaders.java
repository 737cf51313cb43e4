package dev.architect.server.gateway.dialect;

import dev.architect.chat.ChatResponse;
import dev.architect.chat.Quality;
import dev.architect.embedding.EmbeddingResponse;
import dev.architect.model.ModelId;
import dev.architect.server.rest.EnumWords;
import java.util.function.BiConsumer;

/** What the head of every answer states about its route. Immutable. */
public final class AnswerHeaders {

    private static final String MODEL = "architect-model";
    private static final String PROVIDER = "architect-provider";
    private static final String ROUTE = "architect-route";
    private static final String ATTEMPTS = "architect-attempts";
    private static final String COST = "architect-cost-usd";
    private static final String IGNORED = "architect-ignored";

    private final GatewayRequest request;

    /** Creates the headers of the answers to {@code request}. */
    public AnswerHeaders(GatewayRequest request) {
        this.request = request;
    }

    /** Puts what is known when a model begins to answer. */
    void put(BiConsumer<String, String> into, ModelId model, String requestId, int calls) {
        into.accept(MODEL, printable(model.model()));
        into.accept(PROVIDER, printable(model.provider()));
        into.accept(ROUTE, reason(calls));
        into.accept(ATTEMPTS, Integer.toString(calls));
        if (!requestId.isEmpty()) {
            // Clients of both vendors read only their own.
            into.accept("x-request-id", requestId);
            into.accept("request-id", requestId);
        }
        if (!request.ignored().isEmpty()) {
            into.accept(IGNORED, printable(String.join(", ", request.ignored())));
        }
    }

    /** Puts all that is known of a whole answer. */
    public void put(BiConsumer<String, String> into, ChatResponse answer) {
        put(into, answer.model(), answer.requestId(), answer.calls());
        // Without a price it is unknown, which is not the same as nothing.
        if (answer.cost().answer().amount().isPresent() || answer.isCached()) {
            into.accept(COST, answer.cost().spent().usd().stripTrailingZeros().toPlainString());
        }
    }

    /** Puts all that is known of vectors. */
    public void put(BiConsumer<String, String> into, EmbeddingResponse answer) {
        put(into, answer.model(), answer.requestId(), answer.calls());
        if (answer.cost().answer().amount().isPresent()) {
            into.accept(COST, answer.cost().spent().usd().stripTrailingZeros().toPlainString());
        }
    }

    private String reason(int calls) {
        String why = request.chat().selection().model().isPresent()
                ? "named by the request"
                : request.chat().selection().quality() == Quality.AUTO
                        ? "chosen by the policy"
                        : "chosen by the policy for quality "
                                + EnumWords.of(request.chat().selection().quality());
        if (calls == 0) {
            return why + ", from the cache";
        }
        return calls == 1 ? why : why + ", after " + (calls - 1) + (calls == 2 ? " failed call" : " failed calls");
    }

    private static String printable(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            plain.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return plain.toString();
    }
}
