package dev.architect.store.memory;

import dev.architect.lane.Lane;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The ready tasks of each lane in their order of service. Guarded by the store's lock. */
final class InMemoryReady {

    private final Comparator<InMemoryTask> order;
    private final Map<Lane, TreeSet<InMemoryTask>> lanes = new HashMap<>();

    /** The next task of a lane, and those after it. */
    private record Walk(InMemoryTask next, Iterator<InMemoryTask> rest) {}

    InMemoryReady(Comparator<InMemoryTask> order) {
        this.order = order;
    }

    void add(InMemoryTask task) {
        lanes.computeIfAbsent(Lane.of(task.request), lane -> new TreeSet<>(order))
                .add(task);
    }

    void addAll(Collection<InMemoryTask> tasks) {
        tasks.forEach(this::add);
    }

    /** Before anything of the task changes that the order reads. */
    void remove(InMemoryTask task) {
        Lane lane = Lane.of(task.request);
        TreeSet<InMemoryTask> tasks = lanes.get(lane);
        if (tasks != null && tasks.remove(task) && tasks.isEmpty()) {
            lanes.remove(lane);
        }
    }

    /** Calls {@code takes} with the tasks of some lanes in the order of service, and removes those that it takes; at most {@code limit}. */
    void take(Collection<Lane> from, int limit, Predicate<InMemoryTask> takes) {
        PriorityQueue<Walk> walks = new PriorityQueue<>(Comparator.comparing(Walk::next, order));
        for (Lane lane : from) {
            TreeSet<InMemoryTask> tasks = lanes.get(lane);
            if (tasks != null) {
                step(tasks.iterator(), walks);
            }
        }
        int taken = 0;
        while (taken < limit && !walks.isEmpty()) {
            Walk walk = walks.remove();
            if (takes.test(walk.next())) {
                taken++;
                // The last one that this iterator has returned.
                walk.rest().remove();
            }
            step(walk.rest(), walks);
        }
        from.forEach(lane -> lanes.computeIfPresent(lane, (same, tasks) -> tasks.isEmpty() ? null : tasks));
    }

    private static void step(Iterator<InMemoryTask> rest, PriorityQueue<Walk> walks) {
        if (rest.hasNext()) {
            walks.add(new Walk(rest.next(), rest));
        }
    }
}
