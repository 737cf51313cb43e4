package dev.architect.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.provider.http.json.BoundedJsonCodec;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.stream.RawEvent;
import java.util.Optional;

/** One event of a streamed answer. {@code toString} shows its size, never its text. */
public final class StreamEvent {

    private final String name;
    private final String data;
    private final Exchange exchange;
    private final BoundedJsonCodec json;
    private boolean notJson;

    StreamEvent(RawEvent raw, Exchange exchange, BoundedJsonCodec json) {
        this.name = raw.name();
        this.data = raw.data();
        this.exchange = exchange;
        this.json = json;
    }

    /** The event's name, {@code message} when the provider gives none. */
    public String name() {
        return name;
    }

    /** The event's data as sent, several data lines joined by line feeds. */
    public String data() {
        return data;
    }

    /** Whether the data is {@code word}, white space around it aside. */
    public boolean is(String word) {
        return data.strip().equals(word);
    }

    /**
     * Returns the data read as a JSON object.
     *
     * @throws dev.architect.model.ProviderException of kind {@code PROTOCOL} when it is not one
     */
    public JsonNode json() {
        Optional<JsonNode> object = json.objectIfJson(data, exchange);
        notJson = object.isEmpty();
        return object.orElseThrow(() -> exchange.protocolFailure("event is not a JSON object"));
    }

    /** Whether {@link #json} has failed because the data is no JSON object, and not because of a limit. */
    boolean isNotJson() {
        return notJson;
    }

    @Override
    public String toString() {
        return "StreamEvent[" + name + ", " + data.length() + " characters]";
    }
}
