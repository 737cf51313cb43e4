package dev.architect.store.memory;

import dev.architect.shard.MovedKey;
import dev.architect.shard.MovedTask;
import dev.architect.shard.ShardBatch;
import dev.architect.shard.ShardNotServedException;
import dev.architect.shard.ShardPhase;
import dev.architect.shard.ShardPlace;
import dev.architect.shard.ShardStore;
import dev.architect.shard.TakenTasks;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.store.memory.lock.PageLimit;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Shards in memory. Guarded by the store's lock. */
final class InMemoryShards implements ShardStore {

    private static final Change READY = Change.of(ChangeKind.TASK_READY);

    private final InMemoryStore store;
    private final InMemoryTasks tasks;
    private final List<ShardPlace> places = new ArrayList<>();
    private int number = -1;

    InMemoryShards(InMemoryStore store, InMemoryTasks tasks) {
        this.store = store;
        this.tasks = tasks;
    }

    /** The number for ids of tasks. */
    int storeNumber() {
        return Math.max(0, number);
    }

    /** Whether the store is one of several. */
    boolean isInGroup() {
        return number >= 0;
    }

    boolean isServed(int shard) {
        return places.isEmpty() || places.get(shard).phase() == ShardPhase.SERVED;
    }

    /** Fails when one of the requests is of a shard that is not served. */
    void requireServed(Stream<TaskRequest> requests) {
        requests.map(request -> request.attribution().project().shard())
                .filter(shard -> !isServed(shard))
                .findFirst()
                .ifPresent(shard -> {
                    throw ShardNotServedException.of(places.get(shard));
                });
    }

    @Override
    public OptionalInt number() {
        return store.locked(() -> number < 0 ? OptionalInt.empty() : OptionalInt.of(number));
    }

    @Override
    public List<ShardPlace> places() {
        return store.locked(() -> List.copyOf(places));
    }

    @Override
    public void join(int newNumber, boolean servesAll) {
        store.locked(() -> {
            if (newNumber < 0 || newNumber >= MAX_STORES) {
                throw new IllegalArgumentException("number is " + newNumber + ", expected 0.." + (MAX_STORES - 1));
            }
            if (number == newNumber) {
                return false;
            }
            if (number >= 0) {
                throw new IllegalStateException("the store has number " + number + ", expected " + newNumber);
            }
            if (newNumber > 0 && !tasks.isEmpty()) {
                throw new IllegalStateException("the store has tasks, expected none before it joins others");
            }
            number = newNumber;
            for (int shard = 0; shard < SHARDS; shard++) {
                places.add(new ShardPlace(shard, 1, servesAll ? ShardPhase.SERVED : ShardPhase.GONE));
            }
            return true;
        });
    }

    private ShardPlace place(int shard) {
        ShardStore.requireShard(shard);
        if (places.isEmpty()) {
            throw new IllegalStateException("the store is in no group, expected it to have joined one");
        }
        return places.get(shard);
    }

    @Override
    public ShardPlace set(int shard, long epoch, ShardPhase phase) {
        return store.changing(READY, place -> place.phase() == ShardPhase.SERVED, () -> {
            ShardPlace next = place(shard).next(epoch, phase);
            places.set(shard, next);
            return next;
        });
    }

    @Override
    public ShardBatch take(int shard, long epoch, TakenTasks which, Optional<TaskId> after, int limit) {
        PageLimit.check(limit, MAX_BATCH);
        return store.locked(() -> {
            if (which == TakenTasks.ENDED) {
                place(shard).require(epoch, ShardPhase.SERVED, ShardPhase.LEAVING);
            } else {
                place(shard).require(epoch, ShardPhase.LEAVING);
            }
            List<InMemoryTask> part = part(shard, after, limit);
            List<MovedTask> taken = new ArrayList<>();
            int running = 0;
            for (InMemoryTask task : part) {
                if (isTaken(task, which)) {
                    if (!task.isTaken) {
                        tasks.take(task);
                    }
                    taken.add(moved(task));
                } else if (task.state == TaskState.RUNNING) {
                    running++;
                }
            }
            return new ShardBatch(taken, running, next(part, limit));
        });
    }

    private static boolean isTaken(InMemoryTask task, TakenTasks which) {
        return task.isTaken
                || switch (which) {
                    case ENDED -> task.state.isTerminal();
                    case IDLE -> task.state != TaskState.RUNNING;
                    case ALL -> true;
                };
    }

    private List<InMemoryTask> part(int shard, Optional<TaskId> after, int limit) {
        return tasks.after(after)
                .filter(task -> task.id.shard() == shard)
                .limit(limit)
                .toList();
    }

    private static Optional<TaskId> next(List<InMemoryTask> part, int limit) {
        return part.size() < limit ? Optional.empty() : Optional.of(part.get(part.size() - 1).id);
    }

    private MovedTask moved(InMemoryTask task) {
        return new MovedTask(
                task.toTask(),
                new MovedTask.Order(
                        task.sortKey,
                        task.crashes,
                        task.snoozes,
                        Optional.ofNullable(task.snoozedSince),
                        task.isKeyed,
                        task.deadlines),
                Optional.ofNullable(task.input),
                task.state.isTerminal() ? Optional.of(task.result()) : Optional.empty(),
                task.attempts,
                List.copyOf(task.steps.values()),
                Optional.ofNullable(task.progress),
                new MovedTask.Edges(
                        InMemoryDependencies.moved(task),
                        tasks.dependencyTable().hasChildren(task)));
    }

    @Override
    public void add(int shard, long epoch, List<MovedTask> moved) {
        List<MovedTask> copy = List.copyOf(moved);
        requireOfShard(shard, copy.stream().map(task -> task.task().id().shard()));
        store.locked(() -> {
            place(shard).require(epoch, ShardPhase.ARRIVING);
            copy.forEach(task -> tasks.add(arrived(task), task.edges().parents()));
            tasks.settle();
            return true;
        });
    }

    private static void requireOfShard(int shard, Stream<Integer> shards) {
        shards.filter(other -> other != shard).findFirst().ifPresent(other -> {
            throw new IllegalArgumentException("shard of an element is " + other + ", expected " + shard);
        });
    }

    private static InMemoryTask arrived(MovedTask moved) {
        Task from = moved.task();
        InMemoryTask task = new InMemoryTask(from.id(), from.request(), from.createdAt());
        // Those that have permits are counted here anew.
        task.state = from.state() == TaskState.READY
                        && from.request().options().limitKey().isPresent()
                ? TaskState.LIMITED
                : from.state();
        task.sortKey = moved.order().sortKey();
        task.epoch = from.epoch();
        task.attempt = from.attempt();
        task.crashes = moved.order().crashes();
        task.snoozes = moved.order().snoozes();
        task.cancelRequested = from.cancelRequested();
        task.isKeyed = moved.order().isKeyed();
        task.deadlines = moved.order().deadlines();
        task.snoozedSince = moved.order().snoozedSince().orElse(null);
        task.dueAt = from.dueAt().orElse(null);
        task.endedAt = from.endedAt().orElse(null);
        task.input = moved.input().orElse(null);
        task.stopReason = from.stopReason().orElse(null);
        moved.result().ifPresent(result -> {
            task.output = result.output().orElse(null);
            task.error = result.error().orElse(null);
        });
        // Incarnations belong to the store that gave them.
        moved.attempts().forEach(attempt -> task.attempts.add(attempt.withIncarnation(0)));
        moved.steps().forEach(step -> task.steps.put(step.name(), step));
        task.progress = moved.progress().orElse(null);
        return task;
    }

    @Override
    public List<MovedKey> keys(int shard, Optional<MovedKey> after, int limit) {
        PageLimit.check(limit, MAX_BATCH);
        return store.locked(() -> {
            List<MovedKey> all = tasks.keyTable().ofShard(shard).toList();
            int from = after.map(last -> position(all, last)).orElse(0);
            return List.copyOf(all.subList(from, Math.min(all.size(), from + limit)));
        });
    }

    private static int position(List<MovedKey> sorted, MovedKey after) {
        int position = 0;
        while (position < sorted.size() && !isAfter(sorted.get(position), after)) {
            position++;
        }
        return position;
    }

    private static boolean isAfter(MovedKey key, MovedKey last) {
        int byProject = key.project().name().compareTo(last.project().name());
        return byProject > 0
                || (byProject == 0 && key.key().value().compareTo(last.key().value()) > 0);
    }

    @Override
    public void addKeys(int shard, long epoch, List<MovedKey> keys) {
        List<MovedKey> copy = List.copyOf(keys);
        requireOfShard(shard, copy.stream().map(key -> key.project().shard()));
        store.locked(() -> {
            place(shard).require(epoch, ShardPhase.ARRIVING);
            copy.forEach(tasks.keyTable()::add);
            return true;
        });
    }

    @Override
    public Optional<TaskId> giveBack(int shard, long epoch, Optional<TaskId> after, int limit) {
        return store.locked(() -> {
            Optional<TaskId> next = walk(shard, epoch, ShardPhase.LEAVING, after, limit, task -> {
                if (task.isTaken) {
                    tasks.giveBack(task);
                }
            });
            tasks.settle();
            return next;
        });
    }

    @Override
    public Optional<TaskId> clear(int shard, long epoch, Optional<TaskId> after, int limit) {
        return store.locked(() -> {
            Optional<TaskId> next = walk(shard, epoch, ShardPhase.GONE, after, limit, task -> tasks.remove(task.id));
            if (next.isEmpty()) {
                tasks.keyTable().removeShard(shard);
            }
            return next;
        });
    }

    private Optional<TaskId> walk(
            int shard, long epoch, ShardPhase phase, Optional<TaskId> after, int limit, Consumer<InMemoryTask> step) {
        PageLimit.check(limit, MAX_BATCH);
        return store.locked(() -> {
            place(shard).require(epoch, phase);
            List<InMemoryTask> part = part(shard, after, limit);
            part.forEach(step);
            return next(part, limit);
        });
    }
}
