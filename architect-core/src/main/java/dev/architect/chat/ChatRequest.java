package dev.architect.chat;

import dev.architect.check.Check;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a model. Immutable; {@code toString} shows sizes, never text.
 *
 * @param messages the turns, oldest first; the last one is the user's
 * @param systemOrNull instructions that stand above the turns
 * @param maxOutputTokensOrNull the most tokens the answer may have; null leaves it to the adapter's default
 * @param temperatureOrNull sampling temperature 0.0 to 2.0; null leaves it to the model
 * @param stopSequences texts that end the answer, at most 4
 * @param quality the least quality
 * @param needs capabilities that the answering model must have, beyond those that the other fields imply
 * @param modelOrNull the only model that may answer; null lets the router choose
 */
public record ChatRequest(
        List<Message> messages,
        @Nullable String systemOrNull,
        @Nullable Integer maxOutputTokensOrNull,
        @Nullable Double temperatureOrNull,
        List<String> stopSequences,
        Quality quality,
        Set<Capability> needs,
        @Nullable ModelId modelOrNull) {

    private static final int MAX_STOP_SEQUENCES = 4;
    private static final double MAX_TEMPERATURE = 2.0;

    /** Copies the lists and checks every field. */
    public ChatRequest {
        messages = List.copyOf(messages);
        stopSequences = List.copyOf(stopSequences);
        needs = Set.copyOf(needs);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages has 0 turns, expected 1 or more");
        }
        if (messages.get(messages.size() - 1).role() != Role.USER) {
            throw new IllegalArgumentException("last message is of ASSISTANT, expected USER");
        }
        Check.range("stopSequences size", stopSequences.size(), 0, MAX_STOP_SEQUENCES);
        if (maxOutputTokensOrNull != null) {
            Check.range("maxOutputTokens", maxOutputTokensOrNull, 1, Integer.MAX_VALUE);
        }
        if (temperatureOrNull != null && !(temperatureOrNull >= 0 && temperatureOrNull <= MAX_TEMPERATURE)) {
            throw new IllegalArgumentException("temperature is " + temperatureOrNull + ", expected 0.0..2.0");
        }
    }

    /** Returns a request of one user text with every default. */
    public static ChatRequest of(String prompt) {
        return builder(prompt).build();
    }

    /** Returns a builder whose last turn is the user's {@code prompt}. */
    public static Builder builder(String prompt) {
        return new Builder(Check.notBlank("prompt", prompt));
    }

    /** The system text. */
    public Optional<String> system() {
        return Optional.ofNullable(systemOrNull);
    }

    /** The most tokens the answer may have. */
    public OptionalInt maxOutputTokens() {
        return maxOutputTokensOrNull == null ? OptionalInt.empty() : OptionalInt.of(maxOutputTokensOrNull);
    }

    /** The sampling temperature. */
    public OptionalDouble temperature() {
        return temperatureOrNull == null ? OptionalDouble.empty() : OptionalDouble.of(temperatureOrNull);
    }

    /** The only model that may answer. */
    public Optional<ModelId> model() {
        return Optional.ofNullable(modelOrNull);
    }

    /** The user's last words. */
    public String prompt() {
        return messages.get(messages.size() - 1).text();
    }

    /** Returns everything the answering model must be able to do. */
    public Set<Capability> requiredCapabilities() {
        EnumSet<Capability> required = EnumSet.noneOf(Capability.class);
        required.addAll(needs);
        if (systemOrNull != null) {
            required.add(Capability.SYSTEM_TEXT);
        }
        if (messages.size() > 1) {
            required.add(Capability.MULTI_TURN);
        }
        if (maxOutputTokensOrNull != null) {
            required.add(Capability.MAX_OUTPUT_TOKENS);
        }
        if (temperatureOrNull != null) {
            required.add(Capability.TEMPERATURE);
        }
        if (!stopSequences.isEmpty()) {
            required.add(Capability.STOP_SEQUENCES);
        }
        return required;
    }

    @Override
    public String toString() {
        return "ChatRequest[" + messages.size() + " messages, quality " + quality + ", needs " + needs + "]";
    }

    /** Collects the optional fields. Not safe for use by several threads. */
    public static final class Builder {
        private final List<Message> history = new ArrayList<>();
        private final String prompt;
        private @Nullable String system;
        private @Nullable Integer maxOutputTokens;
        private @Nullable Double temperature;
        private List<String> stopSequences = List.of();
        private Quality quality = Quality.AUTO;
        private Set<Capability> needs = Set.of();
        private @Nullable ModelId model;

        private Builder(String prompt) {
            this.prompt = prompt;
        }

        /** Adds an earlier turn, oldest first. */
        public Builder earlier(Message message) {
            history.add(message);
            return this;
        }

        /** Instructions above the turns; none by default. */
        public Builder system(@Nullable String text) {
            this.system = text;
            return this;
        }

        /** The most tokens the answer may have; the adapter's default when not set. */
        public Builder maxOutputTokens(@Nullable Integer tokens) {
            this.maxOutputTokens = tokens;
            return this;
        }

        /** The sampling temperature, 0.0 to 2.0; the model's default when not set. */
        public Builder temperature(@Nullable Double value) {
            this.temperature = value;
            return this;
        }

        /** Texts that end the answer; none by default. */
        public Builder stopSequences(List<String> texts) {
            this.stopSequences = texts;
            return this;
        }

        /** The least quality; {@link Quality#AUTO} by default. */
        public Builder quality(Quality least) {
            this.quality = least;
            return this;
        }

        /** Capabilities that the answering model must have; none by default. */
        public Builder needs(Set<Capability> capabilities) {
            this.needs = capabilities;
            return this;
        }

        /** The only model that may answer; any by default. */
        public Builder model(@Nullable ModelId only) {
            this.model = only;
            return this;
        }

        /** Returns the request. */
        public ChatRequest build() {
            List<Message> messages = new ArrayList<>(history);
            messages.add(Message.user(prompt));
            return new ChatRequest(
                    messages, system, maxOutputTokens, temperature, stopSequences, quality, needs, model);
        }
    }
}
