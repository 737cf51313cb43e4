package dev.architect.testkit.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the network of a test does wrong: it loses, doubles, delays and reorders messages, and shows wrong views. A {@link
 * LoopbackTransport.Hub} that has it stays within what {@link dev.architect.spi.ClusterTransport} permits.
 *
 * <p>Everything is drawn from one seed, so a test that sends and delivers with one thread runs the same way each time. Safe for use by
 * several threads.
 */
public final class TransportFaults {

    /** The name of a member that never was; further ones have other numbers. */
    private static final String GHOST = "ghost-";

    private static final int GHOSTS = 3;

    private final long seed;
    private final double lost;
    private final double doubled;
    private final double late;
    private final int maxRoundsLate;
    private final boolean isReordered;
    private final double missing;
    private final double ghosts;
    // Guarded by this object's lock.
    private final Random random;

    private TransportFaults(Builder builder) {
        this.seed = builder.seed;
        this.lost = builder.lost;
        this.doubled = builder.doubled;
        this.late = builder.late;
        this.maxRoundsLate = builder.maxRoundsLate;
        this.isReordered = builder.isReordered;
        this.missing = builder.missing;
        this.ghosts = builder.ghosts;
        this.random = new Random(seed);
    }

    /** Begins faults that are drawn from {@code seed}; without further calls there are none. */
    public static Builder builder(long seed) {
        return new Builder(seed);
    }

    /** Faults of every kind: a fifth of the messages is lost, doubled or late each, in any order, and a fifth of each view is wrong. */
    public static TransportFaults everything(long seed) {
        return messagesOnly(seed).missing(0.2).ghosts(0.2).build();
    }

    /** As {@link #everything}, but views are right. */
    public static Builder messagesOnly(long seed) {
        return builder(seed).lost(0.2).doubled(0.2).late(0.2, 3).reordered();
    }

    /** How often a message is delivered. */
    synchronized int copies() {
        if (isDrawn(lost)) {
            return 0;
        }
        return isDrawn(doubled) ? 2 : 1;
    }

    /** By how many rounds a message is late. */
    synchronized int roundsLate() {
        return isDrawn(late) ? 1 + random.nextInt(maxRoundsLate) : 0;
    }

    /** Puts messages into the order in which they arrive. */
    synchronized void reorder(List<?> messages) {
        if (isReordered) {
            Collections.shuffle(messages, random);
        }
    }

    /** The members that {@code self} is shown; it always sees itself. */
    synchronized Set<String> shown(String self, Set<String> members) {
        if (missing == 0 && ghosts == 0) {
            return members;
        }
        Set<String> shown = new TreeSet<>();
        // In a fixed order, so that each member draws the same numbers in every run.
        for (String member : new TreeSet<>(members)) {
            if (member.equals(self) || !isDrawn(missing)) {
                shown.add(member);
            }
        }
        if (isDrawn(ghosts)) {
            shown.add(GHOST + random.nextInt(GHOSTS));
        }
        return shown;
    }

    /** Whether views may be wrong. */
    boolean showsWrongViews() {
        return missing > 0 || ghosts > 0;
    }

    private boolean isDrawn(double share) {
        return share > 0 && random.nextDouble() < share;
    }

    /** Shows the seed, to replay a test. */
    @Override
    public String toString() {
        List<String> faults = new ArrayList<>();
        faults.add("seed " + seed);
        faults.add("lost " + lost);
        faults.add("doubled " + doubled);
        faults.add("late " + late + " by up to " + maxRoundsLate + " rounds");
        faults.add(isReordered ? "reordered" : "in order");
        faults.add("members missing " + missing);
        faults.add("ghosts " + ghosts);
        return "TransportFaults[" + String.join(", ", faults) + "]";
    }

    /** Collects faults. Not safe for use by several threads. */
    public static final class Builder {
        private final long seed;
        private double lost;
        private double doubled;
        private double late;
        private int maxRoundsLate = 1;
        private boolean isReordered;
        private double missing;
        private double ghosts;

        private Builder(long seed) {
            this.seed = seed;
        }

        /** The share of messages that never arrive, from 0.0 to 1.0. */
        public Builder lost(double share) {
            this.lost = share("lost", share);
            return this;
        }

        /** The share of the other messages that arrive twice. */
        public Builder doubled(double share) {
            this.doubled = share("doubled", share);
            return this;
        }

        /**
         * The share of messages that arrive late: not with the next {@link LoopbackTransport.Hub#deliver}, but up to {@code maxRounds}, one
         * or more, later.
         */
        public Builder late(double share, int maxRounds) {
            this.late = share("late", share);
            if (maxRounds < 1) {
                throw new IllegalArgumentException("maxRounds is " + maxRounds + ", expected 1 or more");
            }
            this.maxRoundsLate = maxRounds;
            return this;
        }

        /** Messages that wait together are delivered in any order. */
        public Builder reordered() {
            this.isReordered = true;
            return this;
        }

        /** The share of living members that a view lacks; each member is shown another view. */
        public Builder missing(double share) {
            this.missing = share("missing", share);
            return this;
        }

        /** The share of views that have a member that never was. */
        public Builder ghosts(double share) {
            this.ghosts = share("ghosts", share);
            return this;
        }

        /** Returns the faults. */
        public TransportFaults build() {
            return new TransportFaults(this);
        }

        private static double share(String field, double value) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException(field + " is " + value + ", expected 0.0..1.0");
            }
            return value;
        }
    }
}
