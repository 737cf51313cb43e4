package dev.architect.benchmarks.call;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server on loopback that speaks the dialect of OpenAI's chat completions over plain sockets. Most calls are answered after the same time, some
 * much later, by a seed. While it waits it notices at once when the client hangs up.
 */
final class BimodalServer implements AutoCloseable {

    private static final Pattern REQUEST = Pattern.compile("request (\\d+)");
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
    private static final int HUNDRED = 100;
    private static final long SEED = 20_261_128;

    private final int normalMillis;
    private final int slowMillis;
    private final int slowPercent;
    private final ServerSocket listening = new ServerSocket(0, HUNDRED, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool(BimodalServer::daemon);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<String, Long> answeredAt = new ConcurrentHashMap<>();
    private final Queue<Long> hangUps = new ConcurrentLinkedQueue<>();

    /** Answers after {@code normalMillis}; {@code slowPercent} of the calls after {@code slowFactor} times as long. */
    BimodalServer(int normalMillis, int slowFactor, int slowPercent) throws IOException {
        this.normalMillis = normalMillis;
        this.slowMillis = normalMillis * slowFactor;
        this.slowPercent = slowPercent;
        threads.execute(this::accept);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "bimodal-server");
        thread.setDaemon(true);
        return thread;
    }

    /** The address in front of the path. */
    URI address() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** How many calls came so far. */
    int calls() {
        return calls.get();
    }

    /** For each call that its client gave up after the other call of the same request was answered: how much later, in nanoseconds. */
    Collection<Long> hangUps() {
        return hangUps;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                open.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            String request = read(in);
            while (request != null) {
                answer(request, socket, in, out);
                request = read(in);
            }
        } catch (IOException gone) {
            // Its client is gone; what there is to know of it was recorded.
            return;
        } finally {
            open.remove(socket);
        }
    }

    /** Head and body of the next request; null at the end. */
    private static @Nullable String read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < 2) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.write(next);
            ends = next == '\n' ? ends + 1 : next == '\r' ? ends : 0;
        }
        String text = head.toString(StandardCharsets.UTF_8);
        Matcher length = LENGTH.matcher(text);
        return text
                + (length.find()
                        ? new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8)
                        : "");
    }

    private void answer(String request, Socket socket, InputStream in, OutputStream out) throws IOException {
        calls.incrementAndGet();
        Matcher found = REQUEST.matcher(request);
        String number = found.find() ? found.group(1) : "";
        socket.setSoTimeout(isSlow() ? slowMillis : normalMillis);
        try {
            if (in.read() < 0) {
                throw new IOException("client hung up");
            }
            throw new IllegalStateException("client sent more before the reply");
        } catch (SocketTimeoutException due) {
            socket.setSoTimeout(0);
        } catch (IOException gone) {
            Long other = answeredAt.get(number);
            if (other != null) {
                hangUps.add(System.nanoTime() - other);
            }
            throw gone;
        }
        boolean streamed = AnswerServer.asksForStream(request);
        byte[] body = AnswerServer.body(streamed);
        out.write(("HTTP/1.1 200 OK\r\nContent-Type: " + (streamed ? "text/event-stream" : "application/json")
                        + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        answeredAt.put(number, System.nanoTime());
        out.write(body);
    }

    private boolean isSlow() {
        synchronized (random) {
            return random.nextInt(HUNDRED) < slowPercent;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
