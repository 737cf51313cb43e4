package dev.architect.benchmarks.gateway;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * What both gateways call: an address on loopback that answers in the dialect of OpenAI at once, whole or as a stream of a chunk for each
 * word. A thread for each connection. Safe for use by several threads.
 */
final class FakeUpstream implements AutoCloseable {

    /** The first word of each answer. */
    static final String FIRST = "Alpha";

    /** Its last word. */
    static final String LAST = "omega";

    private static final String TEXT = FIRST
            + " beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau " + LAST;
    private static final String USAGE = "{\"prompt_tokens\":24,\"completion_tokens\":20,\"total_tokens\":44,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":0}}";
    private static final byte[] STREAM = HttpMessageReader.bytes("\"stream\":true");
    private static final byte[] STREAM_WITH_SPACE = HttpMessageReader.bytes("\"stream\": true");

    private final byte[] whole;
    private final byte[][] streamed;
    private final ServerSocket listener;

    /** Starts one whose only model is {@code model}. */
    FakeUpstream(String model) throws IOException {
        whole = plainAnswer(model);
        streamed = streamedAnswer(model);
        listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        Thread accepting = new Thread(this::accept, "upstream");
        accepting.setDaemon(true);
        accepting.start();
    }

    /** The address in front of {@code /v1}. */
    URI address() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    private static byte[] plainAnswer(String model) {
        String body = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"" + model
                + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + TEXT
                + "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":" + USAGE + "}";
        return HttpMessageReader.bytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body);
    }

    private static byte[][] streamedAnswer(String model) {
        List<byte[]> writes = new ArrayList<>();
        writes.add(HttpMessageReader.bytes(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunk(event(model, "{\"role\":\"assistant\",\"content\":\"\"}", "null"))));
        for (String word : TEXT.split("(?= )")) {
            writes.add(HttpMessageReader.bytes(chunk(event(model, "{\"content\":\"" + word + "\"}", "null"))));
        }
        writes.add(HttpMessageReader.bytes(chunk(event(model, "{}", "\"stop\""))));
        writes.add(HttpMessageReader.bytes(
                chunk("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\""
                                + model + "\",\"choices\":[],\"usage\":" + USAGE + "}\n\ndata: [DONE]\n\n")
                        + "0\r\n\r\n"));
        return writes.toArray(byte[][]::new);
    }

    private static String event(String model, String delta, String reason) {
        return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"" + model
                + "\",\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + reason + "}]}\n\n";
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread answering = new Thread(() -> answer(socket), "upstream-connection");
                answering.setDaemon(true);
                answering.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            HttpMessageReader requests = new HttpMessageReader(socket.getInputStream(), null);
            while (requests.next()) {
                if (requests.contains(STREAM) || requests.contains(STREAM_WITH_SPACE)) {
                    for (byte[] part : streamed) {
                        out.write(part);
                    }
                } else {
                    out.write(whole);
                }
            }
        } catch (IOException gone) {
            // A gateway that is stopped closes its connections.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
