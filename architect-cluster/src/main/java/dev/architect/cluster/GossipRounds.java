package dev.architect.cluster;

import dev.architect.cluster.hint.ClusterLoop;
import dev.architect.cluster.message.Gossip;
import dev.architect.cluster.message.HealthGossip;
import dev.architect.model.ModelId;
import dev.architect.route.HealthHint;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what this node sees, and what it knows of the health of models, twice a second and at most a kilobyte each second on average; hands
 * on what others know of it. Health that has changed goes first, the rest in turns, so that a lost message is made up for.
 *
 * <p>Nothing here waits for the store: that it cannot be reached is a part of what is said. A thread of its own sends, and calls the
 * host. The other methods never block and are safe for use by several threads.
 */
final class GossipRounds {

    private static final Logger LOG = LoggerFactory.getLogger(GossipRounds.class);

    static final Duration INTERVAL = Duration.ofMillis(500);

    /** Of a transport whose every message is a transaction of the store. */
    private static final Duration INTERVAL_THROUGH_STORE = Duration.ofSeconds(2);

    /** How many bytes a second, on average. */
    private static final int BYTES_PER_SECOND = 1_000;

    /** How many bytes of health that has changed go out at once; the rounds after it wait the longer. */
    private static final int BURST = 2_000;

    /** How many bytes a round has while nothing has changed. */
    private static final int USUAL = 500;

    /** A hint that is longer is not sent: a message has an end. */
    private static final int LONGEST_HINT = 1_500;

    /** The most hints of others that wait for the host. */
    private static final int MOST_RECEIVED = 1_000;

    private final ClusterTransport transport;
    private final String storeId;
    private final OwnNode own;
    private final TimeSource time;
    private final ClusterLoop loop;
    private volatile Supplier<List<HealthHint>> source = List::of;
    private volatile Consumer<List<HealthHint>> sink = hints -> {};
    // Guarded by this object.
    private List<HealthHint> received = new ArrayList<>();
    // What follows belongs to the loop.
    private final Map<ModelId, HealthHint> sent = new HashMap<>();
    private long nextRound;
    private int turn;
    private boolean hasFailed;
    // The host's code is called by others as well, and logged once until it recovers.
    private volatile boolean hasHealthFailed;

    GossipRounds(ClusterTransport transport, String storeId, OwnNode own, TimeSource time) {
        this.transport = transport;
        this.storeId = storeId;
        this.own = own;
        this.time = time;
        this.nextRound = time.nanoTime();
        this.loop = new ClusterLoop("gossip", time, this::step);
    }

    void start(ThreadRunner threads) {
        loop.start(threads);
    }

    void stop() {
        loop.stop();
    }

    void share(Supplier<List<HealthHint>> from, Consumer<List<HealthHint>> to) {
        source = from;
        sink = to;
        loop.signal();
    }

    /** Others know this of models. */
    void heard(List<HealthHint> hints) {
        synchronized (this) {
            if (received.size() + hints.size() > MOST_RECEIVED) {
                // They come again.
                return;
            }
            received.addAll(hints);
        }
        loop.signal();
    }

    /** What this node knows of models; nothing when the host's code fails. */
    List<HealthHint> ownHealth() {
        try {
            List<HealthHint> hints = List.copyOf(source.get());
            hasHealthFailed = false;
            return hints;
        } catch (Throwable failure) {
            if (!hasHealthFailed) {
                LOG.warn("the health of models is unknown: {}", failure.toString());
            }
            hasHealthFailed = true;
            return List.of();
        }
    }

    private Duration step() {
        handOn();
        long now = time.nanoTime();
        if (nextRound - now > 0) {
            return Duration.ofNanos(nextRound - now);
        }
        int bytes = round();
        Duration pause = Duration.ofMillis(bytes * 1_000L / BYTES_PER_SECOND);
        Duration shortest = transport.passesThroughStore() ? INTERVAL_THROUGH_STORE : INTERVAL;
        pause = pause.compareTo(shortest) < 0 ? shortest : pause;
        nextRound = now + pause.toNanos();
        return pause;
    }

    private void handOn() {
        List<HealthHint> waiting;
        synchronized (this) {
            if (received.isEmpty()) {
                return;
            }
            waiting = received;
            received = new ArrayList<>();
        }
        try {
            sink.accept(List.copyOf(waiting));
        } catch (Throwable failure) {
            LOG.warn("hints about the health of models are lost: {}", failure.toString());
        }
    }

    /** Sends what is due and returns how many bytes that was. */
    private int round() {
        List<HealthHint> hints = ownHealth();
        try {
            StoreSight sight = own.sight();
            byte[] gossip = new Gossip(
                            own.name(),
                            time.wallTime().toEpochMilli(),
                            sight.isReachable(),
                            sight.sinceBeat().map(Duration::toMillis).orElse(-1L),
                            Gossip.checksums(transport.view().members()))
                    .toMessage(storeId);
            transport.broadcast(gossip);
            int bytes = gossip.length + sendHealth(hints, gossip.length);
            hasFailed = false;
            return bytes;
        } catch (Throwable failure) {
            if (!hasFailed) {
                LOG.warn("what this node sees cannot be sent: {}", failure.toString());
            }
            hasFailed = true;
            return 0;
        }
    }

    private int sendHealth(List<HealthHint> known, int used) {
        List<HealthHint> hints = known.stream()
                .filter(hint -> HealthGossip.size(hint) <= LONGEST_HINT)
                .toList();
        List<HealthHint> chosen = new ArrayList<>();
        int bytes = 0;
        for (HealthHint hint : hints) {
            int size = HealthGossip.size(hint);
            if (!hint.equals(sent.get(hint.model())) && bytes + size <= BURST) {
                chosen.add(hint);
                bytes += size;
            }
        }
        if (chosen.isEmpty()) {
            // At least one: a view so large that it leaves no room is sent the more rarely.
            for (int i = 0; i < hints.size(); i++) {
                HealthHint hint = hints.get(turn % hints.size());
                int size = HealthGossip.size(hint);
                if (!chosen.isEmpty() && used + bytes + size > USUAL) {
                    break;
                }
                turn = (turn + 1) % hints.size();
                chosen.add(hint);
                bytes += size;
            }
        }
        if (chosen.isEmpty()) {
            return 0;
        }
        byte[] message = new HealthGossip(chosen).toMessage(storeId);
        transport.broadcast(message);
        sent.keySet().retainAll(hints.stream().map(HealthHint::model).toList());
        chosen.forEach(hint -> sent.put(hint.model(), hint));
        return message.length;
    }
}
