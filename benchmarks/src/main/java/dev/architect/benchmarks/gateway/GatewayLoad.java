package dev.architect.benchmarks.gateway;

import dev.architect.benchmarks.Percentiles;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Requests to one address over connections that stay open, each with one request at a time. Any answer but the expected one fails. */
final class GatewayLoad {

    private static final int OK = 200;
    private static final byte[] LAST = HttpMessageReader.bytes(FakeUpstream.LAST);
    private static final byte[] DONE = HttpMessageReader.bytes("[DONE]");
    private static final int TIMEOUT_MILLIS = 30_000;

    private final int port;
    private final boolean streamed;
    private final byte[] request;

    /** Creates load of requests for {@code model} to {@code port} of this machine. */
    GatewayLoad(int port, String model, Map<String, String> headers, boolean streamed) {
        this.port = port;
        this.streamed = streamed;
        String body =
                "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"system\",\"content\":\"You answer briefly.\"},"
                        + "{\"role\":\"user\",\"content\":\"Name the letters of the Greek alphabet in their order.\"}]"
                        + (streamed ? ",\"stream\":true}" : "}");
        String fields = headers.entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                .collect(Collectors.joining());
        this.request = HttpMessageReader.bytes("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nContent-Type: application/json\r\n" + fields + "Content-Length: " + body.length() + "\r\n\r\n"
                + body);
    }

    /** Makes one request on a connection of its own. */
    void checkOnce() throws IOException {
        try (Socket socket = connect()) {
            exchange(socket.getOutputStream(), reader(socket));
        }
    }

    /** Makes requests over so many connections for a time; blocks until it is over. */
    LoadFigures run(int connections, Duration time) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            long begin = System.nanoTime();
            long end = begin + time.toNanos();
            List<Future<Times>> all = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                all.add(threads.submit(() -> drive(end)));
            }
            Times total = new Times();
            for (Future<Times> one : all) {
                total.add(one.get());
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new LoadFigures(
                    total.whole.size() / seconds,
                    Percentiles.ofNanos(total.whole),
                    Percentiles.ofNanos(total.firstToken));
        } catch (ExecutionException failure) {
            throw new IOException("a request to port " + port + " failed", failure.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private Times drive(long end) throws IOException {
        Times times = new Times();
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            HttpMessageReader answers = reader(socket);
            do {
                long begin = System.nanoTime();
                exchange(out, answers);
                times.whole.add(System.nanoTime() - begin);
                times.firstToken.add(answers.markerNanos() - begin);
            } while (System.nanoTime() < end);
        }
        return times;
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static HttpMessageReader reader(Socket socket) throws IOException {
        return new HttpMessageReader(socket.getInputStream(), FakeUpstream.FIRST);
    }

    private void exchange(OutputStream out, HttpMessageReader answers) throws IOException {
        out.write(request);
        if (!answers.next()) {
            throw new IOException("the connection has ended instead of an answer");
        }
        if (answers.status() != OK
                || answers.markerNanos() == 0
                || !answers.contains(LAST)
                || answers.contains(DONE) != streamed) {
            throw new IOException(
                    "expected 200 and a " + (streamed ? "stream" : "whole answer") + ", got " + answers.text());
        }
    }

    /** How long requests took, in nanoseconds. */
    private static final class Times {

        private final List<Long> whole = new ArrayList<>();
        private final List<Long> firstToken = new ArrayList<>();

        private void add(Times other) {
            whole.addAll(other.whole);
            firstToken.addAll(other.firstToken);
        }
    }
}
