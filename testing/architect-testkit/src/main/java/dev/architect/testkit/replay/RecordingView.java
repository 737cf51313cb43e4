package dev.architect.testkit.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.Part;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.provider.RecordingListener;
import dev.architect.usage.UsageBucket;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps the output of a vendor's own client for a reply to the fields of an answer: JSON pointers (RFC 6901) into one
 * entry of {@code oracle}. A count without a pointer must not be in our answer. Not safe for use by several threads while it is
 * set up.
 */
public final class RecordingView {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String text;
    private final Map<UsageBucket, List<String>> counts = new EnumMap<>(UsageBucket.class);
    private final Map<UsageBucket, String> fees = new EnumMap<>(UsageBucket.class);
    private @Nullable RecordingView other;
    private @Nullable String model;
    private @Nullable String reasoning;
    private @Nullable String stop;
    private Map<String, StopReason> stopReasons = Map.of();
    private @Nullable String calls;
    private String callId = "";
    private String callName = "";
    private String callArguments = "";

    private RecordingView(String text) {
        this.text = text;
    }

    /** Returns a view with the pointer of the text. */
    public static RecordingView text(String pointer) {
        return new RecordingView(pointer);
    }

    /** The pointer of the model that answered; not compared by default. */
    public RecordingView model(String pointer) {
        this.model = pointer;
        return this;
    }

    /** The pointer of the reasoning; not compared by default. */
    public RecordingView reasoning(String pointer) {
        this.reasoning = pointer;
        return this;
    }

    /**
     * The pointer of the stop reason and the meaning of each of its values; an absent one is the empty text. A complete
     * answer with tool calls has the reason {@link StopReason#TOOL_CALLS}.
     */
    public RecordingView stop(String pointer, Map<String, StopReason> meanings) {
        this.stop = pointer;
        this.stopReasons = Map.copyOf(meanings);
        return this;
    }

    /**
     * The pointer of the list of tool calls, and in each call those of its id (empty when the vendor gives none), name and
     * arguments, which are an object or its text.
     */
    public RecordingView toolCalls(String pointer, String id, String name, String arguments) {
        this.calls = pointer;
        this.callId = id;
        this.callName = name;
        this.callArguments = arguments;
        return this;
    }

    /** The pointers of the counts whose sum is {@code bucket}; those that begin with a minus are subtracted. */
    public RecordingView count(UsageBucket bucket, String... pointers) {
        counts.put(bucket, List.of(pointers));
        return this;
    }

    /** The pointer of a field whose presence means that {@code bucket} is one, such as the cost of a fee. */
    public RecordingView countedOnce(UsageBucket bucket, String pointer) {
        fees.put(bucket, pointer);
        return this;
    }

    /** The view to use when the text is absent at the pointer of this one: clients return streams and whole answers in different fields. */
    public RecordingView orElse(RecordingView view) {
        this.other = view;
        return this;
    }

    /** Fails unless {@code answer} equals what the vendor's client has read. */
    void assertSame(ProviderAnswer answer, JsonNode read) {
        if (other != null && read.at(text).isMissingNode()) {
            other.assertSame(answer, read);
            return;
        }
        assertThat(answer.text()).as("text").isEqualTo(read.at(text).asText(""));
        if (model != null) {
            assertThat(answer.model()).as("model").isEqualTo(read.at(model).asText());
        }
        if (reasoning != null) {
            assertThat(RecordingListener.reasoningOf(answer))
                    .as("reasoning")
                    .isEqualTo(read.at(reasoning).asText(""));
        }
        assertCalls(answer.toolCalls(), calls == null ? MAPPER.createArrayNode() : read.at(calls));
        if (stop != null) {
            assertStop(answer, read.at(stop).asText(""));
        }
        for (UsageBucket bucket : UsageBucket.values()) {
            assertThat(answer.usage().count(bucket))
                    .as(bucket.toString())
                    .isEqualTo(
                            fees.containsKey(bucket)
                                    ? read.at(fees.get(bucket)).isNumber() ? 1 : 0
                                    : sum(counts.getOrDefault(bucket, List.of()), read));
        }
    }

    private void assertCalls(List<Part.ToolCall> answered, JsonNode read) {
        assertThat(answered).as("tool calls").hasSize(read.size());
        for (int index = 0; index < answered.size(); index++) {
            Part.ToolCall call = answered.get(index);
            JsonNode expected = read.get(index);
            assertThat(call.name()).as("tool").isEqualTo(expected.at(callName).asText());
            if (callId.isEmpty()) {
                assertThat(call.id()).as("id").isNotBlank();
            } else {
                assertThat(call.id()).as("id").isEqualTo(expected.at(callId).asText());
            }
            assertThat(object(call.arguments())).as("arguments").isEqualTo(object(expected.at(callArguments)));
        }
    }

    private void assertStop(ProviderAnswer answer, String reason) {
        assertThat(stopReasons).as("known stop reasons").containsKey(reason);
        StopReason meaning = stopReasons.get(reason);
        boolean forCalls = meaning == StopReason.COMPLETE && !answer.toolCalls().isEmpty();
        assertThat(answer.stopReason()).as("stop reason").isEqualTo(forCalls ? StopReason.TOOL_CALLS : meaning);
    }

    private static long sum(List<String> pointers, JsonNode read) {
        long sum = 0;
        for (String pointer : pointers) {
            boolean isSubtracted = pointer.startsWith("-");
            long count = read.at(isSubtracted ? pointer.substring(1) : pointer).asLong();
            sum += isSubtracted ? -count : count;
        }
        return sum;
    }

    private static JsonNode object(JsonNode value) {
        return value.isTextual() ? object(value.asText()) : value;
    }

    private static JsonNode object(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError("arguments are not JSON, expected an object");
        }
    }
}
