package dev.architect.benchmarks.failover.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * How one provider's interface looks on the wire. It knows nothing of faults: those are made of the pieces that are
 * written here. Stateless.
 */
public abstract class WireDialect {

    /** Every dialect. */
    public static final List<WireDialect> ALL = List.of(
            new OpenAiChatWire(), new ClaudeWire(), new GeminiWire(), new OllamaWire(), new OpenAiResponsesWire());

    static final ObjectMapper JSON = new ObjectMapper();

    private final String name;

    WireDialect(String name) {
        this.name = name;
    }

    /** Its name in options and figures. */
    public final String name() {
        return name;
    }

    /** Returns the dialect of a name; empty when there is none. */
    public static Optional<WireDialect> named(String name) {
        return ALL.stream().filter(dialect -> dialect.name.equals(name)).findFirst();
    }

    /** Whether a call to {@code path} is of this dialect. */
    public abstract boolean serves(String path);

    /** Reads a call. */
    public abstract WireRequest read(String path, JsonNode body);

    /** The content type of a stream. */
    public String streamType() {
        return "text/event-stream";
    }

    /** The events before the first token, without any text. */
    public abstract String begin(WireAnswer answer);

    /** The event of one token. */
    public abstract String token(WireAnswer answer, int index, String token);

    /** The events after the last token: why it ended, and the tokens used. */
    public abstract String end(WireAnswer answer);

    /** The event that only says that nothing follows; empty in a dialect without one. */
    public abstract String terminator(WireAnswer answer);

    /** An event whose data is no JSON. */
    public String broken() {
        return data("{\"choices\": [{\"delta\": {\"cont");
    }

    /** An event in a stream that has begun, which is an error. */
    public String errorEvent(WireError error) {
        return data(error(error).toString());
    }

    /** The beginning of a tool call, without the end of its arguments. */
    public abstract String brokenToolCall(WireAnswer answer);

    /** The whole answer as one body. */
    public abstract ObjectNode whole(WireAnswer answer);

    /** The body of an error. */
    public abstract ObjectNode error(WireError error);

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static String data(String json) {
        return "data: " + json + "\n\n";
    }

    /** An event that is named before its data, and in it. */
    static String named(ObjectNode data) {
        return "event: " + data.path("type").asText() + "\n" + data(data.toString());
    }

    /** The text of a content that is a string or a list of parts with a {@code text} each. */
    static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.asText("");
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText("")));
        return text.toString();
    }
}
