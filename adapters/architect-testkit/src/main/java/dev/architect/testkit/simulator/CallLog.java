package dev.architect.testkit.simulator;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The requests that were received, and the sums over them. Safe for use by several threads.
 *
 * <p>Keeps the latest {@value #LIMIT} calls; the sums cover all calls since the start or the last clearing.
 */
final class CallLog {

    static final int LIMIT = 500_000;

    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Map<String, Sum> sums = new LinkedHashMap<>();
    private long arrived;
    private int arrivedHere;
    private int finishedHere;
    private int generation;

    /** A call in the log while it is being answered. */
    static final class Entry {

        private final int generation;
        private SimulatedCall call;

        private Entry(int generation, SimulatedCall call) {
            this.generation = generation;
            this.call = call;
        }

        long number() {
            return call.number();
        }

        long sinceStartNanos() {
            return call.sinceStart().toNanos();
        }
    }

    /**
     * The sums of one provider.
     *
     * @param arrived the requests received
     * @param answered the requests answered in full
     * @param billedPicoUsd the cost of all of them
     */
    record Sum(long arrived, long answered, BigInteger billedPicoUsd) {

        static final Sum ZERO = new Sum(0, 0, BigInteger.ZERO);
    }

    /** Notes an arrival; the request id is made from its number. */
    synchronized Entry arrive(String provider, String path, long seed) {
        long number = ++arrived;
        Instant now = Instant.now();
        SimulatedCall call = new SimulatedCall(
                number,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                now,
                Duration.ZERO,
                provider,
                path,
                "",
                false,
                0,
                CallAction.OPEN,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                false,
                new Ids(seed, number).request());
        Entry entry = new Entry(generation, call);
        entries.add(entry);
        if (entries.size() > LIMIT) {
            entries.remove();
        }
        sums.merge(provider, new Sum(1, 0, BigInteger.ZERO), CallLog::plus);
        arrivedHere++;
        notifyAll();
        return entry;
    }

    /** Notes which model an open call is for. */
    synchronized void asked(Entry entry, String model, boolean stream) {
        SimulatedCall c = entry.call;
        entry.call = new SimulatedCall(
                c.number(),
                c.sinceStart(),
                c.arrivedAt(),
                c.took(),
                c.provider(),
                c.path(),
                model,
                stream,
                c.status(),
                c.action(),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                false,
                c.requestId());
    }

    /** Notes the end of a call; called before its last bytes are sent, so that a client never knows more than the log. */
    synchronized void finish(
            Entry entry, int status, CallAction action, TokenCounts counts, long billedPicoUsd, boolean clientHungUp) {
        SimulatedCall c = entry.call;
        entry.call = new SimulatedCall(
                c.number(),
                c.sinceStart(),
                c.arrivedAt(),
                Duration.ofNanos(System.nanoTime() - startedNanos).minus(c.sinceStart()),
                c.provider(),
                c.path(),
                c.model(),
                c.stream(),
                status,
                action,
                counts.prompt(),
                counts.cacheRead(),
                counts.cacheWrite(),
                counts.output(),
                counts.reasoning(),
                counts.searches(),
                billedPicoUsd,
                clientHungUp,
                c.requestId());
        if (entry.generation == generation) {
            Sum more = new Sum(0, action == CallAction.OK ? 1 : 0, BigInteger.valueOf(billedPicoUsd));
            sums.merge(c.provider(), more, CallLog::plus);
            finishedHere++;
            notifyAll();
        }
    }

    /** Notes that the client of a finished call went away, while it was kept waiting or before its last bytes were sent. */
    synchronized void hungUp(Entry entry) {
        SimulatedCall c = entry.call;
        entry.call = new SimulatedCall(
                c.number(),
                c.sinceStart(),
                c.arrivedAt(),
                Duration.ofNanos(System.nanoTime() - startedNanos).minus(c.sinceStart()),
                c.provider(),
                c.path(),
                c.model(),
                c.stream(),
                c.status(),
                c.action(),
                c.promptTokens(),
                c.cacheReadTokens(),
                c.cacheWriteTokens(),
                c.outputTokens(),
                c.reasoningTokens(),
                c.searches(),
                c.billedPicoUsd(),
                true,
                c.requestId());
    }

    synchronized List<SimulatedCall> calls() {
        List<SimulatedCall> calls = new ArrayList<>(entries.size());
        entries.forEach(entry -> calls.add(entry.call));
        return List.copyOf(calls);
    }

    /** The latest calls, oldest first. */
    synchronized List<SimulatedCall> last(int count) {
        List<SimulatedCall> all = calls();
        return all.subList(Math.max(all.size() - count, 0), all.size());
    }

    synchronized Sum sum(String provider) {
        return sums.getOrDefault(provider, Sum.ZERO);
    }

    synchronized Sum total() {
        return sums.values().stream().reduce(Sum.ZERO, CallLog::plus);
    }

    /** Forgets all calls and sums; a call that is still open is not counted when it ends. */
    synchronized void clear() {
        entries.clear();
        sums.clear();
        arrivedHere = 0;
        finishedHere = 0;
        generation++;
    }

    boolean awaitArrived(int count, Duration timeout) throws InterruptedException {
        return await(timeout, () -> arrivedHere >= count);
    }

    boolean awaitFinished(int count, Duration timeout) throws InterruptedException {
        return await(timeout, () -> finishedHere >= count);
    }

    Instant startedAt() {
        return startedAt;
    }

    private synchronized boolean await(Duration timeout, BooleanSupplier reached) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!reached.getAsBoolean()) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    private static Sum plus(Sum a, Sum b) {
        return new Sum(
                a.arrived() + b.arrived(),
                a.answered() + b.answered(),
                a.billedPicoUsd().add(b.billedPicoUsd()));
    }
}
