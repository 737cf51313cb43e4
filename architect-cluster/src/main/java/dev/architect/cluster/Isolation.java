package dev.architect.cluster;

import dev.architect.cluster.message.Envelope;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members that do not belong here: those of another store, and those that speak another version. Nothing that they send is looked at, and each
 * is named once in the log. Safe for use by several threads.
 */
final class Isolation {

    private static final Logger LOG = LoggerFactory.getLogger(Isolation.class);

    /** The most members that are remembered; messages of further ones are dropped without a word. */
    private static final int MOST = 1_000;

    private static final int MAX_SHOWN = 100;

    private final String storeId;
    private final Map<String, String> reasons = new ConcurrentHashMap<>();

    Isolation(String storeId) {
        this.storeId = storeId;
    }

    /** Whether the content of a message may be looked at. */
    boolean admits(String member, Envelope message) {
        // The store first: what another cluster speaks is of no interest.
        if (!message.storeId().equals(storeId)) {
            isolate(
                    member,
                    "it shares store " + shown(message.storeId()) + ", expected " + storeId
                            + ": nodes of two stores are in one cluster");
            return false;
        }
        if (!message.isInRange()) {
            isolate(
                    member,
                    "it speaks version " + message.version() + " of the protocol, expected " + Envelope.OLDEST_VERSION
                            + " to " + Envelope.VERSION);
            return false;
        }
        if (!reasons.isEmpty() && reasons.remove(member) != null) {
            LOG.info("member '{}' is no longer isolated", shown(member));
        }
        return true;
    }

    /** A message of the member cannot be read. */
    void unreadable(String member, String reason) {
        isolate(member, reason);
    }

    private void isolate(String member, String reason) {
        if (reasons.size() >= MOST && !reasons.containsKey(member)) {
            return;
        }
        String before = reasons.put(member, reason);
        if (!reason.equals(before)) {
            LOG.warn("member '{}' is isolated: {}", shown(member), reason);
        }
    }

    /** What comes from outside goes into a log on one line. */
    private static String shown(String text) {
        String cut = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    /** Forgets members that are gone. */
    void keepOnly(Set<String> members) {
        reasons.keySet().retainAll(members);
    }

    /** The isolated members and why, by name. */
    Map<String, String> reasons() {
        return new TreeMap<>(reasons);
    }
}
