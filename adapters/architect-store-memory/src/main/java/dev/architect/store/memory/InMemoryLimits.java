package dev.architect.store.memory;

import dev.architect.project.ProjectId;
import dev.architect.task.KeyLimit;
import dev.architect.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which tasks have a permit of their limit key, and which wait for one. The free permits of the keys that a change has to do with are given
 * out at its end. Guarded by the store's lock.
 */
final class InMemoryLimits {

    private final Comparator<InMemoryTask> order;
    private final Map<Key, Group> groups = new HashMap<>();
    private final NavigableMap<Key, KeyLimit> rules = new TreeMap<>();
    private final Set<Key> touched = new TreeSet<>();

    private record Key(String project, String name) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::project).thenComparing(Key::name);

        static Key of(KeyLimit limit) {
            return new Key(limit.project().name(), limit.key());
        }

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private static final class Group {
        private final TreeSet<InMemoryTask> waiting;
        /** Those that had a permit when they were last looked at. */
        private final Set<InMemoryTask> permitted = new HashSet<>();

        private Group(Comparator<InMemoryTask> order) {
            this.waiting = new TreeSet<>(order);
        }
    }

    InMemoryLimits(Comparator<InMemoryTask> order) {
        this.order = order;
    }

    private static Optional<Key> key(InMemoryTask task) {
        return task.request
                .options()
                .limitKey()
                .map(key -> new Key(task.request.attribution().project().name(), key));
    }

    /** The task waits now, or is ready. */
    void enter(InMemoryTask task) {
        key(task).ifPresent(key -> {
            Group group = groups.computeIfAbsent(key, each -> new Group(order));
            if (task.state == TaskState.LIMITED) {
                group.waiting.add(task);
            } else if (task.state == TaskState.READY) {
                group.permitted.add(task);
            }
            touched.add(key);
        });
    }

    /** Before anything of the task changes that the order reads. */
    void leave(InMemoryTask task) {
        key(task).ifPresent(key -> {
            Group group = groups.get(key);
            if (group != null) {
                group.waiting.remove(task);
                group.permitted.remove(task);
            }
            touched.add(key);
        });
    }

    /** The task may lose its permit. */
    void touch(InMemoryTask task) {
        key(task).ifPresent(touched::add);
    }

    void touchAll() {
        touched.addAll(groups.keySet());
    }

    /** Makes the next tasks ready that the free permits are for, and returns them. */
    List<InMemoryTask> promote(Instant now) {
        List<InMemoryTask> promoted = new ArrayList<>();
        for (Key key : touched) {
            Group group = groups.get(key);
            if (group != null) {
                promote(group, most(key), now, promoted);
                if (group.waiting.isEmpty() && group.permitted.isEmpty()) {
                    groups.remove(key);
                }
            }
        }
        touched.clear();
        return promoted;
    }

    private int most(Key key) {
        KeyLimit rule = rules.get(key);
        return rule == null ? KeyLimit.DEFAULT : rule.maxRunning();
    }

    private static void promote(Group group, int most, Instant now, List<InMemoryTask> into) {
        group.permitted.removeIf(
                task -> task.isTaken || (task.state != TaskState.READY && task.state != TaskState.RUNNING));
        while (group.permitted.size() < most && !group.waiting.isEmpty()) {
            InMemoryTask task = group.waiting.pollFirst();
            task.state = TaskState.READY;
            task.sortKey = task.sortKey(now);
            group.permitted.add(task);
            into.add(task);
        }
    }

    void set(KeyLimit limit) {
        Key key = Key.of(limit);
        rules.put(key, limit);
        touched.add(key);
    }

    boolean unset(ProjectId project, String key) {
        return rules.remove(new Key(project.name(), key)) != null;
    }

    List<KeyLimit> rules(Optional<KeyLimit> after, int limit) {
        return after.map(last -> rules.tailMap(Key.of(last), false)).orElse(rules).values().stream()
                .limit(limit)
                .toList();
    }
}
