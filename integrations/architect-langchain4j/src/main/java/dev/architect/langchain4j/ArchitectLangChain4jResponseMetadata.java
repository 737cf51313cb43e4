package dev.architect.langchain4j;

import dev.architect.chat.ChatResponse;
import dev.architect.cost.Cost;
import dev.architect.cost.MoneyTotal;
import dev.architect.model.ModelId;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What Architect knows of an answer, beside what LangChain4j has fields for: the model that gave it, what it cost, and what it would have cost.
 * {@code response.metadata()} of {@link ArchitectLangChain4jChatModel} and {@link ArchitectLangChain4jStreamingChatModel} is one. Immutable.
 */
public final class ArchitectLangChain4jResponseMetadata extends ChatResponseMetadata {

    private final ChatResponse answer;

    private ArchitectLangChain4jResponseMetadata(Builder builder) {
        super(builder);
        this.answer = Objects.requireNonNull(builder.answer, "a builder of this kind has an answer");
    }

    static ArchitectLangChain4jResponseMetadata of(ChatResponse answer, TokenUsage usage, FinishReason reason) {
        return new Builder()
                .answer(answer)
                .modelName(answer.model().toString())
                .tokenUsage(usage)
                .finishReason(reason)
                .build();
    }

    /** The model that answered. */
    public ModelId model() {
        return answer.model();
    }

    /** The cost of the answering call. */
    public Cost cost() {
        return answer.cost().answer();
    }

    /** What the same usage would have cost on the baseline model. */
    public Cost baseline() {
        return answer.cost().baseline();
    }

    /** The cost of all calls of this request, failed ones included. */
    public MoneyTotal spent() {
        return answer.cost().spent();
    }

    /** The whole answer as Architect gave it: route, usage in its buckets, citations. */
    public ChatResponse answer() {
        return answer;
    }

    /** Returns a builder that keeps what Architect knows. */
    @Override
    public ChatResponseMetadata.Builder<?> toBuilder() {
        return toBuilder(new Builder().answer(answer));
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && answer.equals(((ArchitectLangChain4jResponseMetadata) other).answer);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), answer);
    }

    @Override
    public String toString() {
        return "ArchitectLangChain4jResponseMetadata[" + answer + "]";
    }

    /** Collects the fields. Not safe for use by several threads. */
    private static final class Builder extends ChatResponseMetadata.Builder<Builder> {
        private @Nullable ChatResponse answer;

        Builder answer(ChatResponse given) {
            this.answer = given;
            return this;
        }

        @Override
        public ArchitectLangChain4jResponseMetadata build() {
            return new ArchitectLangChain4jResponseMetadata(this);
        }
    }
}
