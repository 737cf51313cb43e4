package dev.architect.cluster.hint;

import dev.architect.cluster.message.ChangeHint;
import dev.architect.cluster.message.DocumentHint;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other nodes what was changed in the store, after it was committed: the first change at once, then at most one message every five
 * milliseconds, with all that has happened since; from twenty members on more rarely, so that none of them receives more than four thousand a second. Ends of tasks alone, for which others only wait, at most every hundred. What cannot be
 * sent is forgotten; a node that misses it polls the store.
 *
 * <p>A thread of its own sends. The other methods never block and are safe for use by several threads.
 */
public final class HintSender {

    private static final Logger LOG = LoggerFactory.getLogger(HintSender.class);

    private static final Duration PAUSE = Duration.ofMillis(5);
    /** So many members send without being slowed down. */
    private static final int USUAL_MEMBERS = 20;

    private static final Duration PAUSE_OF_ENDS = Duration.ofMillis(100);
    private static final Duration IDLE = Duration.ofMinutes(1);

    /** How much later than the preferred node the others are told. */
    public static final Duration PREFERENCE = Duration.ofMillis(200);

    /** The most documents, and the most members, that wait to be told about at a time. */
    private static final int MOST_WAITING = 1_000;

    private final ClusterTransport transport;
    private final String storeId;
    private final TimeSource time;
    private final boolean isForTasks;
    private final ClusterLoop loop;
    // Belongs to the loop.
    private boolean hasFailed;
    // What follows is guarded by this object.
    private final Set<ChangeKind> pending = EnumSet.noneOf(ChangeKind.class);
    private final Map<String, Long> documents = new LinkedHashMap<>();
    private final Set<String> preferred = new TreeSet<>();
    private boolean isForOthersLater;
    private long othersDue;
    private long lastSent;

    /**
     * Creates a sender that does nothing until it is started.
     *
     * @param isForTasks whether changes of tasks are sent, and not only those of documents and nodes
     */
    public HintSender(ClusterTransport transport, String storeId, TimeSource time, boolean isForTasks) {
        this.transport = transport;
        this.storeId = storeId;
        this.time = time;
        this.isForTasks = isForTasks;
        this.lastSent = time.nanoTime() - PAUSE_OF_ENDS.toNanos();
        this.loop = new ClusterLoop("hints", time, this::step);
    }

    public void start(ThreadRunner threads) {
        loop.start(threads);
    }

    public void stop() {
        loop.stop();
    }

    /** Something of these kinds was committed. */
    public void changed(Set<ChangeKind> kinds) {
        Set<ChangeKind> sent = EnumSet.noneOf(ChangeKind.class);
        sent.addAll(kinds);
        if (!isForTasks) {
            sent.retainAll(Set.of(ChangeKind.CLUSTER, ChangeKind.NODE));
        }
        if (sent.isEmpty()) {
            return;
        }
        synchronized (this) {
            pending.addAll(sent);
        }
        loop.signal();
    }

    /**
     * As {@link #changed}, for a task that has become ready, which one node is to know of first.
     *
     * @param member the preferred node; empty when it is this one, which knows already
     */
    public void ready(Optional<String> member) {
        if (!isForTasks) {
            return;
        }
        synchronized (this) {
            if (preferred.size() < MOST_WAITING) {
                member.ifPresent(preferred::add);
            }
            if (!isForOthersLater) {
                isForOthersLater = true;
                othersDue = time.nanoTime() + PREFERENCE.toNanos();
            }
        }
        loop.signal();
    }

    /** A version of a document was committed. */
    public void documentWritten(String name, long version) {
        synchronized (this) {
            if (documents.size() < MOST_WAITING) {
                documents.merge(name, version, Math::max);
            }
        }
        loop.signal();
    }

    private Duration step() {
        List<Runnable> sends = new ArrayList<>();
        Duration wait;
        synchronized (this) {
            wait = take(sends, time.nanoTime());
        }
        // Outside the lock: a transport may keep its sender waiting.
        sends.forEach(this::send);
        return wait;
    }

    /** Adds what is to be sent now to {@code sends}, and returns how long the next step may wait. */
    private Duration take(List<Runnable> sends, long now) {
        if (isForOthersLater && othersDue - now <= 0) {
            isForOthersLater = false;
            pending.add(ChangeKind.TASK_READY);
        }
        Duration untilOthers = isForOthersLater ? Duration.ofNanos(othersDue - now) : IDLE;
        if (pending.isEmpty() && documents.isEmpty() && preferred.isEmpty()) {
            return untilOthers;
        }
        boolean canWait = documents.isEmpty() && preferred.isEmpty() && pending.equals(Set.of(ChangeKind.TASK_ENDED));
        int times = Math.max(1, transport.view().members().size() / USUAL_MEMBERS);
        Duration pause = (canWait ? PAUSE_OF_ENDS : PAUSE).multipliedBy(times);
        Duration left = pause.minusNanos(now - lastSent);
        if (left.compareTo(Duration.ZERO) > 0) {
            return shortest(left, untilOthers);
        }
        lastSent = now;
        preferred.forEach(member -> message(Set.of(ChangeKind.TASK_READY))
                .ifPresent(message -> sends.add(() -> transport.send(member, message))));
        preferred.clear();
        message(pending).ifPresent(message -> sends.add(() -> transport.broadcast(message)));
        pending.clear();
        documents.forEach((name, version) ->
                sends.add(() -> transport.broadcast(new DocumentHint(name, version).toMessage(storeId))));
        documents.clear();
        return untilOthers;
    }

    private Optional<byte[]> message(Set<ChangeKind> kinds) {
        return new ChangeHint(kinds).toMessage(storeId);
    }

    private static Duration shortest(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void send(Runnable sending) {
        try {
            sending.run();
            hasFailed = false;
        } catch (Throwable failure) {
            // Others find it by themselves; a transport that fails each time is logged once until it recovers.
            if (!hasFailed) {
                LOG.warn("hints cannot be sent: {}", failure.toString());
            }
            hasFailed = true;
        }
    }
}
