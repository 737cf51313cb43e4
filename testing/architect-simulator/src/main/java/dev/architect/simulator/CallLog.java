package dev.architect.simulator;

import dev.architect.simulator.answer.ResponseIds;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.wire.ParsedRequest;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
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

    // Bounded, because a simulator may run under load for a long time.
    static final int LIMIT = 500_000;

    private final Instant startedAt = Instant.now();
    // Durations are measured by it, because the wall clock may be set while the simulator runs.
    private final long startedNanos = System.nanoTime();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Map<String, Sum> sums = new LinkedHashMap<>();
    private long arrived;
    private int arrivedSinceClear;
    private int finishedSinceClear;
    private int generation;

    /** A call in the log; the mutable fields are guarded by the lock of the log. */
    static final class Entry {

        private final int generation;
        private final long number;
        private final Duration sinceStart;
        private final Instant arrivedAt = Instant.now();
        private final String provider;
        private final String path;
        private final long seed;
        private Duration took = Duration.ZERO;
        private String model = "";
        private boolean stream;
        private int status;
        private CallAction action = CallAction.OPEN;
        private TokenCounts counts = TokenCounts.NONE;
        private long billedPicoUsd;
        private boolean clientHungUp;
        private int toolsOffered;
        private int toolCalls;
        private int mediaParts;
        private String effort = "";

        private Entry(int generation, long number, Duration sinceStart, String provider, String path, long seed) {
            this.generation = generation;
            this.number = number;
            this.sinceStart = sinceStart;
            this.provider = provider;
            // Clients send the same few texts over and over, and the log keeps half a million calls.
            this.path = path.intern();
            this.seed = seed;
        }

        long number() {
            return number;
        }

        long sinceStartNanos() {
            return sinceStart.toNanos();
        }

        private SimulatedCall call() {
            return new SimulatedCall(
                    number,
                    sinceStart,
                    arrivedAt,
                    took,
                    provider,
                    path,
                    model,
                    stream,
                    status,
                    action,
                    counts.prompt(),
                    counts.cacheRead(),
                    counts.cacheWrite() + counts.longCacheWrite(),
                    counts.output(),
                    counts.reasoning(),
                    counts.searches(),
                    billedPicoUsd,
                    clientHungUp,
                    new ResponseIds(seed, number).request(),
                    counts.longCacheWrite(),
                    toolsOffered,
                    toolCalls,
                    mediaParts,
                    effort);
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

    /** Records an arrival; the request id is derived from its number. */
    synchronized Entry recordArrival(String provider, String path, long seed) {
        Entry entry = new Entry(generation, ++arrived, sinceStart(), provider, path, seed);
        entries.add(entry);
        if (entries.size() > LIMIT) {
            entries.remove();
        }
        sums.merge(provider, new Sum(1, 0, BigInteger.ZERO), CallLog::plus);
        arrivedSinceClear++;
        notifyAll();
        return entry;
    }

    /** Records the parsed request of an open call. */
    synchronized void recordRequest(Entry entry, ParsedRequest.Chat chat) {
        entry.model = chat.modelId().intern();
        entry.stream = chat.stream();
        entry.toolsOffered = chat.tools().offered().size();
        entry.mediaParts = chat.prompt().media();
        entry.effort = chat.effort().intern();
    }

    /** Records that an open call requests embeddings. */
    synchronized void recordRequest(Entry entry, ParsedRequest.Embedding embedding) {
        entry.model = embedding.modelId().intern();
    }

    /** Records the tool calls of an answer that is about to be completed. */
    synchronized void recordToolCalls(Entry entry, int count) {
        entry.toolCalls = count;
    }

    /** Records the end of a call; called before its last bytes are sent, so that the log is complete when the client has the answer. */
    synchronized void recordEnd(
            Entry entry, int status, CallAction action, TokenCounts counts, long billedPicoUsd, boolean clientHungUp) {
        entry.took = sinceStart().minus(entry.sinceStart);
        entry.status = status;
        entry.action = action;
        // Calls of an answer that broke off may not have reached the client.
        entry.toolCalls = action == CallAction.OK ? entry.toolCalls : 0;
        entry.counts = counts;
        entry.billedPicoUsd = billedPicoUsd;
        entry.clientHungUp = clientHungUp;
        // A call that began before the last clearing would otherwise appear in sums that count no arrival of it.
        if (entry.generation == generation) {
            Sum more = new Sum(0, action == CallAction.OK ? 1 : 0, BigInteger.valueOf(billedPicoUsd));
            sums.merge(entry.provider, more, CallLog::plus);
            finishedSinceClear++;
            notifyAll();
        }
    }

    /** Records that the client of a finished call hung up, during a silent outage or before the last bytes were sent. */
    synchronized void recordHangUp(Entry entry) {
        entry.took = sinceStart().minus(entry.sinceStart);
        entry.clientHungUp = true;
    }

    synchronized List<SimulatedCall> calls() {
        return entries.stream().map(Entry::call).toList();
    }

    /** The latest calls, oldest first. */
    synchronized List<SimulatedCall> last(int count) {
        return entries.stream()
                .skip(Math.max(entries.size() - (long) count, 0))
                .map(Entry::call)
                .toList();
    }

    synchronized Sum sum(String provider) {
        return sums.getOrDefault(provider, Sum.ZERO);
    }

    synchronized Sum total() {
        return sums.values().stream().reduce(Sum.ZERO, CallLog::plus);
    }

    /** Removes all calls and sums; a call that is still open is not counted when it ends. */
    synchronized void clear() {
        entries.clear();
        sums.clear();
        arrivedSinceClear = 0;
        finishedSinceClear = 0;
        generation++;
    }

    boolean awaitArrived(int count, Duration timeout) throws InterruptedException {
        return await(timeout, () -> arrivedSinceClear >= count);
    }

    boolean awaitFinished(int count, Duration timeout) throws InterruptedException {
        return await(timeout, () -> finishedSinceClear >= count);
    }

    Instant startedAt() {
        return startedAt;
    }

    private Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    private synchronized boolean await(Duration timeout, BooleanSupplier reached) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!reached.getAsBoolean()) {
            // Rounded down to the milliseconds of wait(), where zero would wait without an end.
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
