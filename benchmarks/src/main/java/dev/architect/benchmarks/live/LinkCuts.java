package dev.architect.benchmarks.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A client that follows one topic while its link is cut again and again, and goes on each time from where it was. */
final class LinkCuts {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AUTHORIZATION = "Authorization";

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final String token;
    private final String topic;
    private final Map<String, JsonNode> items = new HashMap<>();
    private String era = "";
    private long sequence = -1;
    private int gaps;
    private int snapshots;
    private @Nullable Link link;
    private @Nullable WebSocket socket;

    LinkCuts(String url, String token, String topic) {
        this.url = url;
        this.token = "Bearer " + token;
        this.topic = topic;
    }

    /** Messages of one connection; those that come after its cut are lost, as behind a dead network. */
    private final class Link implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    apply(this, JSON.readTree(text.toString()));
                } catch (IOException broken) {
                    from.abort();
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    private synchronized void apply(Link from, JsonNode message) {
        if (from != link) {
            return;
        }
        switch (message.get("type").textValue()) {
            case "snapshot" -> {
                if (!message.path("more").asBoolean() && sequence < 0) {
                    snapshots++;
                }
                put(message.get("items"));
            }
            case "change" -> {
                put(message.get("put"));
                message.get("gone").forEach(key -> items.remove(key.textValue()));
            }
            case "gap" -> {
                gaps++;
                items.clear();
            }
            default -> {
                // A greeting or a sign of life.
            }
        }
        if (message.has("seq") && !message.get("type").textValue().equals("hello")) {
            era = message.get("era").textValue();
            sequence = message.get("seq").longValue();
        }
    }

    private void put(JsonNode all) {
        all.forEach(each -> items.put(each.get("key").textValue(), each.get("item")));
    }

    /** Connects, and goes on from what is known. */
    void connect() {
        Link opened = new Link();
        ObjectNode wanted =
                JSON.createObjectNode().put("type", "subscribe").put("id", "it").put("topic", topic);
        synchronized (this) {
            link = opened;
            if (sequence >= 0) {
                wanted.putObject("since").put("era", era).put("seq", sequence);
            }
        }
        WebSocket made = http.newWebSocketBuilder()
                .header(AUTHORIZATION, token)
                .buildAsync(URI.create(url.replace("http", "ws") + "/ws/live"), opened)
                .join();
        made.sendText(wanted.toString(), true).join();
        socket = made;
    }

    /** Cuts the connection without a word. */
    void cut() {
        synchronized (this) {
            link = null;
        }
        WebSocket cut = socket;
        if (cut != null) {
            cut.abort();
        }
    }

    synchronized int gaps() {
        return gaps;
    }

    synchronized int snapshots() {
        return snapshots;
    }

    /** Whether what the client has is what the server has now. */
    boolean knowsAll() throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url + "/api/live?topic=" + topic))
                        .header(AUTHORIZATION, token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the server answered " + answer.statusCode() + ": " + answer.body());
        }
        Map<String, JsonNode> theirs = new HashMap<>();
        JSON.readTree(answer.body())
                .get("items")
                .forEach(each -> theirs.put(each.get("key").textValue(), each.get("item")));
        synchronized (this) {
            return items.equals(theirs);
        }
    }
}
