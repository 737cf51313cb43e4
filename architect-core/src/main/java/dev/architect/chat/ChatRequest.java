package dev.architect.chat;

import dev.architect.check.Check;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a model. Immutable; {@code toString} shows sizes, never text.
 *
 * @param messages the turns, oldest first; the last one is the user's. Each tool call has its result
 *     in the user's turn that follows
 * @param systemOrNull instructions that stand above the turns
 * @param maxOutputTokensOrNull the most tokens the answer may have; null leaves it to the adapter's default
 * @param temperatureOrNull sampling temperature 0.0 to 2.0; null leaves it to the model
 * @param stopSequences texts that end the answer, at most 4
 * @param quality the least quality
 * @param needs capabilities that the answering model must have, beyond those that the other fields imply
 * @param modelOrNull the only model that may answer; null lets the router choose
 * @param tools what the model may ask the caller to do, each name once
 * @param toolChoice whether it must or may; without tools it is {@link ToolChoice#AUTO}
 * @param outputSchemaOrNull the form of the answer's text; null for free text
 * @param effortOrNull how hard to think; null leaves it to the model
 * @param options what only one provider knows, by {@code provider.option}. An adapter passes over the options of other
 *     providers, and refuses those of its own that it does not know
 */
public record ChatRequest(
        List<Message> messages,
        @Nullable String systemOrNull,
        @Nullable Integer maxOutputTokensOrNull,
        @Nullable Double temperatureOrNull,
        List<String> stopSequences,
        Quality quality,
        Set<Capability> needs,
        @Nullable ModelId modelOrNull,
        List<Tool> tools,
        ToolChoice toolChoice,
        @Nullable OutputSchema outputSchemaOrNull,
        @Nullable ReasoningEffort effortOrNull,
        Map<String, String> options) {

    /** The most {@link Part.CacheBreakpoint}s of a request (the limit of Anthropic and OpenAI, client libraries of 2026-11). */
    public static final int MAX_CACHE_BREAKPOINTS = 4;

    private static final int MAX_STOP_SEQUENCES = 4;
    private static final double MAX_TEMPERATURE = 2.0;
    private static final Pattern OPTION = Pattern.compile("[a-z0-9-]+\\.[a-z0-9_]+");

    /** Copies the collections and checks every field. */
    public ChatRequest {
        messages = List.copyOf(messages);
        stopSequences = List.copyOf(stopSequences);
        needs = Set.copyOf(needs);
        tools = List.copyOf(tools);
        options = Map.copyOf(options);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages has 0 turns, expected 1 or more");
        }
        if (messages.get(messages.size() - 1).role() != Role.USER) {
            throw new IllegalArgumentException("last message is of ASSISTANT, expected USER");
        }
        if (messages.get(messages.size() - 1).parts().stream().noneMatch(ChatRequest::saysSomething)) {
            throw new IllegalArgumentException("last message is empty, expected text, media or tool results");
        }
        Check.range("stopSequences size", stopSequences.size(), 0, MAX_STOP_SEQUENCES);
        if (maxOutputTokensOrNull != null) {
            Check.range("maxOutputTokens", maxOutputTokensOrNull, 1, Integer.MAX_VALUE);
        }
        if (temperatureOrNull != null && !(temperatureOrNull >= 0 && temperatureOrNull <= MAX_TEMPERATURE)) {
            throw new IllegalArgumentException("temperature is " + temperatureOrNull + ", expected 0.0..2.0");
        }
        checkTools(tools, toolChoice);
        ToolTurns.check(messages);
        if (stopSequences.contains("")) {
            throw new IllegalArgumentException("stop sequence is empty, expected 1 character or more");
        }
        Check.range("cache breakpoints", count(messages, Part.CacheBreakpoint.class), 0, MAX_CACHE_BREAKPOINTS);
        for (String name : options.keySet()) {
            if (!OPTION.matcher(name).matches()) {
                throw new IllegalArgumentException("option is '" + name + "', expected provider.option");
            }
        }
    }

    private static boolean saysSomething(Part part) {
        return part instanceof Part.Text text ? !text.text().isBlank() : !(part instanceof Part.CacheBreakpoint);
    }

    private static void checkTools(List<Tool> tools, ToolChoice choice) {
        Set<String> names = new HashSet<>();
        for (Tool tool : tools) {
            if (!names.add(tool.name())) {
                throw new IllegalArgumentException("tool " + tool.name() + " is given twice, expected once");
            }
        }
        if (tools.isEmpty() && !choice.equals(ToolChoice.AUTO)) {
            throw new IllegalArgumentException("toolChoice is " + choice.mode() + " with parallel calls "
                    + choice.parallel() + " and 0 tools, expected 1 or more");
        }
        if (choice.nameOrNull() != null && !names.contains(choice.nameOrNull())) {
            throw new IllegalArgumentException(
                    "toolChoice names '" + choice.nameOrNull() + "', expected one of " + names);
        }
    }

    private static int count(List<Message> messages, Class<? extends Part> kind) {
        return (int) messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(kind::isInstance)
                .count();
    }

    /** Returns a request of one user text with every default. */
    public static ChatRequest of(String prompt) {
        return builder(prompt).build();
    }

    /** Returns a builder whose last turn is the user's {@code prompt}. */
    public static Builder builder(String prompt) {
        return new Builder(Message.user(Check.notBlank("prompt", prompt)));
    }

    /** Returns a builder whose last turn is {@code message}, the user's. */
    public static Builder builder(Message message) {
        return new Builder(message);
    }

    /**
     * Returns the request that goes on after an answer, with everything else as it is here. A rule that forces tool calls goes
     * on forcing them: loops want {@link ToolChoice#AUTO}.
     *
     * @param answer the answer, of {@link Role#ASSISTANT}
     * @param next what the user says to it, for example tool results
     */
    public ChatRequest followedBy(Message answer, Message next) {
        List<Message> turns = new ArrayList<>(messages);
        turns.add(answer);
        turns.add(next);
        return new ChatRequest(
                turns,
                systemOrNull,
                maxOutputTokensOrNull,
                temperatureOrNull,
                stopSequences,
                quality,
                needs,
                modelOrNull,
                tools,
                toolChoice,
                outputSchemaOrNull,
                effortOrNull,
                options);
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

    /** The form of the answer's text. */
    public Optional<OutputSchema> outputSchema() {
        return Optional.ofNullable(outputSchemaOrNull);
    }

    /** How hard to think. */
    public Optional<ReasoningEffort> effort() {
        return Optional.ofNullable(effortOrNull);
    }

    /** Returns the options of one provider, without its name. */
    public Map<String, String> options(String provider) {
        Map<String, String> own = new TreeMap<>();
        options.forEach((name, value) -> {
            if (name.startsWith(provider + ".")) {
                own.put(name.substring(provider.length() + 1), value);
            }
        });
        return own;
    }

    /** The last words of the user; empty when there are none, only tool results or images. */
    public String prompt() {
        for (int i = messages.size() - 1; i >= 0; i--) {
            String text = messages.get(i).role() == Role.USER ? messages.get(i).text() : "";
            if (!text.isBlank()) {
                return text;
            }
        }
        return "";
    }

    /** Returns everything the answering model must be able to do. */
    public Set<Capability> requiredCapabilities() {
        return RequiredCapabilities.of(this);
    }

    @Override
    public String toString() {
        return "ChatRequest[" + messages.size() + " messages, " + tools.size() + " tools, quality " + quality
                + ", needs " + needs + "]";
    }

    /** Collects the optional fields. Not safe for use by several threads. */
    public static final class Builder {
        private final List<Message> history = new ArrayList<>();
        private final Message last;
        private @Nullable String system;
        private @Nullable Integer maxOutputTokens;
        private @Nullable Double temperature;
        private List<String> stopSequences = List.of();
        private Quality quality = Quality.AUTO;
        private Set<Capability> needs = Set.of();
        private @Nullable ModelId model;
        private List<Tool> tools = List.of();
        private ToolChoice toolChoice = ToolChoice.AUTO;
        private @Nullable OutputSchema outputSchema;
        private @Nullable ReasoningEffort effort;
        private final Map<String, String> options = new TreeMap<>();

        private Builder(Message last) {
            this.last = last;
        }

        /** Adds an earlier turn, oldest first. */
        public Builder earlier(Message message) {
            history.add(message);
            return this;
        }

        /** Adds earlier turns, oldest first. */
        public Builder earlier(List<Message> messages) {
            history.addAll(messages);
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

        /** What the model may ask the caller to do; nothing by default. */
        public Builder tools(List<Tool> offered) {
            this.tools = offered;
            return this;
        }

        /** What the model may ask the caller to do; nothing by default. */
        public Builder tools(Tool... offered) {
            return tools(List.of(offered));
        }

        /** Whether the model must or may call tools; {@link ToolChoice#AUTO} by default. */
        public Builder toolChoice(ToolChoice choice) {
            this.toolChoice = choice;
            return this;
        }

        /** The form of the answer's text; free by default. */
        public Builder outputSchema(@Nullable OutputSchema schema) {
            this.outputSchema = schema;
            return this;
        }

        /** How hard to think; the model's default when not set. */
        public Builder effort(@Nullable ReasoningEffort how) {
            this.effort = how;
            return this;
        }

        /** Sets what only one provider knows; the name is {@code provider.option}. */
        public Builder option(String name, String value) {
            options.put(name, value);
            return this;
        }

        /** Returns the request. */
        public ChatRequest build() {
            List<Message> messages = new ArrayList<>(history);
            messages.add(last);
            return new ChatRequest(
                    messages,
                    system,
                    maxOutputTokens,
                    temperature,
                    stopSequences,
                    quality,
                    needs,
                    model,
                    tools,
                    toolChoice,
                    outputSchema,
                    effort,
                    options);
        }
    }
}
