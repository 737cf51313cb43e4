package dev.architect.spi;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Citation;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.ToolCallDelta;
import dev.architect.check.Check;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.model.RateLimit;
import dev.architect.model.StopReason;
import dev.architect.model.WireBody;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a provider answered to one call.
 *
 * @param model the model that answered, as the provider names it; the call's model when it names none
 * @param content text, reasoning and tool calls, in order; as a message of {@link dev.architect.chat.Role#ASSISTANT} it
 *     continues the conversation. May be empty
 * @param stopReason why it ended
 * @param usage what the provider reported, in disjoint buckets
 * @param usageSource {@link UsageSource#ESTIMATED} when the provider's report is only an estimate
 * @param serviceTier the tier that served the call, {@code standard} when the provider names none
 * @param statedCost the cost that the provider itself states for this call; empty when it does not
 * @param citations the sources of the answer
 * @param transmission how the answer travelled
 * @param region where the call was served, as the provider reports it; empty when it does not
 * @param wire the whole answer as the provider sent it, a JSON object, for a call with a {@link WireBody} that was not streamed; empty for
 *     others
 */
public record ProviderAnswer(
        String model,
        List<Part> content,
        StopReason stopReason,
        TokenUsage usage,
        UsageSource usageSource,
        String serviceTier,
        Optional<Money> statedCost,
        List<Citation> citations,
        Transmission transmission,
        String region,
        String wire) {

    /** Copies the lists and checks every field. */
    public ProviderAnswer {
        Check.notNull("model", model);
        Check.notNull("stopReason", stopReason);
        Check.notNull("usage", usage);
        Check.notNull("usageSource", usageSource);
        Check.notNull("serviceTier", serviceTier);
        Check.notNull("statedCost", statedCost);
        Check.notNull("transmission", transmission);
        Check.notNull("region", region);
        Check.notNull("wire", wire);
        content = List.copyOf(Check.noNulls("content", content));
        citations = List.copyOf(Check.noNulls("citations", citations));
    }

    /** Returns a builder of an answer. */
    public static Builder builder(String model, List<Part> content, StopReason stopReason) {
        return new Builder(model, content, stopReason);
    }

    /** Returns a builder of an answer of text alone. */
    public static Builder builder(String model, String text, StopReason stopReason) {
        return new Builder(
                model, Check.notNull("text", text).isEmpty() ? List.of() : List.of(new Part.Text(text)), stopReason);
    }

    /** The whole text. */
    public String text() {
        return Message.text(content);
    }

    /** The tools that shall be called, in order. */
    public List<Part.ToolCall> toolCalls() {
        return Message.toolCalls(content);
    }

    /** The provider's id of the request; empty when it gives none. */
    public Optional<String> requestId() {
        return transmission.requestId();
    }

    /** What the provider's rate limits have remaining, as it reports. */
    public List<RateLimit> rateLimits() {
        return transmission.rateLimits();
    }

    /** Returns this answer with another count of {@link Transmission#skippedEvents}. */
    public ProviderAnswer withSkippedEvents(int count) {
        return new ProviderAnswer(
                model,
                content,
                stopReason,
                usage,
                usageSource,
                serviceTier,
                statedCost,
                citations,
                transmission.withSkippedEvents(count),
                region,
                wire);
    }

    /** Returns this answer with the form in which the provider sent it. */
    public ProviderAnswer withWire(String json) {
        return new ProviderAnswer(
                model,
                content,
                stopReason,
                usage,
                usageSource,
                serviceTier,
                statedCost,
                citations,
                transmission,
                region,
                json);
    }

    /** Delivers this answer to {@code listener} as if it were streamed, each part as one delta. */
    public void replayTo(ChatListener listener) {
        int calls = 0;
        for (Part part : content) {
            if (part instanceof Part.Text text && !text.text().isEmpty()) {
                listener.onText(text.text());
            } else if (part instanceof Part.Reasoning reasoning
                    && !reasoning.text().isEmpty()) {
                listener.onReasoning(reasoning.text());
            } else if (part instanceof Part.ToolCall call) {
                listener.onToolCall(new ToolCallDelta(calls++, call.id(), call.name(), call.arguments()));
            }
        }
        citations.forEach(listener::onCitation);
        if (!usage.isUnknown()) {
            listener.onUsage(usage);
        }
        listener.onStop(stopReason);
    }

    /** Shows everything but the text. */
    @Override
    public String toString() {
        return "ProviderAnswer[" + model + ", " + text().length() + " characters, " + stopReason + ", " + usage + "]";
    }

    /** Collects what is known of an answer. Not safe for use by several threads. */
    public static final class Builder {
        private final String model;
        private final List<Part> content;
        private final StopReason stopReason;
        private TokenUsage usage = TokenUsage.UNKNOWN;
        private UsageSource usageSource = UsageSource.ESTIMATED;
        private String serviceTier = Price.STANDARD;
        private @Nullable Money statedCost;
        private @Nullable String requestId;
        private List<Citation> citations = List.of();
        private List<RateLimit> rateLimits = List.of();
        private int resends;
        private String region = "";

        private Builder(String model, List<Part> content, StopReason stopReason) {
            this.model = Check.notNull("model", model);
            this.content = Check.noNulls("content", content);
            this.stopReason = Check.notNull("stopReason", stopReason);
        }

        /** What the provider reported; unknown when not set. */
        public Builder usage(TokenUsage reported, UsageSource source) {
            this.usage = Check.notNull("usage", reported);
            this.usageSource = Check.notNull("usageSource", source);
            return this;
        }

        /** The tier that served the call; {@code standard} when not set. */
        public Builder serviceTier(String tier) {
            this.serviceTier = Check.notNull("serviceTier", tier);
            return this;
        }

        /** The cost that the provider itself states; none when not set. */
        public Builder statedCost(@Nullable Money cost) {
            this.statedCost = cost;
            return this;
        }

        /** The provider's id of the request; none when not set. */
        public Builder requestId(@Nullable String id) {
            this.requestId = id;
            return this;
        }

        /** The sources of the answer; none when not set. */
        public Builder citations(List<Citation> sources) {
            this.citations = Check.noNulls("citations", sources);
            return this;
        }

        /** What the rate limits have remaining; nothing when not set. */
        public Builder rateLimits(List<RateLimit> limits) {
            this.rateLimits = Check.noNulls("rateLimits", limits);
            return this;
        }

        /** How many connections died with the request, see {@link Transmission#resends()}; 0 when not set. */
        public Builder resends(int count) {
            Check.notNegative("resends", count);
            this.resends = count;
            return this;
        }

        /** Where the call was served; not reported when not set. */
        public Builder region(String served) {
            this.region = Check.notNull("region", served);
            return this;
        }

        /** Returns the answer. */
        public ProviderAnswer build() {
            return new ProviderAnswer(
                    model,
                    content,
                    stopReason,
                    usage,
                    usageSource,
                    serviceTier,
                    Optional.ofNullable(statedCost),
                    citations,
                    new Transmission(Optional.ofNullable(requestId), rateLimits, resends, 0),
                    region,
                    "");
        }
    }
}
