package dev.architect.testkit.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** Runs seeds, and says of the first that fails how it failed and how to run it again. */
final class Simulations {

    private static final int PRINTED_STEPS = 60;
    private static final int PRINTED_CHARACTERS = 240;

    private Simulations() {}

    /** Runs a seed, which has to hold. */
    static SimWorld.Outcome run(long seed) {
        SimWorld.Outcome outcome = SimWorld.run(seed, null);
        if (outcome.failure() != null) {
            throw new AssertionError(describe(outcome), outcome.failure());
        }
        return outcome;
    }

    /** Runs {@code count} seeds from {@code first} on in two groups at once, and returns how often what happened. */
    static Map<String, Integer> runAll(long first, long count) throws InterruptedException {
        AtomicLong next = new AtomicLong(first);
        List<Group> groups = List.of(new Group(next, first + count), new Group(next, first + count));
        groups.forEach(Thread::start);
        Map<String, Integer> counts = new HashMap<>();
        List<Throwable> failures = new ArrayList<>();
        for (Group group : groups) {
            group.join();
            group.counts.forEach((what, times) -> counts.merge(what, times, Integer::sum));
            failures.addAll(group.failures);
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.get(0).getMessage(), failures.get(0));
        }
        return counts;
    }

    private static String describe(SimWorld.Outcome outcome) {
        StringBuilder text = new StringBuilder("seed " + outcome.seed() + " failed: "
                + outcome.failure().getMessage() + "\nadd it to failed-seeds.txt; run it alone with -Dsimulation.seed="
                + outcome.seed() + "\n");
        List<String> steps = outcome.last();
        steps.subList(Math.max(0, steps.size() - PRINTED_STEPS), steps.size())
                .forEach(step -> text.append(step, 0, Math.min(step.length(), PRINTED_CHARACTERS))
                        .append('\n'));
        return text.toString();
    }

    /** The seeds that are run: those of the property {@code simulation.seed} alone, if it is set. */
    static LongStream seeds(long first, long count) {
        Long only = Long.getLong("simulation.seed");
        return only == null ? LongStream.range(first, first + count) : LongStream.of(only);
    }

    /** Seeds one after the other, on a thread of its own. */
    private static final class Group extends Thread {
        private final AtomicLong next;
        private final long end;
        private final Map<String, Integer> counts = new HashMap<>();
        private final List<Throwable> failures = new ArrayList<>();

        Group(AtomicLong next, long end) {
            this.next = next;
            this.end = end;
        }

        @Override
        public void run() {
            try {
                for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
                    Simulations.run(seed).counts().forEach((what, times) -> counts.merge(what, times, Integer::sum));
                }
            } catch (Throwable failure) {
                failures.add(failure);
                // The other group need not go on.
                next.set(end);
            }
        }
    }
}
