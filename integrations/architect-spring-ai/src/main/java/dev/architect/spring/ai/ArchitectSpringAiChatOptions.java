package dev.architect.spring.ai;

import dev.architect.chat.Quality;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.ToolChoice;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/**
 * The options of {@link ArchitectSpringAiChatModel}: those that Spring AI has for every model, and what only Architect knows. The model is
 * Architect's {@code provider/model}; none lets the router choose. Immutable.
 */
public final class ArchitectSpringAiChatOptions extends DefaultToolCallingChatOptions
        implements StructuredOutputChatOptions {

    private final @Nullable String outputSchema;
    private final @Nullable ToolChoice toolChoice;
    private final @Nullable Quality quality;
    private final @Nullable ReasoningEffort effort;

    private ArchitectSpringAiChatOptions(ToolCallingChatOptions common, Builder builder) {
        super(
                common.getToolCallbacks(),
                common.getToolContext(),
                common.getModel(),
                common.getFrequencyPenalty(),
                common.getMaxTokens(),
                common.getPresencePenalty(),
                common.getStopSequences(),
                common.getTemperature(),
                common.getTopK(),
                common.getTopP());
        this.outputSchema = builder.outputSchema;
        this.toolChoice = builder.toolChoice;
        this.quality = builder.quality;
        this.effort = builder.effort;
    }

    /** Returns a builder of options in which nothing is set. */
    public static Builder builder() {
        return new Builder();
    }

    /** The JSON Schema of the answer; null for free text. */
    @Override
    public @Nullable String getOutputSchema() {
        return outputSchema;
    }

    /** Whether the model must or may call tools; null leaves it to the model. */
    public @Nullable ToolChoice getToolChoice() {
        return toolChoice;
    }

    /** The least quality; null leaves it to the router. */
    public @Nullable Quality getQuality() {
        return quality;
    }

    /** How hard to think; null leaves it to the model. */
    public @Nullable ReasoningEffort getEffort() {
        return effort;
    }

    /** Returns a builder in which everything is set as here. */
    @Override
    public Builder mutate() {
        return new Builder()
                .model(getModel())
                .frequencyPenalty(getFrequencyPenalty())
                .maxTokens(getMaxTokens())
                .presencePenalty(getPresencePenalty())
                .stopSequences(getStopSequences())
                .temperature(getTemperature())
                .topK(getTopK())
                .topP(getTopP())
                .toolCallbacks(getToolCallbacks())
                .toolContext(getToolContext())
                .outputSchema(outputSchema)
                .toolChoice(toolChoice)
                .quality(quality)
                .effort(effort);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof ArchitectSpringAiChatOptions that
                && Objects.equals(outputSchema, that.outputSchema)
                && Objects.equals(toolChoice, that.toolChoice)
                && quality == that.quality
                && effort == that.effort;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), outputSchema, toolChoice, quality, effort);
    }

    /** Collects options. Not safe for use by several threads. */
    public static final class Builder extends DefaultToolCallingChatOptions.Builder<Builder>
            implements StructuredOutputChatOptions.Builder<Builder> {
        private @Nullable String outputSchema;
        private @Nullable ToolChoice toolChoice;
        private @Nullable Quality quality;
        private @Nullable ReasoningEffort effort;

        private Builder() {}

        /** The JSON Schema of the answer; free text by default. */
        @Override
        public Builder outputSchema(@Nullable String schema) {
            this.outputSchema = schema;
            return this;
        }

        /** Whether the model must or may call tools; the model decides by default. */
        public Builder toolChoice(@Nullable ToolChoice choice) {
            this.toolChoice = choice;
            return this;
        }

        /** The least quality; the router decides by default. */
        public Builder quality(@Nullable Quality least) {
            this.quality = least;
            return this;
        }

        /** How hard to think; the model's default when not set. */
        public Builder effort(@Nullable ReasoningEffort how) {
            this.effort = how;
            return this;
        }

        /** Sets everything that {@code other} has set. */
        @Override
        public Builder combineWith(ChatOptions.Builder<?> other) {
            super.combineWith(other);
            if (other instanceof Builder that) {
                outputSchema = that.outputSchema == null ? outputSchema : that.outputSchema;
                toolChoice = that.toolChoice == null ? toolChoice : that.toolChoice;
                quality = that.quality == null ? quality : that.quality;
                effort = that.effort == null ? effort : that.effort;
            } else if (other.build() instanceof StructuredOutputChatOptions that && that.getOutputSchema() != null) {
                outputSchema = that.getOutputSchema();
            }
            return this;
        }

        /** Returns the options. */
        @Override
        public ArchitectSpringAiChatOptions build() {
            return new ArchitectSpringAiChatOptions(super.build(), this);
        }
    }
}
