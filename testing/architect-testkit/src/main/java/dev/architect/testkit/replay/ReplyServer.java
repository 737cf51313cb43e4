package dev.architect.testkit.replay;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on loopback that replies to every request with the same bytes, valid or not: for recordings, and for
 * replies that violate HTTP. Correct behaviour of providers is simulated by the provider simulator.
 *
 * <p>Safe for use by several threads.
 */
public final class ReplyServer implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 20;

    private final ServerSocket server;
    private final Script script;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch hungUp = new CountDownLatch(1);

    private ReplyServer(Script script) throws IOException {
        this.script = script;
        this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        daemon(this::accept);
    }

    /** Starts a server that runs {@code script} after each request. */
    public static ReplyServer start(Script script) throws IOException {
        return new ReplyServer(script);
    }

    /** Starts a server that replies with a status, a content type and a body of known length. */
    public static ReplyServer replying(int status, String contentType, String body) throws IOException {
        return start(connection -> connection.reply(status, Map.of("content-type", contentType), body));
    }

    /**
     * Starts a server that sends a recorded reply.
     *
     * @param chunkBytes the bytes of each chunk, so that events, lines and characters are split anywhere
     */
    public static ReplyServer replaying(RecordedReply reply, int chunkBytes) throws IOException {
        return start(connection -> {
            connection.begin(reply.status(), reply.headers());
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            for (int from = 0; from < body.length; from += chunkBytes) {
                connection.sendChunk(body, from, Math.min(body.length, from + chunkBytes));
            }
            connection.end();
        });
    }

    /** The base URL of the server. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Every request received so far, head and body, in order of arrival. */
    public List<String> requests() {
        return requests;
    }

    /** The number of connections opened so far. */
    public int connections() {
        return connections.get();
    }

    /** Waits until a client has closed the connection that {@link Connection#awaitHangUp} waits on; false after 20 s. */
    public boolean awaitHangUp() throws InterruptedException {
        return hungUp.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                daemon(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            // Chunks must not be joined on their way, because their boundaries are what is tested.
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String request = read(in); request != null; request = read(in)) {
                requests.add(request);
                script.reply(new Connection(socket, in, hungUp));
            }
        } catch (IOException ended) {
            // The client or the script has closed the connection.
        }
    }

    private static @Nullable String read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        int length = head.toString()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(
                        line.substring("content-length:".length()).strip()))
                .findFirst()
                .orElse(0);
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "reply-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** The reaction to a request that was read. */
    @FunctionalInterface
    public interface Script {

        /** Sends a reply, a part of one, or nothing. */
        void reply(Connection connection) throws IOException;
    }

    /** The connection on which a request came. Used by one thread. */
    public static final class Connection {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final CountDownLatch hungUp;

        private Connection(Socket socket, InputStream in, CountDownLatch hungUp) throws IOException {
            this.socket = socket;
            this.in = in;
            this.out = new BufferedOutputStream(socket.getOutputStream());
            this.hungUp = hungUp;
        }

        /** Sends raw text. */
        public void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        /** Sends a whole reply of known length. */
        public void reply(int status, Map<String, String> headers, String body) throws IOException {
            head(status, headers, "content-length: " + body.getBytes(StandardCharsets.UTF_8).length);
            send(body);
        }

        /** Starts a chunked reply. */
        public void begin(int status, Map<String, String> headers) throws IOException {
            head(status, headers, "transfer-encoding: chunked");
        }

        /** Sends a chunk. */
        public void sendChunk(byte[] bytes, int from, int to) throws IOException {
            out.write((Integer.toHexString(to - from) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes, from, to - from);
            send("\r\n");
        }

        /** Completes a chunked reply. */
        public void end() throws IOException {
            send("0\r\n\r\n");
        }

        /** Closes the connection. */
        public void close() throws IOException {
            socket.close();
        }

        /** Resets the connection. */
        public void reset() throws IOException {
            // With a linger of zero, the close sends a reset instead of an orderly end.
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Blocks until the client closes the connection. */
        public void awaitHangUp() {
            try {
                while (in.read() >= 0) {
                    // Further bytes of the client are ignored.
                }
            } catch (IOException reset) {
                // A reset is a hang-up too.
            }
            hungUp.countDown();
        }

        private void head(int status, Map<String, String> headers, String framing) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
            headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
            send(head + framing + "\r\n\r\n");
        }
    }
}
