package dev.architect.server.network;

import dev.architect.server.rest.RequestBody;
import dev.architect.spi.TimeSource;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Reads the body of a request before anything else works on it, so that no thread waits for a slow client, and gives up when it
 * is late. How much is read depends on who sends it. Safe for use by several threads.
 */
public final class BodyLoader extends Handler.Wrapper {

    /**
     * How many times what it may send a client is listened to: one that is cut while it sends may never see why. Nothing of it is
     * kept.
     */
    private static final int DRAINED = 4;

    /** As many bytes a client is listened to in any case: what may be sent to log in is little, and what is sent by mistake often more. */
    private static final long LEAST_DRAINED = 4L * 1024 * 1024;

    private final ToIntFunction<Request> limit;
    private final ConnectionLimits limits;
    private final TimeSource time;
    private final Set<Loading> loadings = ConcurrentHashMap.newKeySet();
    private Consumer<Request> loaded = request -> {};

    /** Creates a loader that reads at most {@code limit} bytes of a body; with 0 the body is not read. */
    public BodyLoader(ToIntFunction<Request> limit, ConnectionLimits limits, TimeSource time) {
        this.limit = limit;
        this.limits = limits;
        this.time = time;
    }

    /** Sets what is run when a request is complete; called before the server starts. */
    void onLoaded(Consumer<Request> listener) {
        this.loaded = listener;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        int most = hasBody(request) ? limit.applyAsInt(request) : 0;
        request.setAttribute(ClientConnection.ATTRIBUTE, new ClientConnection(request));
        if (most == 0 || request.getLength() > drained(most)) {
            if (most > 0) {
                request.setAttribute(RequestBody.ATTRIBUTE, RequestBody.tooLarge(most));
            }
            if (hasBody(request)) {
                endConnection(response);
            }
            loaded.accept(request);
            return super.handle(request, response, callback);
        }
        Loading loading = new Loading(request, response, callback, most);
        loadings.add(loading);
        loading.run();
        return true;
    }

    /** Ends the requests whose body should be there by {@code now}. */
    void failLate(long now) {
        loadings.forEach(loading -> {
            if (now - loading.begunAt > limits.body().toNanos()) {
                loading.fail(HttpStatus.REQUEST_TIMEOUT_408);
            }
        });
    }

    private static long drained(int most) {
        return Math.max((long) most * DRAINED, LEAST_DRAINED);
    }

    private static boolean hasBody(Request request) {
        return request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }

    /**
     * Tells the client that the connection ends with the answer: the rest of the body would be taken for the next request, and a client that is not
     * told might send one.
     */
    private static void endConnection(Response response) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }

    private boolean next(Request request, Response response, Callback callback) throws Exception {
        return super.handle(request, response, callback);
    }

    /** One body that is on its way; ends exactly once. */
    private final class Loading implements Runnable {

        private final Request request;
        private final Response response;
        private final Callback callback;
        private final int most;
        private final long begunAt = time.nanoTime();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        // The callbacks of one request follow each other, so this needs no lock.
        private long received;

        private Loading(Request request, Response response, Callback callback, int most) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.most = most;
        }

        /** Takes what is there, and comes back when there is more. */
        @Override
        public void run() {
            while (!ended.get()) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    fail(HttpStatus.BAD_REQUEST_400);
                    return;
                }
                byte[] part = new byte[chunk.remaining()];
                chunk.getByteBuffer().get(part);
                chunk.release();
                received += part.length;
                if (received <= most) {
                    bytes.writeBytes(part);
                } else {
                    bytes.reset();
                }
                if (received > drained(most) || (chunk.isLast() && received > most)) {
                    if (!chunk.isLast()) {
                        endConnection(response);
                    }
                    complete(RequestBody.tooLarge(most));
                } else if (chunk.isLast()) {
                    complete(new RequestBody(bytes.toByteArray(), most));
                } else if (isTooSlow()) {
                    fail(HttpStatus.REQUEST_TIMEOUT_408);
                }
            }
        }

        private boolean isTooSlow() {
            long took = time.nanoTime() - begunAt;
            return took > ConnectionLimits.RATE_GRACE.toNanos()
                    && received < (double) limits.bodyRate() * took / 1_000_000_000L;
        }

        private void complete(RequestBody body) {
            if (!end()) {
                return;
            }
            request.setAttribute(RequestBody.ATTRIBUTE, body);
            loaded.accept(request);
            try {
                if (!next(request, response, callback)) {
                    Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
                }
            } catch (Exception failure) {
                Response.writeError(request, response, callback, failure);
            }
        }

        private void fail(int status) {
            if (end()) {
                endConnection(response);
                Response.writeError(request, response, callback, status);
            }
        }

        private boolean end() {
            loadings.remove(this);
            return ended.compareAndSet(false, true);
        }
    }
}
