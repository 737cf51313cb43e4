package dev.architect.cluster.transport;

import dev.architect.node.ClusterStore;
import dev.architect.node.NodeMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The messages of the store that are for one member, each once.
 *
 * <p>Numbers are drawn before transactions commit, so a message may become visible after others with higher numbers. Every read goes on
 * after the highest number seen; a thorough one goes back to where the last thorough reads of some time ago began, and leaves out what was
 * seen since. A message that is committed later than that is lost, as any may be. Belongs to one thread.
 */
final class StoredMessages {

    /** How far a thorough read goes back. */
    static final Duration LATE = Duration.ofSeconds(2);

    private final ClusterStore store;
    private final String member;
    /** Where the numbers stood at times of thorough reads, oldest first; the first one is at least {@link #LATE} ago. */
    private final Deque<Mark> marks = new ArrayDeque<>();

    private final Set<Long> seen = new HashSet<>();
    private long highest;

    private record Mark(long number, long nanos) {}

    /** Begins after the newest message, which was not sent to this run of the member. */
    StoredMessages(ClusterStore store, String member) {
        this.store = store;
        this.member = member;
        this.highest = store.lastMessage();
    }

    /**
     * Hands over what is new until {@code consumer} returns false.
     *
     * @param nanos now, by the clock of all reads
     * @param isThorough whether messages are looked for that have become visible late
     */
    void read(long nanos, boolean isThorough, Predicate<NodeMessage> consumer) {
        long after = highest;
        if (isThorough) {
            while (marks.size() > 1 && nanos - second().nanos >= LATE.toNanos()) {
                marks.removeFirst();
            }
            marks.addLast(new Mark(highest, nanos));
            after = marks.getFirst().number;
            long begin = after;
            seen.removeIf(number -> number <= begin);
        }
        boolean isWanted = true;
        boolean hasMore = true;
        while (isWanted && hasMore) {
            List<NodeMessage> page = store.messages(member, after, ClusterStore.MAX_MESSAGES);
            hasMore = page.size() == ClusterStore.MAX_MESSAGES;
            for (NodeMessage message : page) {
                after = Math.max(after, message.number());
                highest = Math.max(highest, message.number());
                if (isWanted && seen.add(message.number())) {
                    isWanted = consumer.test(message);
                }
            }
        }
    }

    private Mark second() {
        var all = marks.iterator();
        all.next();
        return all.next();
    }
}
