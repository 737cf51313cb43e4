package dev.architect.cluster;

import dev.architect.node.NodeRecord;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What this process is in the cluster: its name among the members, its incarnations, and whether the store answers it. Safe for use by
 * several threads.
 */
final class OwnNode {

    private final String member;
    private final TimeSource time;
    /** The time of the last beat that the store took, by incarnation. */
    private final Map<Long, Long> beats = new ConcurrentHashMap<>();

    /** A call that takes so long shows that the store is not reached: it fails only after the store's own limit. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long NO_CALL = Long.MIN_VALUE;

    private final AtomicLong calling = new AtomicLong(NO_CALL);
    private volatile String name;
    private volatile String failure = "";

    OwnNode(String name, String member, TimeSource time) {
        this.name = name;
        this.member = member;
        this.time = time;
    }

    /** Empty without a transport. */
    String member() {
        return member;
    }

    /** The name under which it has joined last; until then the one that it was built with. */
    String name() {
        return name;
    }

    void joined(String joinedName, long incarnation) {
        name = joinedName;
        beats.put(incarnation, time.nanoTime());
    }

    void beaten(long incarnation) {
        beats.put(incarnation, time.nanoTime());
    }

    void ended(long incarnation) {
        beats.remove(incarnation);
    }

    /** Whether a node runs here. */
    boolean isOwn(NodeRecord node) {
        return beats.containsKey(node.incarnation())
                || (!member.isEmpty() && node.info().member().equals(member));
    }

    /** A call of the store begins, on the one thread that calls regularly. */
    void calls() {
        calling.set(time.nanoTime());
    }

    /** That call has ended. */
    void called() {
        calling.set(NO_CALL);
    }

    void reached() {
        failure = "";
    }

    void failed(Throwable thrown) {
        String message = thrown.getMessage();
        failure = message == null || message.isEmpty() ? thrown.getClass().getSimpleName() : message;
    }

    StoreSight sight() {
        long now = time.nanoTime();
        Optional<Duration> sinceBeat = beats.values().stream()
                .map(beat -> Duration.ofNanos(Math.max(0, now - beat)))
                .max(Duration::compareTo);
        String thrown = failure;
        long begun = calling.get();
        long silent = begun == NO_CALL ? 0 : now - begun;
        if (thrown.isEmpty() && silent > PATIENCE.toNanos()) {
            thrown =
                    "the store has not answered for " + Duration.ofNanos(silent).toMillis() + " ms";
        }
        return new StoreSight(thrown.isEmpty(), sinceBeat, thrown);
    }
}
