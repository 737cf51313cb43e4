package dev.architect.testkit.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One reply of a real service, with its request.
 *
 * @param path the path of the request
 * @param model the model in the request's body; empty when it names none
 * @param isStreamed whether a streamed reply was requested
 * @param status the HTTP status
 * @param headers the headers without those of the transport
 * @param body the whole body
 */
public record RecordedReply(
        String path, String model, boolean isStreamed, int status, Map<String, String> headers, String body) {

    private static final Set<String> OF_TRANSPORT =
            Set.of("transfer-encoding", "content-length", "content-encoding", "connection");

    /** Copies the headers. */
    public RecordedReply {
        headers = Map.copyOf(headers);
    }

    /** Reads the replies of a recording, a JSON file with {@code exchanges[].request} and {@code .response}, in order. */
    public static List<RecordedReply> load(Path file) throws IOException {
        List<RecordedReply> replies = new ArrayList<>();
        for (JsonNode exchange : new ObjectMapper().readTree(file.toFile()).path("exchanges")) {
            JsonNode request = exchange.path("request");
            JsonNode response = exchange.path("response");
            replies.add(new RecordedReply(
                    request.path("path").asText(""),
                    request.path("body").path("model").asText(""),
                    request.path("body").path("stream").asBoolean(false),
                    response.path("status").asInt(),
                    headers(response.path("headers")),
                    response.path("body").asText("")));
        }
        return List.copyOf(replies);
    }

    /** Returns the streamed reply whose events are in a file, one JSON value in each line; each is named by its {@code type} if it has one. */
    public static RecordedReply ofEvents(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        StringBuilder body = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) {
                String name = mapper.readTree(line).path("type").asText("");
                body.append(name.isEmpty() ? "" : "event: " + name + "\n");
                body.append("data: ").append(line).append("\n\n");
            }
        }
        return new RecordedReply("", "", true, 200, Map.of("content-type", "text/event-stream"), body.toString());
    }

    /** Returns the whole reply that is in a file. */
    public static RecordedReply ofBody(Path file) throws IOException {
        return new RecordedReply(
                "", "", false, 200, Map.of("content-type", "application/json"), Files.readString(file));
    }

    private static Map<String, String> headers(JsonNode recorded) {
        Map<String, String> headers = new LinkedHashMap<>();
        recorded.properties().forEach(header -> {
            if (!OF_TRANSPORT.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                headers.put(header.getKey(), header.getValue().asText(""));
            }
        });
        return headers;
    }

    /** Shows everything but headers and body. */
    @Override
    public String toString() {
        return "RecordedReply[" + path + ", " + model + ", " + status + ", " + body.length() + " characters]";
    }
}
