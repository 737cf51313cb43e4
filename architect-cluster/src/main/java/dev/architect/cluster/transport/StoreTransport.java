package dev.architect.cluster.transport;

import dev.architect.error.ArchitectException;
import dev.architect.node.MemberView;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeMessage;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.spi.Store.Subscription;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transport without a port of its own: everything passes through the store that the nodes share anyway.
 *
 * <p>The members are this one and the living nodes of the registry that name a {@linkplain NodeInfo#member() member}. A node
 * whose beats have stopped leaves the view after {@link Builder#silence}, before its lease ends. A node enters the registry when its engine
 * joins, so others see it from then on and not from {@link #start} on.
 *
 * <p>Messages are kept in the store for a minute. A store that announces changes brings them at once, every other one within the poll
 * interval. Each message is a transaction of its own, so this is for networks where nodes reach nothing but their database. A message to a
 * member that does not exist is kept as well, and never read.
 *
 * <p>Two threads of its own use the store; no caller waits for it but that of {@link #start}, which reads it once. While the store
 * fails, messages are dropped and the last view stays. The store is the host's to close, after the transport. Safe for use by several
 * threads.
 */
public final class StoreTransport implements ClusterTransport {

    private static final Logger LOG = LoggerFactory.getLogger(StoreTransport.class);

    /** How long {@link #close()} waits for messages that were sent before. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /** After a failure of the store it is left alone for this long. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** A change of anything wakes the reader, so reads keep this distance. */
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);

    /** Members change seldom, so they are read with every fourth poll. */
    private static final int POLLS_PER_VIEW = 4;

    private final Store store;
    private final TimeSource time;
    private final Duration pollInterval;
    private final WakeUp changed;
    private final WakeUp queued;
    private final ThreadRunner runner = new ThreadRunner("architect-store-transport");
    private final OutgoingMessages outgoing;
    private final RegistryView members;
    // Guarded by this object's lock, for start and close.
    private boolean started;
    private @Nullable Thread writer;
    private @Nullable Subscription subscription;
    private volatile @Nullable Session session;
    private volatile boolean closed;

    /** What a transport has from its start on. */
    private record Session(String member) {}

    private StoreTransport(Builder builder) {
        this.store = builder.store;
        this.time = builder.time;
        this.pollInterval = builder.pollInterval;
        this.changed = time.newWakeUp();
        this.queued = time.newWakeUp();
        this.outgoing = new OutgoingMessages(builder.capacity, time);
        this.members = new RegistryView(store, builder.silence);
    }

    /** Returns a transport over {@code store} with the defaults of the builder. */
    public static StoreTransport over(Store store) {
        return builder(store).build();
    }

    /** Begins a transport over {@code store}, which the nodes of the cluster share. */
    public static Builder builder(Store store) {
        return new Builder(store);
    }

    @Override
    public void start(String member, Receiver receiver) {
        requireName(member);
        if (receiver == null) {
            throw new IllegalArgumentException("receiver is null, expected a value");
        }
        synchronized (this) {
            if (started || closed) {
                throw new IllegalStateException("transport was started or closed, expected a new one");
            }
            started = true;
        }
        // Outside the lock, because they wait for the store.
        StoredMessages messages;
        MemberView first;
        Subscription subscribed;
        try {
            messages = new StoredMessages(store.cluster(), member);
            first = members.read(member);
            subscribed = store.subscribe(this::onChange);
        } catch (RuntimeException | Error failure) {
            synchronized (this) {
                started = false;
            }
            throw failure;
        }
        synchronized (this) {
            if (!closed) {
                session = new Session(member);
                subscription = subscribed;
                writer = runner.startPlatform("writer", this::write);
                runner.startPlatform("reader", () -> read(receiver, messages, member, first));
                return;
            }
        }
        subscribed.close();
        throw new IllegalStateException("transport was closed, expected a new one");
    }

    @Override
    public boolean passesThroughStore() {
        return true;
    }

    @Override
    public MemberView view() {
        return session == null || closed ? MemberView.NONE : members.last();
    }

    @Override
    public void send(String member, byte[] message) {
        requireName(member);
        post(member, message);
    }

    @Override
    public void broadcast(byte[] message) {
        post("", message);
    }

    private void post(String to, byte[] message) {
        NodeMessage.requireSize(message);
        Session present = session;
        if (present == null || closed) {
            throw new IllegalStateException("transport is not started or closed, expected a started one");
        }
        if (!to.equals(present.member)) {
            outgoing.add(to, message.clone());
            queued.signal();
        }
    }

    /** How many messages were dropped because too many waited, or because the store failed. */
    public long droppedCount() {
        return outgoing.droppedCount();
    }

    @Override
    public void close() {
        Thread writing;
        Subscription subscribed;
        synchronized (this) {
            closed = true;
            writing = writer;
            writer = null;
            subscribed = subscription;
            subscription = null;
        }
        if (subscribed != null) {
            subscribed.close();
        }
        queued.signal();
        changed.signal();
        if (writing != null) {
            awaitWriter(writing);
        }
        runner.close();
    }

    private static void awaitWriter(Thread writing) {
        try {
            writing.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void onChange(Change change) {
        if (change.kinds().contains(ChangeKind.CLUSTER)) {
            changed.signal();
        }
    }

    /** The loop of the thread that writes. What was sent before the end is still written. */
    private void write() {
        Outage outage = new Outage("written");
        try {
            while (!closed || !outgoing.isEmpty()) {
                OutgoingMessages.Outgoing next = outgoing.poll();
                if (next == null) {
                    queued.await(pollInterval);
                } else if (!outage.isWithin(() -> post(next))) {
                    outgoing.dropAll();
                    if (closed) {
                        return;
                    }
                    time.sleep(PAUSE);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(OutgoingMessages.Outgoing message) {
        Session present = session;
        if (present != null) {
            store.cluster().post(present.member, message.to(), message.content());
        }
    }

    /** The loop of the thread that reads, which is the one that calls the receiver. */
    private void read(Receiver receiver, StoredMessages messages, String member, MemberView first) {
        Outage outage = new Outage("read");
        show(receiver, first);
        // By the clock, because changes wake it at any time: late messages are looked for once in an interval.
        long lookedAt = time.nanoTime();
        int polls = 0;
        try {
            while (!closed) {
                boolean isDue = !changed.await(pollInterval) || time.nanoTime() - lookedAt >= pollInterval.toNanos();
                if (closed) {
                    return;
                }
                if (isDue) {
                    lookedAt = time.nanoTime();
                    polls++;
                }
                boolean isForMembers = isDue && polls % POLLS_PER_VIEW == 0;
                if (outage.isWithin(() -> readOnce(receiver, messages, isDue, isForMembers ? member : ""))) {
                    time.sleep(SHORTEST_INTERVAL);
                } else {
                    time.sleep(PAUSE);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads messages, and the members as {@code self} sees them unless that is empty. */
    private void readOnce(Receiver receiver, StoredMessages messages, boolean isDue, String self) {
        if (!self.isEmpty()) {
            MemberView before = members.last();
            MemberView now = members.read(self);
            if (!now.equals(before)) {
                show(receiver, now);
            }
        }
        messages.read(time.nanoTime(), isDue, message -> {
            if (!closed) {
                call(() -> receiver.onMessage(message.from(), message.content()));
            }
            return !closed;
        });
    }

    private void show(Receiver receiver, MemberView view) {
        if (!closed) {
            call(() -> receiver.onView(view));
        }
    }

    private static void call(Runnable receiver) {
        try {
            receiver.run();
        } catch (Throwable failure) {
            // Of the host's code, which may throw anything.
            LOG.warn("receiver of a cluster transport failed", failure);
        }
    }

    private static void requireName(String member) {
        if (member == null || member.isBlank()) {
            throw new IllegalArgumentException(
                    "member is " + (member == null ? "null" : "blank") + ", expected a name");
        }
        if (member.length() > NodeInfo.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "member has " + member.length() + " characters, expected at most " + NodeInfo.MAX_LENGTH);
        }
    }

    /** Whether the store fails: the first failure in a row is logged, and the end of it. Belongs to one thread. */
    private final class Outage {
        private final String what;
        private boolean isFailing;

        private Outage(String what) {
            this.what = what;
        }

        /** Does something with the store; false when it failed. */
        private boolean isWithin(Runnable work) {
            try {
                work.run();
            } catch (Throwable failure) {
                // A transport that ends leaves a store that may end as well.
                if (!isFailing && !closed) {
                    LOG.warn("messages between nodes are not {}, because the store fails: {}", what, reason(failure));
                }
                isFailing = true;
                return false;
            }
            if (isFailing) {
                LOG.info("messages between nodes are {} again", what);
                isFailing = false;
            }
            return true;
        }

        private static String reason(Throwable failure) {
            return failure instanceof ArchitectException ? String.valueOf(failure.getMessage()) : failure.toString();
        }
    }

    /** Collects what a transport needs. Not safe for use by several threads. */
    public static final class Builder {
        private final Store store;
        private TimeSource time = TimeSource.system();
        private Duration pollInterval = Duration.ofMillis(250);
        private Duration silence = NodeStore.SHORTEST_SILENCE;
        private int capacity = 1_000;

        private Builder(Store store) {
            if (store == null) {
                throw new IllegalArgumentException("store is null, expected a value");
            }
            this.store = store;
        }

        /** The clock that the threads wait by; the system's by default. */
        public Builder time(TimeSource newTime) {
            if (newTime == null) {
                throw new IllegalArgumentException("time is null, expected a value");
            }
            this.time = newTime;
            return this;
        }

        /**
         * How often messages are read that no change announced: 20 ms to 10 seconds, 250 ms by default. The registry is read a quarter as
         * often.
         */
        public Builder pollInterval(Duration interval) {
            this.pollInterval = requireRange("pollInterval", interval, Duration.ofMillis(20), Duration.ofSeconds(10));
            return this;
        }

        /**
         * How long a node may go without a beat before it leaves the view, as the store counts: 2 seconds or more,
         * {@link NodeStore#SHORTEST_SILENCE} by default, since the store ends no node before that. Nodes beat once a second.
         */
        public Builder silence(Duration newSilence) {
            this.silence = requireRange("silence", newSilence, Duration.ofSeconds(2), Duration.ofDays(1));
            return this;
        }

        /** How many messages may wait to be written: 1 to 100,000, 1,000 by default. When more come, the oldest are dropped. */
        public Builder capacity(int messages) {
            if (messages < 1 || messages > 100_000) {
                throw new IllegalArgumentException("capacity is " + messages + ", expected 1..100000");
            }
            this.capacity = messages;
            return this;
        }

        /** Returns the transport. */
        public StoreTransport build() {
            return new StoreTransport(this);
        }

        private static Duration requireRange(String field, Duration value, Duration min, Duration max) {
            if (value == null || value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                throw new IllegalArgumentException(field + " is " + value + ", expected " + min + ".." + max);
            }
            return value;
        }
    }
}
