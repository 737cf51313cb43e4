package dev.architect.simulator.http;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A small HTTP/1.1 server on loopback that can also fail deliberately.
 *
 * <p><b>Why not a framework.</b> A simulator of failing services must be able to (1) reset a connection instead of
 * answering, (2) keep a connection open without answering, (3) announce a body and deliver half of it, (4) end a chunked
 * body without its last chunk, and (5) detect at once that the client hung up. Server frameworks exist to prevent
 * exactly these. HTTP/1.1 itself is little work when both ends are on one machine: RFC 9112 with Content-Length and
 * chunked bodies, keep-alive, and 100-continue, without trailers, upgrades and TLS.
 *
 * <p><b>Threads.</b> One thread per connection: virtual threads where the JDK has them, else daemon platform threads
 * with small stacks. The number of connections is bounded; a connection over the limit gets a 503 and is closed. Nothing in
 * here takes a lock while it reads or writes.
 *
 * <p><b>Waiting.</b> A simulated delay is a read with a timeout on the connection: nothing is expected to arrive, so the
 * read ends by the timeout (go on), by bytes (the client sent its next request early; they are kept) or by the end of
 * the stream (the client hung up, and waiting longer would be pointless). A client that closes only its sending side
 * counts as hung up.
 */
public final class RawHttpServer implements AutoCloseable {

    public static final int MAX_CONNECTIONS = 4096;
    public static final int MAX_HEADER_BYTES = 64 * 1024;
    // Above the 32 MB that the vendors take, so that their own error for a large body is answered and not ours.
    public static final int MAX_BODY_BYTES = 40 * 1024 * 1024;

    private static final int BACKLOG = 1024;
    private static final int IN_BUFFER = 4 * 1024;
    private static final int OUT_BUFFER = 8 * 1024;
    // Handlers call few methods deep, and there may be a thread for each of thousands of connections.
    private static final int STACK_BYTES = 256 * 1024;
    /** Longer than any client keeps idle connections, so that no request races with the server closing its connection. */
    private static final int IDLE_MILLIS = 30 * 60 * 1000;

    private static final int BODY_MILLIS = 30 * 1000;
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Answers the requests. Called by many threads at a time. */
    public interface Handler {

        /** Answers one request; an exception ends the connection. */
        void handle(RawRequest request, Exchange exchange) throws IOException;
    }

    private final ServerSocket listener;
    private final Handler handler;
    private final ThreadFactory threads;
    private final int maxConnections;
    private final Semaphore slots;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private volatile boolean closed;

    private RawHttpServer(ServerSocket listener, Handler handler, int maxConnections) {
        this.maxConnections = maxConnections;
        this.slots = new Semaphore(maxConnections);
        this.listener = listener;
        this.handler = handler;
        this.threads = connectionThreads();
        this.acceptor = new Thread(this::accept, "provider-simulator-accept");
        // A test that forgets to close its simulator must not keep the JVM alive.
        acceptor.setDaemon(true);
    }

    /** Listens on 127.0.0.1; port 0 takes any free port. */
    public static RawHttpServer start(int port, Handler handler) throws IOException {
        return start(port, handler, MAX_CONNECTIONS);
    }

    public static RawHttpServer start(int port, Handler handler, int maxConnections) throws IOException {
        ServerSocket listener = new ServerSocket();
        try {
            // By address and not by the name localhost, which may also be resolved to ::1.
            listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), BACKLOG);
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
        RawHttpServer server = new RawHttpServer(listener, handler, maxConnections);
        server.acceptor.start();
        return server;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Stops listening, closes every connection and waits up to four seconds for the threads to end. */
    @Override
    public void close() {
        // Before the sockets are closed: the threads see their exceptions as the end and not as failures.
        closed = true;
        closeQuietly(listener);
        // Closing is the only way to wake a thread that blocks in a read of its socket.
        open.forEach(RawHttpServer::closeQuietly);
        try {
            // The system listens on until the thread inside accept() has left it, and a late client would be let in.
            acceptor.join(2_000);
            // All slots together are free only when every connection's thread has ended.
            if (slots.tryAcquire(maxConnections, 2, TimeUnit.SECONDS)) {
                slots.release(maxConnections);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!closed) {
            Socket socket;
            try {
                socket = listener.accept();
            } catch (IOException e) {
                // Closed, or temporarily out of file descriptors: a short pause keeps the loop from spinning.
                LockSupport.parkNanos(1_000_000);
                continue;
            }
            if (slots.tryAcquire()) {
                // Before the thread starts, so that close() finds the socket; serve() looks at the flag for the other
                // order.
                open.add(socket);
                threads.newThread(() -> serve(socket)).start();
            } else {
                rejectConnection(socket);
            }
        }
    }

    private void rejectConnection(Socket socket) {
        try (socket) {
            String text = "the simulator has " + maxConnections + " connections, the most it takes\n";
            new Exchange(socket)
                    .respond(503, Map.of("content-type", "text/plain"), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The client has closed the connection already.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            if (closed) {
                return;
            }
            // Small chunks of a stream must leave at once, or Nagle's algorithm would change the measured pace.
            socket.setTcpNoDelay(true);
            Exchange exchange = new Exchange(socket);
            while (!closed && exchange.serveNext(handler)) {
                exchange.reuse();
            }
        } catch (IOException e) {
            // The client hung up, or a handler ended the connection deliberately.
        } finally {
            open.remove(socket);
            slots.release();
        }
    }

    private static ThreadFactory connectionThreads() {
        try {
            // By reflection, because the class files are for Java 17, which has no virtual threads.
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
        } catch (ReflectiveOperationException | UnsupportedOperationException e) {
            return task -> {
                Thread thread = new Thread(null, task, "provider-simulator", STACK_BYTES);
                thread.setDaemon(true);
                return thread;
            };
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // The resource is not used again, so a failure to close it changes nothing.
        }
    }

    /** A request that violates HTTP or a limit, with the status to answer. */
    private static final class MalformedRequestException extends IOException {

        private static final long serialVersionUID = 1;

        private final int status;

        MalformedRequestException(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    /** One connection: reads requests one after the other, and writes the answer to the current one. Not thread safe. */
    public static final class Exchange {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final byte[] buffer = new byte[IN_BUFFER];
        private int position;
        private int limit;
        private boolean keepAlive;
        private boolean chunked;
        private boolean began;

        private Exchange(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.out = new BufferedOutputStream(socket.getOutputStream(), OUT_BUFFER);
        }

        /** Sends a whole answer. */
        public void respond(int status, Map<String, String> headers, byte[] body) throws IOException {
            writeHead(status, headers, "content-length: " + body.length);
            out.write(body);
            out.flush();
        }

        /** Sends the headers of a whole answer and only its first bytes, then closes the connection. */
        public void respondPartly(int status, Map<String, String> headers, byte[] body, int bytes) throws IOException {
            writeHead(status, headers, "content-length: " + body.length);
            // Fewer bytes than the length announces: the client must notice the cut by itself.
            out.write(body, 0, bytes);
            abort();
        }

        /** Starts a chunked answer. */
        public void begin(int status, Map<String, String> headers) throws IOException {
            // HTTP/1.0 has no chunks; there the end of the body is the end of the connection.
            writeHead(status, headers, chunked ? "transfer-encoding: chunked" : "x-simulator-body: until-close");
        }

        /** Writes a chunk; it may stay in the buffer until {@link #flush()}. */
        public void writeChunk(byte[] bytes) throws IOException {
            // A chunk of length zero would end the body.
            if (bytes.length == 0) {
                return;
            }
            if (chunked) {
                out.write(Integer.toHexString(bytes.length).getBytes(StandardCharsets.US_ASCII));
                out.write(LINE_END);
            }
            out.write(bytes);
            if (chunked) {
                out.write(LINE_END);
            }
        }

        public void flush() throws IOException {
            out.flush();
        }

        /** Completes a chunked answer. */
        public void end() throws IOException {
            if (chunked) {
                out.write(LAST_CHUNK);
            }
            out.flush();
        }

        /** Flushes what was written and closes the connection, wherever the answer is. */
        public void abort() throws IOException {
            keepAlive = false;
            out.flush();
            socket.close();
        }

        /** Resets the connection: the client sees RST instead of an answer. */
        public void reset() throws IOException {
            keepAlive = false;
            // Closing with a linger time of zero sends RST instead of FIN.
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Waits; returns false as soon as the client hung up. */
        public boolean pause(Duration time) {
            return pauseUntil(System.nanoTime() + time.toNanos());
        }

        /** Waits until a value of {@link System#nanoTime()}; returns false as soon as the client hung up. */
        public boolean pauseUntil(long deadline) {
            while (true) {
                long remaining = deadline - System.nanoTime();
                if (remaining < 1_000_000) {
                    // Socket timeouts have a resolution of one millisecond, and 0 would mean to wait for ever.
                    if (remaining > 0) {
                        LockSupport.parkNanos(remaining);
                    }
                    return true;
                }
                if (!awaitInput((int) Math.min(remaining / 1_000_000, IDLE_MILLIS))) {
                    return false;
                }
            }
        }

        /** Blocks without answering until the client hangs up or the server closes. */
        public void awaitHangUp() {
            while (awaitInput(IDLE_MILLIS)) {
                // Bytes of a pipelined request stay in the buffer, and a timeout only starts the next wait.
            }
            keepAlive = false;
        }

        private boolean awaitInput(int millis) {
            // Moves the kept bytes to the front, so that the read below has as much space as possible.
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
            // With a full buffer a hang-up could no longer be seen, so such a client counts as gone.
            if (limit == buffer.length) {
                return false;
            }
            try {
                socket.setSoTimeout(millis);
                int count = in.read(buffer, limit, buffer.length - limit);
                limit += Math.max(count, 0);
                return count >= 0;
            } catch (SocketTimeoutException e) {
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        private boolean serveNext(Handler handler) throws IOException {
            RawRequest request;
            try {
                request = read();
            } catch (MalformedRequestException e) {
                keepAlive = false;
                respond(e.status, Map.of("content-type", "text/plain"), utf8(e.getMessage() + "\n"));
                return false;
            } catch (EOFException | SocketTimeoutException e) {
                return false;
            }
            try {
                handler.handle(request, this);
            } catch (RuntimeException e) {
                keepAlive = false;
                // A status cannot be sent any more; the broken connection is all that the client can see.
                if (began) {
                    throw new IOException("the simulator failed in the middle of an answer", e);
                }
                respond(
                        500,
                        Map.of("content-type", "text/plain"),
                        utf8("simulator failure: " + e.getClass().getName() + "\n"));
            }
            return keepAlive;
        }

        private void reuse() {
            began = false;
        }

        private void writeHead(int status, Map<String, String> headers, String framing) throws IOException {
            began = true;
            StringBuilder head = new StringBuilder(512)
                    .append("HTTP/1.1 ")
                    .append(status)
                    .append(' ')
                    .append(reason(status));
            headers.forEach((name, value) ->
                    head.append("\r\n").append(name).append(": ").append(value));
            head.append("\r\n").append(framing);
            if (!keepAlive) {
                head.append("\r\nconnection: close");
            }
            out.write(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        }

        private RawRequest read() throws IOException {
            keepAlive = false;
            chunked = false;
            socket.setSoTimeout(IDLE_MILLIS);
            String line = line(MAX_HEADER_BYTES);
            String[] parts = line.split(" ", -1);
            if (parts.length != 3 || !parts[1].startsWith("/")) {
                throw new MalformedRequestException(400, "the request line is not METHOD /path HTTP/1.1");
            }
            if (!parts[2].equals("HTTP/1.1") && !parts[2].equals("HTTP/1.0")) {
                throw new MalformedRequestException(505, "the version is not HTTP/1.1");
            }
            // After the request line: an idle connection may wait long, a request that has begun may not.
            socket.setSoTimeout(BODY_MILLIS);
            Map<String, String> headers = headers();
            boolean modern = parts[2].equals("HTTP/1.1");
            byte[] body = body(headers);
            String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
            RawRequest request;
            try {
                request = RawRequest.of(parts[0], parts[1], headers, body);
            } catch (IllegalArgumentException e) {
                throw new MalformedRequestException(400, "the path has a broken percent escape");
            }
            chunked = modern;
            keepAlive = modern && !connection.contains("close");
            return request;
        }

        private Map<String, String> headers() throws IOException {
            Map<String, String> headers = new HashMap<>();
            // The limit is of all lines together, since many short ones cost as much as a long one.
            int remaining = MAX_HEADER_BYTES;
            for (String line = line(remaining); !line.isEmpty(); line = line(remaining)) {
                remaining -= line.length() + 2;
                int colon = line.indexOf(':');
                if (colon <= 0) {
                    throw new MalformedRequestException(400, "a header line has no name");
                }
                headers.putIfAbsent(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            return headers;
        }

        private byte[] body(Map<String, String> headers) throws IOException {
            String coding = headers.get("transfer-encoding");
            String length = headers.get("content-length");
            // Before the body is read: the client waits for this line with its body.
            if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
                out.write(CONTINUE);
                out.flush();
            }
            if (coding != null) {
                if (!coding.equalsIgnoreCase("chunked")) {
                    throw new MalformedRequestException(501, "the transfer coding is not chunked");
                }
                return chunkedBody();
            }
            byte[] body = new byte[length == null ? 0 : size(length, 10)];
            readFully(body);
            return body;
        }

        private byte[] chunkedBody() throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            while (true) {
                String line = line(1024);
                int semicolon = line.indexOf(';');
                byte[] chunk = new byte[size(semicolon < 0 ? line : line.substring(0, semicolon), 16)];
                readFully(chunk);
                if (chunk.length == 0) {
                    // Trailers may follow the last chunk; they are read, so that the next request begins at its own
                    // line.
                    headers();
                    return body.toByteArray();
                }
                if (!line(2).isEmpty()) {
                    throw new MalformedRequestException(400, "a chunk is longer than announced");
                }
                // Each chunk is within the limit by itself, their sum need not be.
                if (body.size() + chunk.length > MAX_BODY_BYTES) {
                    throw new MalformedRequestException(413, "the body is larger than " + MAX_BODY_BYTES + " bytes");
                }
                body.write(chunk, 0, chunk.length);
            }
        }

        private static int size(String text, int radix) throws IOException {
            long size;
            try {
                size = Long.parseLong(text.strip(), radix);
            } catch (NumberFormatException e) {
                throw new MalformedRequestException(400, "a length is not a number");
            }
            if (size < 0 || size > MAX_BODY_BYTES) {
                throw new MalformedRequestException(
                        size < 0 ? 400 : 413, "the body has " + size + " bytes, expected 0 to " + MAX_BODY_BYTES);
            }
            return (int) size;
        }

        private void readFully(byte[] target) throws IOException {
            // What a wait has read ahead comes first.
            int done = Math.min(target.length, limit - position);
            System.arraycopy(buffer, position, target, 0, done);
            position += done;
            while (done < target.length) {
                int count = in.read(target, done, target.length - done);
                if (count < 0) {
                    throw new EOFException("the client hung up in the middle of a body");
                }
                done += count;
            }
        }

        private String line(int max) throws IOException {
            StringBuilder line = new StringBuilder();
            while (true) {
                int next = nextByte();
                if (next == '\n') {
                    int end = line.length();
                    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
                }
                if (line.length() >= max) {
                    throw new MalformedRequestException(
                            431, "the headers are larger than " + MAX_HEADER_BYTES + " bytes");
                }
                line.append((char) next);
            }
        }

        private int nextByte() throws IOException {
            if (position == limit) {
                position = 0;
                limit = Math.max(in.read(buffer, 0, buffer.length), 0);
                if (limit == 0) {
                    throw new EOFException("the client hung up");
                }
            }
            return buffer[position++] & 0xff;
        }

        private static byte[] utf8(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private static String reason(int status) {
            return switch (status) {
                case 200 -> "OK";
                case 400 -> "Bad Request";
                case 401 -> "Unauthorized";
                case 403 -> "Forbidden";
                case 404 -> "Not Found";
                case 405 -> "Method Not Allowed";
                case 413 -> "Content Too Large";
                case 429 -> "Too Many Requests";
                case 500 -> "Internal Server Error";
                case 503 -> "Service Unavailable";
                default -> "Status";
            };
        }
    }
}
