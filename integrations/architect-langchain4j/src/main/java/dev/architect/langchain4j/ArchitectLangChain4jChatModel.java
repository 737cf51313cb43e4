package dev.architect.langchain4j;

import dev.architect.Architect;
import dev.architect.error.ArchitectException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Architect as a chat model of LangChain4j: every request is routed, fails over and is accounted for.
 *
 * <pre>
 * ChatModel model = ArchitectLangChain4jChatModel.of(architect);
 * ChatResponse answer = model.chat(UserMessage.from("Why is the sky blue?"));
 * Cost cost = ((ArchitectLangChain4jResponseMetadata) answer.metadata()).cost();
 * </pre>
 *
 * <p>A request's model name, if any, is Architect's {@code provider/model}. What Architect cannot express fails with an {@link
 * dev.langchain4j.exception.UnsupportedFeatureException} that names the field; a failed request fails with LangChain4j's exception
 * of that meaning, whose cause is Architect's. Reasoning that a vendor wants back travels in the answer's attributes: keep them
 * in the history. Blocks, and is cancelled by interruption. Safe for use by several threads.
 */
public final class ArchitectLangChain4jChatModel implements ChatModel {

    private final Architect architect;
    private final LangChain4jRequestReader requests;

    private ArchitectLangChain4jChatModel(Architect architect, LangChain4jRequestReader requests) {
        this.architect = architect;
        this.requests = requests;
    }

    /** Returns a model on {@code architect}, which stays the caller's to close. */
    public static ArchitectLangChain4jChatModel of(Architect architect) {
        return of(architect, request -> request);
    }

    /**
     * Returns a model on {@code architect} and adds to each request what LangChain4j cannot express.
     *
     * @param customizer sets for example the quality or a provider's option; what the request itself sets is set after it
     */
    public static ArchitectLangChain4jChatModel of(
            Architect architect, UnaryOperator<dev.architect.chat.ChatRequest.Builder> customizer) {
        return new ArchitectLangChain4jChatModel(architect, new LangChain4jRequestReader(customizer));
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        try {
            return LangChain4jResponseWriter.write(architect.chat(requests.read(request)));
        } catch (ArchitectException failure) {
            throw LangChain4jFailureWriter.write(failure);
        }
    }

    /** Declares structured output: requests with a schema are routed to models that take one. */
    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
}
