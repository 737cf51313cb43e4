package dev.architect.chat;

import dev.architect.check.Check;
import dev.architect.cost.Money;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.model.WireBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to a model. Immutable; {@code toString} shows sizes, never text.
 *
 * @param messages the turns, oldest first; the last one is the user's. Each tool call has its result in the user's turn that
 *     follows
 * @param system instructions that stand above the turns
 * @param generation how the answer is generated: length, temperature, stop sequences, reasoning effort, output schema
 * @param toolset the tools that the model may call
 * @param selection which models may answer
 * @param options provider-specific options, by {@code provider.option}. An adapter passes over the options of other providers,
 *     and rejects those of its own that it does not know
 * @param accepted which answers count as success when the request is a task
 * @param wireBody what is sent in place of everything else here; empty for what adapters write. The other fields tell the router what to
 *     expect: the text of the prompt, the most tokens of the answer, the model
 */
public record ChatRequest(
        List<Message> messages,
        Optional<String> system,
        GenerationSettings generation,
        Toolset toolset,
        ModelSelection selection,
        Map<String, String> options,
        AcceptedAnswers accepted,
        Optional<WireBody> wireBody) {

    /** The most {@link Part.CacheBreakpoint}s of a request (the limit of Anthropic and OpenAI, client libraries of 2026-11). */
    public static final int MAX_CACHE_BREAKPOINTS = 4;

    private static final Pattern OPTION = Pattern.compile("[a-z0-9-]+\\.[a-z0-9_]+");

    /** Copies the collections and checks every field. */
    public ChatRequest {
        messages = List.copyOf(Check.noNulls("messages", messages));
        Check.notNull("system", system);
        Check.notNull("generation", generation);
        Check.notNull("toolset", toolset);
        Check.notNull("selection", selection);
        Check.notNull("accepted", accepted);
        Check.notNull("wireBody", wireBody);
        options = Map.copyOf(Check.noNulls("options", options));
        checkLast(messages);
        ToolTurns.check(messages);
        Check.range("cache breakpoints", cacheBreakpoints(messages), 0, MAX_CACHE_BREAKPOINTS);
        for (String name : options.keySet()) {
            if (!OPTION.matcher(name).matches()) {
                throw new IllegalArgumentException("option is '" + name + "', expected provider.option");
            }
        }
    }

    private static void checkLast(List<Message> messages) {
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages has 0 turns, expected 1 or more");
        }
        Message last = messages.get(messages.size() - 1);
        if (last.role() != Role.USER) {
            throw new IllegalArgumentException("last message is of role assistant, expected user");
        }
        if (last.parts().stream().noneMatch(ChatRequest::hasContent)) {
            throw new IllegalArgumentException("last message is empty, expected text, media or tool results");
        }
    }

    private static boolean hasContent(Part part) {
        return part instanceof Part.Text text ? !text.text().isBlank() : !(part instanceof Part.CacheBreakpoint);
    }

    private static int cacheBreakpoints(List<Message> messages) {
        return (int) messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(Part.CacheBreakpoint.class::isInstance)
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
        return new Builder(Check.notNull("message", message));
    }

    /** Returns a builder that starts with everything of this request. */
    public Builder toBuilder() {
        Builder builder = new Builder(messages.get(messages.size() - 1))
                .earlier(messages.subList(0, messages.size() - 1))
                .system(system.orElse(null))
                .maxOutputTokens(generation.maxOutputTokens().orElse(null))
                .temperature(generation.temperature().orElse(null))
                .stopSequences(generation.stopSequences())
                .effort(generation.effort().orElse(null))
                .outputSchema(generation.outputSchema().orElse(null))
                .tools(toolset.tools())
                .toolChoice(toolset.choice())
                .quality(selection.quality())
                .needs(selection.needs())
                .model(selection.model().orElse(null))
                .onRefusal(selection.onRefusal())
                .provider(selection.provider())
                .preference(selection.preference())
                .maxCost(selection.maxCost().orElse(null))
                .accepted(accepted)
                .wireBody(wireBody.orElse(null));
        options.forEach(builder::option);
        return builder;
    }

    /**
     * Returns the request that goes on after an answer, with everything else as it is here. A choice that forces tool calls
     * goes on forcing them: loops use {@link ToolChoice#AUTO}. A {@link #wireBody} does not go on.
     *
     * @param answer the answer, of {@link Role#ASSISTANT}
     * @param next the user's turn that follows, for example tool results
     */
    public ChatRequest followedBy(Message answer, Message next) {
        List<Message> turns = new ArrayList<>(messages);
        turns.add(Check.notNull("answer", answer));
        turns.add(Check.notNull("next", next));
        return new ChatRequest(turns, system, generation, toolset, selection, options, accepted, Optional.empty());
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

    /** The text of the last user's turn that has some; empty when there are only tool results or images. */
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
        return "ChatRequest[" + messages.size() + " messages, "
                + toolset.tools().size() + " tools, quality " + selection.quality() + ", needs " + selection.needs()
                + "]";
    }

    /** Collects the parts of a request. Not safe for use by several threads. */
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
        private ModelSelection.OnRefusal onRefusal = ModelSelection.OnRefusal.STOP;
        private ModelSelection.Provider provider = ModelSelection.Provider.NAMED;
        private ModelSelection.Preference preference = ModelSelection.Preference.POLICY;
        private @Nullable Money maxCost;
        private List<Tool> tools = List.of();
        private ToolChoice toolChoice = ToolChoice.AUTO;
        private @Nullable OutputSchema outputSchema;
        private @Nullable ReasoningEffort effort;
        private final Map<String, String> options = new TreeMap<>();
        private AcceptedAnswers accepted = AcceptedAnswers.DEFAULT;
        private @Nullable WireBody wireBody;

        private Builder(Message last) {
            this.last = last;
        }

        /** Adds an earlier turn, oldest first. */
        public Builder earlier(Message message) {
            history.add(Check.notNull("message", message));
            return this;
        }

        /** Adds earlier turns, oldest first. */
        public Builder earlier(List<Message> messages) {
            history.addAll(Check.noNulls("messages", messages));
            return this;
        }

        /** Instructions above the turns; null, the default, for none. */
        public Builder system(@Nullable String text) {
            this.system = text;
            return this;
        }

        /** The most tokens the answer may have; the adapter's default when null. */
        public Builder maxOutputTokens(@Nullable Integer tokens) {
            this.maxOutputTokens = tokens;
            return this;
        }

        /** The sampling temperature, 0.0 to 2.0; the model's default when null. */
        public Builder temperature(@Nullable Double value) {
            this.temperature = value;
            return this;
        }

        /** Texts that end the answer; none by default. */
        public Builder stopSequences(List<String> texts) {
            this.stopSequences = Check.noNulls("stopSequences", texts);
            return this;
        }

        /** The least quality; {@link Quality#AUTO} by default. */
        public Builder quality(Quality least) {
            this.quality = Check.notNull("quality", least);
            return this;
        }

        /** Capabilities that the answering model must have; none by default. */
        public Builder needs(Set<Capability> capabilities) {
            this.needs = Check.noNulls("needs", capabilities);
            return this;
        }

        /** The only model that may answer; any when null, which is the default. */
        public Builder model(@Nullable ModelId only) {
            this.model = only;
            return this;
        }

        /** What follows when a provider refuses the content; {@link ModelSelection.OnRefusal#STOP} by default. */
        public Builder onRefusal(ModelSelection.OnRefusal next) {
            this.onRefusal = Check.notNull("onRefusal", next);
            return this;
        }

        /** Whether the model is wanted at its provider alone; {@link ModelSelection.Provider#NAMED} by default. */
        public Builder provider(ModelSelection.Provider which) {
            this.provider = Check.notNull("provider", which);
            return this;
        }

        /** What matters more than the order of the policy; {@link ModelSelection.Preference#POLICY} by default. */
        public Builder preference(ModelSelection.Preference first) {
            this.preference = Check.notNull("preference", first);
            return this;
        }

        /** The most that the request may cost by its estimate; no limit when null, which is the default. */
        public Builder maxCost(@Nullable Money most) {
            this.maxCost = most;
            return this;
        }

        /** The tools that the model may call; none by default. */
        public Builder tools(List<Tool> offered) {
            this.tools = Check.noNulls("tools", offered);
            return this;
        }

        /** The tools that the model may call; none by default. */
        public Builder tools(Tool... offered) {
            return tools(List.of(Check.noNulls("tools", offered)));
        }

        /** Whether the model must or may call tools; {@link ToolChoice#AUTO} by default. */
        public Builder toolChoice(ToolChoice choice) {
            this.toolChoice = Check.notNull("toolChoice", choice);
            return this;
        }

        /** The structure of the answer's text; free text when null, which is the default. */
        public Builder outputSchema(@Nullable OutputSchema schema) {
            this.outputSchema = schema;
            return this;
        }

        /** How much reasoning precedes the answer; the model's default when null. */
        public Builder effort(@Nullable ReasoningEffort level) {
            this.effort = level;
            return this;
        }

        /** Sets a provider-specific option; the name is {@code provider.option}. */
        public Builder option(String name, String value) {
            options.put(Check.notNull("option name", name), Check.notNull("option " + name, value));
            return this;
        }

        /**
         * Which answers count as success when the request is a task; {@link AcceptedAnswers#DEFAULT} by default. A direct
         * request returns every answer.
         */
        public Builder accepted(AcceptedAnswers answers) {
            this.accepted = Check.notNull("accepted", answers);
            return this;
        }

        /** What is sent in place of everything else; null, the default, for what adapters write. */
        public Builder wireBody(@Nullable WireBody body) {
            this.wireBody = body;
            return this;
        }

        /** Returns the request. */
        public ChatRequest build() {
            List<Message> messages = new ArrayList<>(history);
            messages.add(last);
            return new ChatRequest(
                    messages,
                    Optional.ofNullable(system),
                    new GenerationSettings(
                            Optional.ofNullable(maxOutputTokens),
                            Optional.ofNullable(temperature),
                            stopSequences,
                            Optional.ofNullable(effort),
                            Optional.ofNullable(outputSchema)),
                    new Toolset(tools, toolChoice),
                    new ModelSelection(
                            quality,
                            needs,
                            Optional.ofNullable(model),
                            onRefusal,
                            provider,
                            preference,
                            Optional.ofNullable(maxCost)),
                    options,
                    accepted,
                    Optional.ofNullable(wireBody));
        }
    }
}
