package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.change.ChangePage;
import dev.architect.change.ChangePosition;
import dev.architect.change.ChangeStore;
import dev.architect.change.RecordedChange;
import dev.architect.error.ArchitectException;
import dev.architect.error.StoreException;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients what changes: a snapshot of what they follow, then each change of it. One thread reads the store's log of changes twenty times a
 * second while anybody is connected, reads what was changed and writes it once for all, and has it sent to each client that has taken what was sent
 * before; what waits coalesces. What the log has goes first; topics that are read from time to time take longer, and follow in the same round.
 * Because positions are those of the store's log, a client may go on from one on any node.
 *
 * <p>The position of a message is never later than the content that the client has by then: content is read after the log. While the store fails
 * nothing is sent, no heartbeat either, so that clients see that what they show grows old.
 */
final class LiveChannel implements AutoCloseable {

    static final int HEARTBEAT_SECONDS = 20;

    private static final Logger LOG = LoggerFactory.getLogger(LiveChannel.class);
    private static final Duration TICK = Duration.ofMillis(50);
    /** A round that has taken too long is followed by another one after this. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(5);

    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final Duration HEARTBEAT = Duration.ofSeconds(HEARTBEAT_SECONDS);
    private static final Duration LOGIN_CHECK = Duration.ofMillis(500);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);
    private static final int GOING_AWAY = 1001;
    private static final int SERVER_ERROR = 1011;
    private static final int MAX_REQUESTS = 4_096;

    /** A client that has missed more gets a snapshot. */
    private static final int MAX_RESUMED_PAGES = 10;

    private static final ChangePosition NO_LOG = new ChangePosition("none", 0);

    private final Optional<ChangeStore> changes;
    private final List<LiveTopics> topics;
    private final AccessFilter accessFilter;
    private final TimeSource time;
    private final WakeUp news;
    private final int maxConnections;
    private final Map<LiveConnection, Boolean> connections = new ConcurrentHashMap<>();
    private final BlockingQueue<Runnable> requests = new ArrayBlockingQueue<>(MAX_REQUESTS);
    // Of the thread of the channel.
    private final Map<String, LiveTopicState> followed = new HashMap<>();
    private Optional<ChangePosition> position = Optional.empty();
    private long loginsCheckedAt;
    private boolean hasFailed;
    private volatile boolean isAnyGone;
    private volatile boolean closed;

    /**
     * Creates a channel that does nothing until it is started.
     *
     * @param changes the log of the store; empty when it has none: then all topics are read each second
     * @param topics what there is to follow
     * @param maxConnections the most clients at a time
     */
    LiveChannel(
            Optional<ChangeStore> changes,
            List<LiveTopics> topics,
            AccessFilter accessFilter,
            TimeSource time,
            int maxConnections) {
        this.changes = changes;
        this.topics = List.copyOf(topics);
        this.accessFilter = accessFilter;
        this.time = time;
        this.news = time.newWakeUp();
        this.maxConnections = maxConnections;
        this.loginsCheckedAt = time.nanoTime();
    }

    void bindTo(MeterRegistry registry) {
        Gauge.builder("architect.live.pages", connections, Map::size)
                .description("Clients of the live channel, at most " + maxConnections)
                .register(registry);
    }

    /** Starts to serve. Called once. */
    void start(ThreadRunner runner) {
        LiveSenders senders = new LiveSenders(runner);
        runner.startPlatform("live", () -> run(senders));
    }

    /** Adds a client, unless there are too many. */
    Optional<LiveConnection> connect(LiveSink sink, Principal principal) {
        LiveConnection connection = new LiveConnection(sink, principal, time);
        synchronized (connections) {
            if (closed || connections.size() >= maxConnections) {
                return Optional.empty();
            }
            connections.put(connection, true);
        }
        return Optional.of(connection);
    }

    /** The client is gone. */
    void forget(LiveConnection connection) {
        connections.remove(connection);
        isAnyGone = true;
        news.signal();
    }

    /** Does what a client asks for; cuts it when the channel has too much to do. */
    void request(LiveConnection connection, LiveRequest request) {
        submit(
                () -> {
                    try {
                        serve(connection, request);
                    } catch (StoreException failure) {
                        // It comes again, and asks again.
                        connection.close(SERVER_ERROR, "the store fails");
                    }
                },
                () -> connection.close(LiveConnection.TOO_MANY, "too many requests"));
    }

    private void submit(Runnable request, Runnable onFull) {
        if (closed || !requests.offer(request)) {
            onFull.run();
        }
        news.signal();
    }

    /** The first message of a WebSocket. */
    void greet(LiveConnection connection) {
        submit(
                () -> connection.tell(LiveMessage.hello(
                        position.orElse(NO_LOG),
                        HEARTBEAT_SECONDS,
                        connection.principal().actor())),
                () -> connection.close(LiveConnection.TOO_MANY, "too many requests"));
    }

    /** Reads a topic once, or the position alone; the future fails when that is not possible. */
    CompletableFuture<ObjectNode> read(String name, Optional<LiveTopic> topic) {
        CompletableFuture<ObjectNode> read = new CompletableFuture<>();
        submit(
                () -> {
                    try {
                        // In this order: what the client has is at least as new as its position.
                        ChangePosition at = changes.map(ChangeStore::newest).orElse(NO_LOG);
                        ObjectNode answer = JsonResponseWriter.object()
                                .put("topic", name)
                                .put("era", at.era())
                                .put("seq", at.sequence())
                                .put("at", time.wallTime().toString());
                        ArrayNode items = answer.putArray("items");
                        topic.map(LiveTopic::all)
                                .orElse(Map.of())
                                .forEach((key, item) ->
                                        items.addObject().put("key", key).set("item", item));
                        read.complete(answer);
                    } catch (RuntimeException failure) {
                        read.completeExceptionally(failure);
                    }
                },
                () -> read.completeExceptionally(new IllegalStateException("too many requests")));
        return read;
    }

    /** Returns the topic of a name, if somebody may follow it. */
    Optional<LiveTopic> topic(String name) {
        return topics.stream().flatMap(each -> each.find(name).stream()).findFirst();
    }

    private void serve(LiveConnection connection, LiveRequest request) {
        switch (request.type()) {
            case SUBSCRIBE -> subscribe(connection, request);
            case UNSUBSCRIBE -> unsubscribe(connection, request.id());
            case SEEN -> connection.seen(request.flag());
        }
    }

    private void subscribe(LiveConnection connection, LiveRequest request) {
        unsubscribe(connection, request.id());
        Optional<LiveTopic> topic = topic(request.topic());
        if (topic.isEmpty()) {
            connection.tell(LiveMessage.refused(request.id(), "unknown-topic", "there is no such topic"));
        } else if (!isAllowed(connection, topic.get())) {
            connection.tell(LiveMessage.refused(
                    request.id(),
                    "forbidden",
                    "you lack the permission " + topic.get().permission().name()));
        } else if (connection.subscriptions().size() >= LiveConnection.MAX_TOPICS) {
            connection.tell(LiveMessage.refused(
                    request.id(), "too-many", "you follow " + LiveConnection.MAX_TOPICS + " topics, expected no more"));
        } else {
            LiveTopicState state = followed.computeIfAbsent(
                    request.topic(), name -> new LiveTopicState(name, topic.get(), time, changes.isPresent()));
            LiveSubscription subscription = new LiveSubscription(request.id(), request.flag(), request.since());
            state.subscriptions().add(subscription);
            connection.subscriptions().put(subscription, state);
        }
    }

    private static boolean isAllowed(LiveConnection connection, LiveTopic topic) {
        return connection.principal().may(topic.permission().name()) && topic.isFor(connection.principal());
    }

    private void unsubscribe(LiveConnection connection, String id) {
        connection.subscriptions().entrySet().removeIf(each -> {
            boolean isMeant = each.getKey().id().equals(id);
            if (isMeant) {
                end(each.getKey(), each.getValue());
            }
            return isMeant;
        });
    }

    private void end(LiveSubscription subscription, LiveTopicState state) {
        state.subscriptions().remove(subscription);
        if (state.subscriptions().isEmpty()) {
            followed.remove(state.name());
        }
    }

    private void run(LiveSenders senders) {
        try {
            long began = time.nanoTime();
            while (!closed) {
                boolean isAnyone = !connections.isEmpty() || !requests.isEmpty();
                news.await(isAnyone ? untilNext(began) : IDLE);
                if (!closed) {
                    began = time.nanoTime();
                    tick(senders);
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Rounds begin at an even rate, however long they take. */
    private Duration untilNext(long began) {
        Duration left = TICK.minusNanos(time.nanoTime() - began);
        return left.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : left;
    }

    private void tick(LiveSenders senders) throws InterruptedException {
        try {
            removeClosed();
            for (Runnable request = requests.poll(); request != null; request = requests.poll()) {
                request.run();
            }
            if (connections.isEmpty()) {
                // No client follows anything: the log is read from its end again.
                position = Optional.empty();
                return;
            }
            checkLogins();
            // The log first: what is read afterwards is at least as new.
            pull();
            List<LiveTopicState> all = List.copyOf(followed.values());
            all.stream().filter(state -> !state.isPeriodic()).forEach(this::refresh);
            send(senders);
            all.stream().filter(LiveTopicState::isPeriodic).forEach(this::refresh);
            send(senders);
            hasFailed = false;
        } catch (ArchitectException failure) {
            if (!hasFailed) {
                LOG.warn("live pages get nothing: {}", failure.getMessage());
            }
            hasFailed = true;
        } catch (RuntimeException failure) {
            LOG.error("a round of the live channel failed", failure);
        }
    }

    private void send(LiveSenders senders) throws InterruptedException {
        ChangePosition now = position.orElse(NO_LOG);
        List<LiveConnection> due = new ArrayList<>();
        for (LiveConnection connection : connections.keySet()) {
            connection.bound();
            if (connection.isDue(HEARTBEAT)) {
                due.add(connection);
            }
        }
        senders.each(due, connection -> connection.drain(now, HEARTBEAT));
    }

    private void removeClosed() {
        if (!connections.keySet().removeIf(LiveConnection::isClosed) && !isAnyGone) {
            return;
        }
        isAnyGone = false;
        Set<LiveSubscription> open = new LinkedHashSet<>();
        connections.keySet().forEach(each -> open.addAll(each.subscriptions().keySet()));
        followed.values().removeIf(state -> {
            state.subscriptions().retainAll(open);
            return state.subscriptions().isEmpty();
        });
    }

    /** Ends the connections of logins and tokens that have ended, on whatever node, and what their holders may no longer see. */
    private void checkLogins() {
        long now = time.nanoTime();
        if (now - loginsCheckedAt < LOGIN_CHECK.toNanos()) {
            return;
        }
        loginsCheckedAt = now;
        for (LiveConnection connection : connections.keySet()) {
            Optional<Principal> present = accessFilter.present(connection.principal());
            if (present.isEmpty()) {
                connection.close(LiveConnection.LOGIN_ENDED, "the login has ended");
                continue;
            }
            connection.principal(present.get());
            connection.subscriptions().entrySet().removeIf(each -> {
                boolean isLost = !isAllowed(connection, each.getValue().topic());
                if (isLost) {
                    end(each.getKey(), each.getValue());
                    connection.tell(LiveMessage.refused(
                            each.getKey().id(),
                            "forbidden",
                            "you lack the permission "
                                    + each.getValue().topic().permission().name()));
                }
                return isLost;
            });
        }
    }

    /** Reads the log up to its end, and notes what concerns a topic. */
    private void pull() {
        if (changes.isEmpty()) {
            return;
        }
        ChangeStore log = changes.get();
        if (position.isEmpty()) {
            position = Optional.of(log.newest());
            return;
        }
        long before;
        do {
            before = position.get().sequence();
            ChangePage page = log.after(position.get(), ChangeStore.MAX_PAGE);
            if (page.isGap()) {
                followed.values().forEach(LiveTopicState::overflow);
            }
            for (RecordedChange change : page.changes()) {
                followed.values().forEach(state -> state.note(change));
            }
            position = Optional.of(page.position());
            // An entry that this version does not know counts as well.
        } while (position.get().sequence() - before >= ChangeStore.MAX_PAGE);
    }

    private void refresh(LiveTopicState state) {
        try {
            state.refresh();
            for (LiveSubscription subscription : state.subscriptions()) {
                subscription.takeSince().ifPresent(since -> resume(subscription, state, since));
            }
            state.serveSnapshots();
        } catch (StoreException failure) {
            throw failure;
        } catch (RuntimeException failure) {
            LOG.error("topic {} cannot be read", state.name(), failure);
            // The others go on; those who follow it are not to believe that nothing changes.
            connections.keySet().stream()
                    .filter(each -> each.subscriptions().containsValue(state))
                    .forEach(each -> each.close(SERVER_ERROR, "a topic cannot be read"));
        }
    }

    private void resume(LiveSubscription subscription, LiveTopicState state, ChangePosition since) {
        Optional<Set<String>> missed = state.isResumable() ? missed(state.topic(), since) : Optional.empty();
        if (missed.isPresent()) {
            state.resume(subscription, missed.get());
        } else {
            subscription.overflow();
        }
    }

    /** The keys of what has changed since a position; empty when that is not known, or too much. */
    private Optional<Set<String>> missed(LiveTopic topic, ChangePosition since) {
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        Set<String> keys = new LinkedHashSet<>();
        ChangePosition at = since;
        for (int i = 0; i < MAX_RESUMED_PAGES; i++) {
            ChangePage page = changes.get().after(at, ChangeStore.MAX_PAGE);
            if (page.isGap()) {
                return Optional.empty();
            }
            page.changes().forEach(change -> keys.addAll(topic.keys(change)));
            boolean isLast = page.position().sequence() - at.sequence() < ChangeStore.MAX_PAGE;
            at = page.position();
            if (isLast) {
                return Optional.of(keys);
            }
        }
        return Optional.empty();
    }

    /** Closes the connections, and waits up to half a second until the clients were told. */
    @Override
    public void close() {
        List<LiveConnection> open;
        synchronized (connections) {
            closed = true;
            open = new ArrayList<>(connections.keySet());
        }
        news.signal();
        CountDownLatch told = new CountDownLatch(open.size());
        open.forEach(connection -> connection.close(GOING_AWAY, "the server stops", told::countDown));
        try {
            if (!told.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("{} clients of the live channel were not told of the end", told.getCount());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
