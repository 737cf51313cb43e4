package dev.architect.router.quota;

import dev.architect.error.StoreException;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.project.Attribution;
import dev.architect.quota.QuotaStore;
import dev.architect.quota.SliceGrant;
import dev.architect.quota.SliceRequest;
import dev.architect.router.policy.QuotaRule;
import dev.architect.router.policy.QuotaUnit;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Several nodes before one token limit, in one thread and from one seed: requests arrive, take what they will probably use, and end some
 * seconds later with what they really used. Each node has clocks of its own, and may lose its store or die.
 */
final class SharedQuotaSimulation {

    static final long LIMIT = 600_000;

    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final ModelId MODEL = new ModelId("p", "m");
    private static final QuotaRule RULE = QuotaRule.perMinute(QuotaRule.Subject.PROVIDER, "p", QuotaUnit.TOKENS, LIMIT);

    private final ManualTime time;
    private final QuotaStore store;
    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private final PriorityQueue<Call> running = new PriorityQueue<>((a, b) -> Long.compare(a.endsAt, b.endsAt));
    /** What was really used, by the time at which its call began. */
    private final List<long[]> used = new ArrayList<>();

    private long exchanges;

    private record Call(long endsAt, Node node, QuotaReservation reservation, long prompt, long answer) {}

    SharedQuotaSimulation(ManualTime time, QuotaStore store, long seed) {
        this.time = time;
        this.store = store;
        this.random = new Random(seed);
    }

    /** Adds a node that gets {@code tokensPerMinute}, with clocks of its own. */
    Node add(double tokensPerMinute) {
        Node node = new Node(tokensPerMinute);
        nodes.add(node);
        return node;
    }

    void run(Duration duration) throws InterruptedException {
        long end = time.nanoTime() + duration.toNanos();
        while (time.nanoTime() < end) {
            while (!running.isEmpty() && running.peek().endsAt <= time.nanoTime()) {
                Call ended = running.poll();
                if (ended.node.isAlive) {
                    ended.node.end(ended);
                }
            }
            for (Node node : nodes) {
                if (node.isAlive) {
                    node.arrivals();
                }
            }
            time.advance(STEP);
        }
    }

    /** The most that calls which began within any minute used, as a part of the limit. */
    double mostInAMinute() {
        long sum = 0;
        long most = 0;
        int first = 0;
        for (long[] each : used) {
            sum += each[1];
            while (each[0] - used.get(first)[0] >= MINUTE.toNanos()) {
                sum -= used.get(first)[1];
                first++;
            }
            most = Math.max(most, sum);
        }
        return (double) most / LIMIT;
    }

    /** What was used between two times, as a part of what the limit allows. */
    double use(long from, long to) {
        long sum = 0;
        for (long[] each : used) {
            sum += each[0] >= from && each[0] < to ? each[1] : 0;
        }
        return sum / ((double) LIMIT * (to - from) / MINUTE.toNanos());
    }

    long exchanges() {
        return exchanges;
    }

    /** One node. */
    final class Node implements TimeSource {
        private final QuotaBook book;
        private final QuotaSet quotas;
        private final AnswerLengths lengths = new AnswerLengths();
        private final long nanosAhead = random.nextLong() >> 8;
        private final Duration wallAhead = Duration.ofSeconds(random.nextInt(7_200) - 3_600);
        private final int number = nodes.size();
        private double load;
        private double owed;
        private boolean isAlive = true;
        private boolean isCutOff;
        private boolean losesAnswers;
        private long usedByNode;

        Node(double tokensPerMinute) {
            this.load = tokensPerMinute;
            this.book = new QuotaBook(List.of(RULE), this, new Connection(), Runnable::run);
            this.quotas = book.of(MODEL);
        }

        void load(double tokensPerMinute) {
            load = tokensPerMinute;
        }

        void die() {
            isAlive = false;
        }

        void cutOff(boolean isCut) {
            isCutOff = isCut;
        }

        void loseAnswers(boolean loses) {
            losesAnswers = loses;
        }

        void close() {
            book.close();
        }

        long used() {
            return usedByNode;
        }

        private void arrivals() throws InterruptedException {
            owed += load * STEP.toNanos() / MINUTE.toNanos();
            while (owed > 0) {
                long prompt = 50 + random.nextInt(500);
                long answer = 20 + (long) (300 * -Math.log(1 - random.nextDouble()));
                owed -= prompt + answer;
                request(prompt, answer);
            }
        }

        /** As a request does that does not wait. */
        private void request(long prompt, long answer) throws InterruptedException {
            long expected = lengths.expected(Complexity.SIMPLE, 400, Long.MAX_VALUE);
            try (QuotaClaim claim = book.claim(Attribution.DEFAULT, 0)) {
                QuotaReservation taken = claim.tryTake(quotas, prompt, expected);
                while (taken == null && claim.askStore(quotas, prompt, expected, Duration.ofSeconds(1))) {
                    taken = claim.tryTake(quotas, prompt, expected);
                }
                if (taken != null) {
                    long duration =
                            Duration.ofMillis(500 + random.nextInt(4_000)).toNanos();
                    running.add(new Call(time.nanoTime() + duration, this, taken, prompt, answer));
                    used.add(new long[] {time.nanoTime(), prompt + answer});
                    usedByNode += prompt + answer;
                }
            }
        }

        private void end(Call call) {
            lengths.record(Complexity.SIMPLE, call.answer);
            call.reservation.settle(call.prompt, call.answer);
        }

        @Override
        public Instant wallTime() {
            return time.wallTime().plus(wallAhead);
        }

        @Override
        public long nanoTime() {
            return time.nanoTime() + nanosAhead;
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            time.sleep(duration);
        }

        @Override
        public WakeUp newWakeUp() {
            return time.newWakeUp();
        }

        @Override
        public long random(long bound) {
            return Math.floorMod(random.nextLong(), bound);
        }

        @Override
        public String toString() {
            return "node " + number + " used " + usedByNode;
        }

        private final class Connection implements QuotaStore {

            @Override
            public long join() {
                check();
                return store.join();
            }

            @Override
            public List<SliceGrant> exchange(long holder, List<SliceRequest> requests) {
                check();
                exchanges++;
                List<SliceGrant> grants = store.exchange(holder, requests);
                if (losesAnswers && random.nextInt(4) == 0) {
                    throw new StoreException(StoreException.Kind.OUTCOME_UNKNOWN, "the answer was lost", null);
                }
                return grants;
            }

            private void check() {
                if (isCutOff) {
                    throw new StoreException(StoreException.Kind.BUSY, "the store is not to be reached", null);
                }
            }
        }
    }
}
