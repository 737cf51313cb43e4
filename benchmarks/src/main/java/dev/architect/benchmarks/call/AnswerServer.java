package dev.architect.benchmarks.call;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on loopback that speaks the dialect of OpenAI's chat completions and answers at once, whole or as a stream of twenty words. */
final class AnswerServer implements AutoCloseable {

    private static final int WORDS = 20;
    private static final int OK = 200;
    private static final String MODEL = "instant";
    private static final String TEXT = "word ".repeat(WORDS).strip();
    private static final String USAGE = "{\"prompt_tokens\":12,\"completion_tokens\":20,\"total_tokens\":32}";
    private static final byte[] WHOLE = ("{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\""
                    + MODEL
                    + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + TEXT
                    + "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":" + USAGE + "}")
            .getBytes(StandardCharsets.UTF_8);
    private static final byte[] STREAMED = stream().getBytes(StandardCharsets.UTF_8);

    static {
        // Read by the server of the JDK when it starts: without it, small replies wait for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4, AnswerServer::daemon);

    AnswerServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", AnswerServer::answer);
        server.start();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "answer-server");
        thread.setDaemon(true);
        return thread;
    }

    /** The name of the only model. */
    static String model() {
        return MODEL;
    }

    /** What it answers. */
    static String text() {
        return TEXT;
    }

    /** The body of a reply. */
    static byte[] body(boolean streamed) {
        return (streamed ? STREAMED : WHOLE).clone();
    }

    /** Whether the body of a request asks for a stream. */
    static boolean asksForStream(String request) {
        return request.replace(" ", "").contains("\"stream\":true");
    }

    /** The address in front of the path. */
    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static String stream() {
        StringBuilder events = new StringBuilder(event("{\"role\":\"assistant\",\"content\":\"\"}", "null", ""));
        for (String word : TEXT.split("(?= )")) {
            events.append(event("{\"content\":\"" + word + "\"}", "null", ""));
        }
        events.append(event("{}", "\"stop\"", ""));
        events.append("data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"" + MODEL
                + "\",\"choices\":[],\"usage\":" + USAGE + "}\n\n");
        return events.append("data: [DONE]\n\n").toString();
    }

    private static String event(String delta, String reason, String more) {
        return "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"" + MODEL
                + "\",\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + reason + "}]" + more
                + "}\n\n";
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = exchange.getRequestBody()) {
            String request = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            boolean streamed = asksForStream(request);
            byte[] reply = streamed ? STREAMED : WHOLE;
            exchange.getResponseHeaders().set("Content-Type", streamed ? "text/event-stream" : "application/json");
            exchange.sendResponseHeaders(OK, streamed ? 0 : reply.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(reply);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
