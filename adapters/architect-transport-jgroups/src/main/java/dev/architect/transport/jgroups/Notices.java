package dev.architect.transport.jgroups;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what others do wrong: once for each kind and origin, because a misconfigured peer tries again every few seconds. Safe for use by
 * several threads.
 */
final class Notices {

    private static final Logger LOG = LoggerFactory.getLogger(JGroupsTransport.class);

    /** Of so many kinds and origins; further ones are counted only. */
    private static final int MAX_LOGGED = 100;

    // By kind and origin.
    private final Map<String, String> logged = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();

    /**
     * Counts something, and logs it when it is the first of its kind from there.
     *
     * @param origin where it came from, without what differs each time, for example ports of clients
     * @param message a sentence without its end
     */
    void log(String kind, String origin, String message) {
        count.incrementAndGet();
        String key = kind + " " + origin;
        if (logged.size() < MAX_LOGGED && logged.putIfAbsent(key, message) == null) {
            LOG.warn("{}; further ones are counted and not logged", message);
        }
    }

    /** What was logged. */
    List<String> logged() {
        return List.copyOf(logged.values());
    }

    /** How often something was wrong. */
    long count() {
        return count.get();
    }
}
