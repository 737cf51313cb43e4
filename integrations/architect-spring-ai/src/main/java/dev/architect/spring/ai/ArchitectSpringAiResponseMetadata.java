package dev.architect.spring.ai;

import dev.architect.cost.Cost;
import java.util.Optional;
import org.springframework.ai.chat.model.ChatResponse;

/**
 * What Architect knows of an answer and Spring AI has no field for; it stands in the metadata of the responses of {@link
 * ArchitectSpringAiChatModel}, in streams of the last one.
 */
public final class ArchitectSpringAiResponseMetadata {

    /** Under this name stands the whole {@link dev.architect.chat.ChatResponse}. */
    public static final String ANSWER = "architect.answer";

    /** Under this name stands the {@link Cost} of the answering call. */
    public static final String COST = "architect.cost";

    /** Under this name stands what the same usage would have cost on the baseline model, a {@link Cost}. */
    public static final String BASELINE = "architect.baseline";

    private ArchitectSpringAiResponseMetadata() {}

    /** The whole answer as Architect gave it: model, route, usage in its buckets, citations, costs. Empty for other responses. */
    public static Optional<dev.architect.chat.ChatResponse> answer(ChatResponse response) {
        return response.getMetadata().get(ANSWER) instanceof dev.architect.chat.ChatResponse answer
                ? Optional.of(answer)
                : Optional.empty();
    }

    /** The cost of the answering call. Empty for responses of other models. */
    public static Optional<Cost> cost(ChatResponse response) {
        return answer(response).map(dev.architect.chat.ChatResponse::cost);
    }

    /** What the same usage would have cost on the baseline model. Empty for responses of other models. */
    public static Optional<Cost> baseline(ChatResponse response) {
        return answer(response).map(dev.architect.chat.ChatResponse::baseline);
    }
}
