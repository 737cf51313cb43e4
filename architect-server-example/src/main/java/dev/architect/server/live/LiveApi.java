package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.change.ChangePosition;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import io.javalin.http.Context;
import io.javalin.websocket.WsConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The live channel over HTTP: a WebSocket, server-sent events where a proxy lets none through, and one reading for those that come too many.
 * Safe for use by several threads.
 */
public final class LiveApi implements AutoCloseable {

    /** Where pages connect. */
    public static final String SOCKET = "/ws/live";

    /** The most clients of the channel by default. */
    public static final int MAX_PAGES = 500;

    /** The most characters of a message that a client may send. */
    public static final int MAX_MESSAGE_CHARACTERS = 65_536;

    private static final String PATH = "/api/live";
    private static final String TOPIC = "topic";
    private static final String ITEMS = "items";
    private static final String SINCE = "since";
    private static final String STATUS = "status";

    /** Each takes a thread of the server. */
    private static final int MAX_STREAMS = 24;

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
    private static final String PRINCIPAL = "architect.live.principal";

    private final Architect architect;
    private final ArchitectMeters meters;
    private final TimeSource time;
    private final int maxPages;
    private final List<LiveTopics> topics = new ArrayList<>();
    private final Map<String, LiveConnection> sockets = new ConcurrentHashMap<>();
    private final Semaphore streams = new Semaphore(MAX_STREAMS);
    private @Nullable AccessFilter accessFilter;
    private @Nullable LiveChannel channel;

    /**
     * Creates the channel; it serves after {@link #open}.
     *
     * @param maxPages the most clients
     * @param more what there is to follow beside status, tasks, schedules, queues, costs, providers and the activity log
     */
    public LiveApi(Architect architect, ArchitectMeters meters, TimeSource time, int maxPages, List<LiveTopics> more) {
        this.architect = architect;
        this.meters = meters;
        this.time = time;
        this.maxPages = maxPages;
        topics.add(LiveTopics.named(STATUS, new StatusTopic(architect, meters, time)));
        topics.add(LiveTopics.named("activity", new ActivityTopic(architect)));
        topics.add(LiveTopics.named("providers", new ProviderTopic(architect)));
        topics.add(LiveTopics.named("queues", new QueueTopic(architect)));
        topics.add(LiveTopics.named("schedules", new ScheduleTopic(architect)));
        topics.add(LiveTopics.named("costs", new CostTopic(architect)));
        topics.add(name -> TaskTopic.find(architect, name));
        topics.addAll(more);
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("readLive", PATH, Permission.ANY_LOGIN, this::read)
                        .summary("Shows what the live pages follow, once, or again and again as server-sent events.")
                        .query(
                                TOPIC,
                                Schema.text(),
                                "The topic; of events several, with commas. Without one only the position of the log is answered.")
                        .query(
                                ITEMS,
                                Schema.words("true", "false"),
                                "Whether things are sent; of events, else only their keys.")
                        .query(SINCE, Schema.text(), "The id of the last event that is known.")
                        .answer(
                                200,
                                "The things of the topic.",
                                Schema.object()
                                        .required(List.of(TOPIC, "era"), Schema.text())
                                        .required("seq", Schema.integer())
                                        .required("at", Schema.instant())
                                        .required(
                                                ITEMS,
                                                Schema.list(Schema.object()
                                                        .required("key", Schema.text())
                                                        .required(
                                                                "item",
                                                                Schema.object().open())
                                                        .open()))
                                        .open())
                        .refuses(403, "forbidden")
                        .refuses(503, "no-snapshot", "busy"),
                Operation.get("openLive", SOCKET, Permission.ANY_LOGIN, UpgradeRequest::reject)
                        .summary("Opens a WebSocket that tells what changes in the topics that the client names.")
                        .answer(101, "The connection is a WebSocket.")
                        .refuses(400, "bad-request")
                        .refuses(426, "upgrade-required"));
    }

    /** Prepares the channel. Called once, before requests come. */
    public void open(AccessFilter filter) {
        accessFilter = filter;
        LiveChannel opened = new LiveChannel(architect.changes(), topics, filter, time, maxPages);
        opened.bindTo(meters.registry());
        channel = opened;
    }

    /** Starts to serve. Called once, after {@link #open}. */
    public void start(ThreadRunner runner) {
        channel().start(runner);
    }

    private LiveChannel channel() {
        return Objects.requireNonNull(channel);
    }

    /** Returns when the upgrade may proceed; throws the error to respond with otherwise. */
    public void beforeUpgrade(Context request) {
        request.attribute(PRINCIPAL, Objects.requireNonNull(accessFilter).filterUpgrade(request));
    }

    /** Registers the handlers of a WebSocket. */
    public void configure(WsConfig socket) {
        socket.onConnect(page -> {
            Principal principal = page.attribute(PRINCIPAL);
            if (principal == null) {
                page.session.disconnect();
                return;
            }
            LiveSink sink = new SocketSink(page.session);
            Optional<LiveConnection> connected = channel().connect(sink, principal);
            if (connected.isPresent()) {
                sockets.put(page.sessionId(), connected.get());
                channel().greet(connected.get());
            } else {
                sink.close(
                        LiveConnection.TOO_MANY,
                        maxPages + " live pages are open, read " + PATH + " instead",
                        () -> {});
            }
        });
        socket.onMessage(page -> {
            LiveConnection known = sockets.get(page.sessionId());
            if (known != null) {
                LiveRequest.read(page.message()).ifPresent(request -> channel().request(known, request));
            }
        });
        socket.onClose(page -> forget(page.sessionId()));
        socket.onError(page -> {
            forget(page.sessionId());
            page.session.disconnect();
        });
    }

    private void forget(String session) {
        LiveConnection known = sockets.remove(session);
        if (known != null) {
            channel().forget(known);
        }
    }

    private void read(Context request) {
        QueryParameters query = new QueryParameters(request, Set.of(TOPIC, ITEMS, SINCE));
        List<String> names = query.text(TOPIC)
                .map(text -> Arrays.stream(text.split(",", -1)).distinct().toList())
                .orElse(List.of());
        if (names.size() > LiveConnection.MAX_TOPICS) {
            throw QueryParameters.invalid(TOPIC, names.size() + " topics", "at most " + LiveConnection.MAX_TOPICS);
        }
        Principal principal = AccessFilter.principal(request);
        List<LiveTopic> found =
                names.stream().map(name -> permitted(principal, name)).toList();
        boolean isWhole = query.text(ITEMS)
                .map(word -> switch (word) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw QueryParameters.invalid(ITEMS, word, "true or false");
                })
                .orElse(true);
        String accept = request.header("Accept");
        if (accept != null && accept.contains("text/event-stream")) {
            if (names.isEmpty()) {
                throw QueryParameters.invalid(TOPIC, "", "a topic, or several with commas");
            }
            Optional<ChangePosition> since =
                    LiveRequest.position(query.text(SINCE).orElse(request.header("Last-Event-ID")));
            stream(request, principal, names, isWhole, since);
        } else if (names.isEmpty()) {
            JsonResponseWriter.write(request, once("", Optional.empty()));
        } else if (names.size() > 1) {
            throw QueryParameters.invalid(TOPIC, names.size() + " topics", "one, or Accept: text/event-stream");
        } else {
            JsonResponseWriter.write(request, once(names.get(0), Optional.of(found.get(0))));
        }
    }

    private LiveTopic permitted(Principal principal, String name) {
        LiveTopic topic = channel()
                .topic(name)
                .orElseThrow(() -> QueryParameters.invalid(TOPIC, BodyFields.shorten(name), "a topic that there is"));
        if (!principal.may(topic.permission().name()) || !topic.isFor(principal)) {
            throw ApiException.forbidden(
                    "you lack the permission " + topic.permission().name() + " for the topic "
                            + BodyFields.shorten(name) + ", expected a role or a scope with it");
        }
        return topic;
    }

    private ObjectNode once(String name, Optional<LiveTopic> topic) {
        try {
            return channel().read(name, topic).get(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw notRead();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw notRead();
        }
    }

    private static ApiException notRead() {
        return new ApiException(503, "no-snapshot", "the state could not be read in time", null, READ_TIMEOUT);
    }

    private void stream(
            Context request, Principal principal, List<String> names, boolean isWhole, Optional<ChangePosition> since) {
        if (!streams.tryAcquire()) {
            throw busy();
        }
        try {
            EventStreamSink sink = new EventStreamSink(time);
            LiveConnection connection = channel().connect(sink, principal).orElseThrow(LiveApi::busy);
            try {
                for (String name : names) {
                    channel()
                            .request(
                                    connection,
                                    new LiveRequest(LiveRequest.Type.SUBSCRIBE, name, name, since, isWhole));
                }
                request.status(200);
                request.contentType("text/event-stream; charset=utf-8");
                request.header("X-Accel-Buffering", "no");
                // Not that of the library, whose flush() does nothing.
                sink.pump(request.res().getOutputStream());
            } catch (IOException gone) {
                throw ApiException.notFound("the client is gone");
            } finally {
                channel().forget(connection);
            }
        } finally {
            streams.release();
        }
    }

    private static ApiException busy() {
        return new ApiException(
                503, "busy", "too many clients follow what changes, expected fewer", null, READ_TIMEOUT);
    }

    /** Closes the connections, and waits up to half a second until the clients were told. */
    @Override
    public void close() {
        if (channel != null) {
            channel.close();
        }
    }
}
