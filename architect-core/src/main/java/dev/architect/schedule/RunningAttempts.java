package dev.architect.schedule;

import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.task.TaskId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of this node that hold a slot, and the fencing tokens of those that have given theirs up before their end is recorded.
 * Safe for use by several threads.
 */
final class RunningAttempts {

    private static final int NAMED_TASKS = 5;

    private final Map<FencingToken, RunningAttempt> byToken = new ConcurrentHashMap<>();
    // Counted as it changes: it is asked before each claim, and there may be ten thousand attempts.
    private final Map<String, AtomicInteger> beforeRequest = new ConcurrentHashMap<>();
    private final Set<FencingToken> announced = ConcurrentHashMap.newKeySet();
    // Counted: it is asked for before each claim.
    private final AtomicInteger suspects = new AtomicInteger();
    private final Set<FencingToken> unrecorded = ConcurrentHashMap.newKeySet();

    /** Notes claims that are about to be started one after the other, until {@link #forget}. */
    void announce(Collection<ClaimedTask> claims) {
        claims.forEach(claim -> announced.add(claim.fencingToken()));
    }

    /** The claims were started, or given back. */
    void forget(Collection<ClaimedTask> claims) {
        claims.forEach(claim -> announced.remove(claim.fencingToken()));
    }

    /** Whether a claim runs here, is about to, or has an end that is not recorded yet. */
    boolean knows(FencingToken fencingToken) {
        // In this order: a claim is added to the next before it is removed from the one before.
        return announced.contains(fencingToken)
                || byToken.containsKey(fencingToken)
                || unrecorded.contains(fencingToken);
    }

    void add(RunningAttempt attempt) {
        attempt.countBeforeRequest(
                beforeRequest.computeIfAbsent(attempt.request().type(), type -> new AtomicInteger()));
        byToken.put(attempt.fencingToken(), attempt);
        if (attempt.isSuspect()) {
            suspects.incrementAndGet();
        }
    }

    /** Removes it; false when it was removed before. */
    boolean remove(RunningAttempt attempt) {
        attempt.leaveBeforeRequest();
        boolean removed = byToken.remove(attempt.fencingToken(), attempt);
        if (removed && attempt.isSuspect()) {
            suspects.decrementAndGet();
        }
        return removed;
    }

    /** As {@link #remove}, for an attempt whose end is yet to be recorded: it is known until {@link #recorded}. */
    boolean removeUnrecorded(RunningAttempt attempt) {
        unrecorded.add(attempt.fencingToken());
        return remove(attempt);
    }

    /** The end of an attempt is recorded. */
    void recorded(RunningAttempt attempt) {
        unrecorded.remove(attempt.fencingToken());
    }

    @Nullable
    RunningAttempt get(FencingToken fencingToken) {
        return byToken.get(fencingToken);
    }

    Collection<RunningAttempt> all() {
        return byToken.values();
    }

    Set<FencingToken> tokens() {
        return byToken.keySet();
    }

    int count() {
        return byToken.size();
    }

    boolean isEmpty() {
        return byToken.isEmpty();
    }

    /** Whether no claim is about to be started. */
    boolean isNoneAnnounced() {
        return announced.isEmpty();
    }

    /** How many attempts at tasks of {@code type} have not yet begun a request. */
    int countBeforeRequest(String type) {
        AtomicInteger count = beforeRequest.get(type);
        return count == null ? 0 : count.get();
    }

    /** Whether a task runs that was running when two nodes died. */
    boolean hasSuspect() {
        return suspects.get() > 0;
    }

    /** How many there are, and the ids of the first. */
    String describe() {
        List<String> ids = byToken.keySet().stream()
                .map(fencingToken -> fencingToken.id().toString())
                .limit(NAMED_TASKS + 1L)
                .toList();
        String named = String.join(", ", ids.subList(0, Math.min(ids.size(), NAMED_TASKS)));
        return byToken.size() + " running tasks (" + named + (ids.size() > NAMED_TASKS ? ", …)" : ")");
    }

    void stop(TaskId id, RunningAttempt.Stop reason) {
        byToken.forEach((fencingToken, attempt) -> {
            if (fencingToken.id().equals(id)) {
                attempt.stop(reason);
            }
        });
    }

    void stopAll(RunningAttempt.Stop reason) {
        byToken.values().forEach(attempt -> attempt.stop(reason));
    }
}
