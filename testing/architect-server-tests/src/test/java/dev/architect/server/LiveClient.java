package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A client of the live channel that follows one topic over one connection after the other, as a page does. */
final class LiveClient {

    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final String topic;
    private final Map<String, JsonNode> items = new LinkedHashMap<>();
    private String era = "";
    private long sequence = -1;
    private int gaps;
    private int snapshots;
    private Link link = new Link();
    private WebSocket socket;

    LiveClient(HttpClient http, String topic) {
        this.http = http;
        this.topic = topic;
    }

    /** One connection: its messages, and its close code. */
    final class Link implements WebSocket.Listener {

        final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
        final List<Long> heardAt = new CopyOnWriteArrayList<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    JsonNode message = JSON.readTree(text.toString());
                    heardAt.add(System.nanoTime());
                    apply(this, message);
                    messages.add(message);
                } catch (IOException failure) {
                    closed.completeExceptionally(failure);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            closed.completeExceptionally(failure);
        }

        JsonNode next() {
            try {
                JsonNode message = messages.poll(60, TimeUnit.SECONDS);
                assertThat(message).as("a message within 60 seconds").isNotNull();
                return message;
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
        }

        JsonNode nextOf(String... types) {
            JsonNode message = next();
            while (!List.of(types).contains(message.get("type").textValue())) {
                message = next();
            }
            return message;
        }
    }

    /** Connects to a server and follows the topic from where this client is, or without a topic follows nothing. */
    Link connect(String url, String... headers) {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        Link opened = new Link();
        synchronized (this) {
            link = opened;
        }
        socket = builder.buildAsync(URI.create(url.replace("http", "ws") + "/ws/live"), opened)
                .join();
        if (!topic.isEmpty()) {
            ObjectNode wanted = JSON.createObjectNode()
                    .put("type", "subscribe")
                    .put("id", "it")
                    .put("topic", topic);
            synchronized (this) {
                if (sequence >= 0) {
                    wanted.putObject("since").put("era", era).put("seq", sequence);
                }
            }
            send(wanted);
        }
        return opened;
    }

    void send(JsonNode message) {
        socket.sendText(message.toString(), true).join();
    }

    void sendText(String text) {
        socket.sendText(text, true).join();
    }

    /** Cuts the connection without a word. */
    void cut() {
        synchronized (this) {
            // What is still on its way is lost, as behind a dead network.
            link = new Link();
        }
        socket.abort();
    }

    private synchronized void apply(Link from, JsonNode message) {
        if (from != link) {
            return;
        }
        switch (message.get("type").textValue()) {
            case "snapshot" -> {
                snapshots++;
                items.clear();
                sequence = -1;
                put(message.get("items"));
            }
            case "change" -> {
                put(message.get("put"));
                message.get("gone").forEach(key -> items.remove(key.textValue()));
            }
            case "gap" -> gaps++;
            default -> {}
        }
        if (message.has("seq") && !message.get("type").textValue().equals("hello")) {
            assertThat(message.get("seq").longValue()).as("never back").isGreaterThanOrEqualTo(sequence);
            era = message.get("era").textValue();
            sequence = message.get("seq").longValue();
        }
    }

    private void put(JsonNode all) {
        all.forEach(each -> items.put(each.get("key").textValue(), each.path("item")));
    }

    /** Waits until what it has is as wanted. */
    void until(Predicate<Map<String, JsonNode>> wanted) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!wanted.test(items())) {
            assertThat(System.nanoTime())
                    .as("has in the end %s", items().keySet())
                    .isLessThan(deadline);
            current().nextOf("snapshot", "change");
        }
    }

    private synchronized Link current() {
        return link;
    }

    synchronized Map<String, JsonNode> items() {
        return Map.copyOf(items);
    }

    synchronized int gaps() {
        return gaps;
    }

    synchronized int snapshots() {
        return snapshots;
    }

    synchronized long sequence() {
        return sequence;
    }

    /** From now on it says that it knows this. */
    synchronized void pretend(String knownEra, long knownSequence) {
        era = knownEra;
        sequence = knownSequence;
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
