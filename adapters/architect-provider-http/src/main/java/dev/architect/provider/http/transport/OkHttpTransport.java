package dev.architect.provider.http.transport;

import dev.architect.model.ProviderException;
import dev.architect.provider.http.json.BoundedJsonCodec;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.EventListener;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Sends one request at a time per thread over OkHttp. A request that dies with a connection of an earlier call, before any byte
 * of a reply, is sent once more on a connection of its own: servers close connections that are idle without waiting for the
 * request that is on its way. Nothing else is sent twice. Safe for use by several threads.
 */
public final class OkHttpTransport implements HttpTransport {

    private static final MediaType JSON = MediaType.get("application/json");
    // A request timeout may be as long as a Duration can be, whose nanoseconds do not fit into a long.
    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(1);
    private static final TimeSource TIME = TimeSource.system();

    /** More paths than the operations of a vendor and the names of its models; others are parsed again each time. */
    private static final int MAX_KEPT_URLS = 256;

    private final String baseUrl;
    private final Map<String, HttpUrl> urls = new ConcurrentHashMap<>();
    private final Map<String, String> headers;
    private final ApiKeyHeader apiKey;
    private final BoundedJsonCodec json;
    private final HttpLimits limits;
    private final CallWatch watch;
    private final CountingSocketFactory sockets = new CountingSocketFactory();
    // Two clients with one pool: the silence limit is a setting of a client, and applies to streams only.
    private final OkHttpClient wholeReplyClient;
    private final OkHttpClient streamClient;

    /** Creates a transport to {@code endpoint}. */
    public OkHttpTransport(HttpEndpoint endpoint, HttpLimits limits, BoundedJsonCodec json) {
        this(endpoint, limits, json, List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
    }

    OkHttpTransport(HttpEndpoint endpoint, HttpLimits limits, BoundedJsonCodec json, List<Protocol> protocols) {
        this.baseUrl = HttpUrl.get(endpoint.baseUrl().toString()).toString().replaceAll("/+$", "");
        this.headers = endpoint.headers();
        this.apiKey = endpoint.apiKey();
        this.json = json;
        this.limits = limits;
        this.watch = new CallWatch(endpoint.provider());
        OkHttpClient.Builder builder = new OkHttpClient.Builder();
        if (endpoint.baseUrl().getScheme().equalsIgnoreCase("http")) {
            // Without redirects no call ever needs TLS, and reading the certificates takes longer than all the rest.
            builder.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT));
        }
        this.streamClient = builder
                // OkHttp would also repeat requests that the server may have processed: whether such a call is repeated
                // is the router's decision, for it could be billed twice.
                .retryOnConnectionFailure(false)
                // A redirect would carry the key and the prompt to an address that the host did not configure.
                .followRedirects(false)
                .followSslRedirects(false)
                .protocols(protocols)
                .socketFactory(sockets)
                .connectionPool(new ConnectionPool(limits.idleConnections(), KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS))
                .connectTimeout(limits.connectTimeout())
                .readTimeout(limits.idleTimeout())
                .writeTimeout(limits.idleTimeout())
                .eventListenerFactory(OkHttpTransport::deliveryTracker)
                .build();
        this.wholeReplyClient =
                streamClient.newBuilder().readTimeout(Duration.ZERO).build();
    }

    /** Returns {@code url} when requests can be sent to it. */
    public static URI checkBaseUrl(URI url) {
        if (HttpUrl.parse(url.toString()) == null
                || url.getHost() == null
                || url.getUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null) {
            throw new IllegalArgumentException("baseUrl is for host '" + url.getHost() + "' with scheme '"
                    + url.getScheme() + "', expected http or https with a host, without user, query and fragment");
        }
        return url;
    }

    @Override
    public <T> T run(TransportCall call, ReplyHandler<T> handler) {
        if (Thread.currentThread().isInterrupted()) {
            // Checked before anything is sent, so that the failure states NOT_SENT and is not billed.
            throw IoFailureMapper.interrupted(call.exchange(), "interrupted before the call");
        }
        long start = TIME.nanoTime();
        OkHttpClient client = call.idle() == Idle.LIMITED ? streamClient : wholeReplyClient;
        try {
            return send(client, call, start, nanos(call.timeout()), handler);
        } catch (DeadConnectionException first) {
            // At least one nanosecond: zero means no limit to OkHttp.
            long timeLeft = Math.max(1, nanos(call.timeout()) - (TIME.nanoTime() - start));
            call.progress().resent();
            try {
                return send(unpooled(client), call, start, timeLeft, handler);
            } catch (DeadConnectionException second) {
                throw new IllegalStateException("a new connection was in use before, expected never", second);
            }
        }
    }

    private <T> T send(OkHttpClient client, TransportCall call, long start, long timeoutNanos, ReplyHandler<T> handler)
            throws DeadConnectionException {
        LimitClock clock = new LimitClock(call.limits(), call.exchange());
        DeliveryTracker tracker = new DeliveryTracker(sockets);
        Call sent = client.newCall(request(call, tracker));
        sent.timeout().timeout(timeoutNanos, TimeUnit.NANOSECONDS);
        // From the start and not from here: a request that is sent once more has no more time than one that is sent
        // once.
        clock.awaitHead(start);
        try (CallWatch.Watched watched = watch.watch(sent, clock)) {
            try (Response response = sent.execute()) {
                Reply reply = new Reply(
                        response.code(),
                        headers(response.headers()),
                        clock.body(response.body().byteStream()));
                // Before the body is read: a failure inside it then has the status, the request id and the rate limits.
                call.progress().replied(reply.status(), reply.headers());
                return handle(reply, handler, call, clock, tracker);
            } catch (RuntimeException ownOrListeners) {
                // Failures of the readers are complete already, and what a listener throws belongs to its caller.
                throw ownOrListeners;
            } catch (Exception failure) {
                // Not IOException: Kotlin code throws InterruptedException too, without declaring it.
                boolean endedHere = watched.isInterrupted() || watched.isClosed() || clock.isExpired();
                if (!endedHere && tracker.diedUnanswered(failure)) {
                    throw new DeadConnectionException(failure);
                }
                call.progress().reached(tracker.delivery());
                throw failure(failure, call, watched, clock);
            }
        }
    }

    private static <T> T handle(
            Reply reply, ReplyHandler<T> handler, TransportCall call, LimitClock clock, DeliveryTracker tracker)
            throws IOException {
        if (call.listener() == null) {
            return handler.handle(reply);
        }
        ArrivalWatch arrivals = new ArrivalWatch(call.listener(), clock);
        if (!tracker.observe(arrivals)) {
            return handler.handle(reply);
        }
        arrivals.begin();
        try {
            return handler.handle(reply);
        } finally {
            arrivals.end();
        }
    }

    /** A client whose connections no call has used before and none will use after. */
    private static OkHttpClient unpooled(OkHttpClient client) {
        return client.newBuilder()
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .build();
    }

    @Override
    public void close() {
        // The watch first: it cancels the calls in flight, whose connections are idle only after that and can be
        // evicted.
        watch.close();
        streamClient.connectionPool().evictAll();
    }

    private Request request(TransportCall call, DeliveryTracker tracker) {
        HttpRequest request = call.request();
        Request.Builder builder = new Request.Builder()
                .url(url(request.path()))
                .tag(DeliveryTracker.class, tracker)
                .header("accept", call.accept())
                .header("user-agent", "architect");
        if (call.idle() == Idle.LIMITED) {
            // Whole answers may come packed; a packer on the way would hold events back.
            builder.header("accept-encoding", "identity");
        }
        // The key comes last, so that no configured header can replace it or be sent in its place.
        headers.forEach(builder::header);
        request.headers().forEach(builder::header);
        apiKey.value(call.exchange()).ifPresent(value -> builder.header(apiKey.header(), value));
        request.body().ifPresent(body -> builder.post(new OneShotBody(json.write(body), JSON)));
        return builder.build();
    }

    private HttpUrl url(String path) {
        HttpUrl kept = urls.get(path);
        if (kept != null) {
            return kept;
        }
        HttpUrl url = HttpUrl.get(baseUrl + path);
        if (urls.size() < MAX_KEPT_URLS) {
            urls.put(path, url);
        }
        return url;
    }

    private ProviderException failure(
            Exception failure, TransportCall call, CallWatch.Watched watched, LimitClock clock) {
        // First of all: a cancelled call fails as a broken connection, which would count against the provider.
        if (watched.isInterrupted() || failure instanceof InterruptedException) {
            return IoFailureMapper.interrupted(call.exchange(), "interrupted");
        }
        if (watched.isClosed()) {
            return IoFailureMapper.cancelled(call.exchange(), "provider was closed");
        }
        return clock.isExpired()
                ? IoFailureMapper.late(call, clock.limit(), clock.length())
                : IoFailureMapper.of(failure, call, limits);
    }

    private static ReplyHeaders headers(Headers received) {
        String[] namesAndValues = new String[received.size() * 2];
        for (int index = 0; index < received.size(); index++) {
            namesAndValues[2 * index] = received.name(index);
            namesAndValues[2 * index + 1] = received.value(index);
        }
        return ReplyHeaders.of(namesAndValues);
    }

    static long nanos(Duration timeout) {
        return timeout.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : timeout.toNanos();
    }

    private static EventListener deliveryTracker(Call call) {
        DeliveryTracker tracker = call.request().tag(DeliveryTracker.class);
        return tracker == null ? EventListener.NONE : tracker;
    }

    /** The connection of a request died before any byte of its reply, and an earlier call had used it. */
    private static final class DeadConnectionException extends Exception {
        private static final long serialVersionUID = 1L;

        DeadConnectionException(Exception cause) {
            super(cause);
        }
    }
}
