package dev.architect.store.memory;

import dev.architect.change.ChangeTopic;
import dev.architect.recurring.Schedule;
import dev.architect.recurring.ScheduleFiring;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.recurring.ScheduleRun;
import dev.architect.recurring.ScheduleStore;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.store.memory.lock.PageLimit;
import dev.architect.store.memory.lock.StoredTime;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.TaskSubmission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Schedules in memory. Guarded by the store's lock. */
final class InMemorySchedules implements ScheduleStore {

    private static final Comparator<Schedule> DUE_ORDER = Comparator.comparing(
                    (Schedule schedule) -> schedule.next().orElse(Instant.MAX))
            .thenComparing(Schedule::id);

    private final InMemoryStore store;
    private final TreeMap<String, Schedule> byName = new TreeMap<>();
    // Those that have a next instant.
    private final TreeSet<Schedule> waiting = new TreeSet<>(DUE_ORDER);
    private final Map<Long, Deque<ScheduleRun>> runs = new HashMap<>();
    private long lastId;

    InMemorySchedules(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public Instant now() {
        return store.locked(store::now);
    }

    @Override
    public Optional<Schedule> create(ScheduleRequest request, Instant now, Optional<Instant> next) {
        return store.locked(() -> {
            if (byName.containsKey(request.name())) {
                return Optional.empty();
            }
            Schedule created = new Schedule(
                    ++lastId,
                    request,
                    false,
                    next.map(StoredTime::micros),
                    Optional.empty(),
                    StoredTime.micros(now),
                    1);
            put(created);
            return Optional.of(created);
        });
    }

    private void put(Schedule schedule) {
        store.changed(ChangeTopic.SCHEDULE, schedule.id());
        Schedule before = byName.put(schedule.name(), schedule);
        if (before != null) {
            waiting.remove(before);
        }
        if (schedule.next().isPresent()) {
            waiting.add(schedule);
        }
    }

    @Override
    public Optional<Schedule> update(Schedule changed) {
        return store.locked(() -> current(changed).map(now -> {
            Schedule updated = new Schedule(
                    now.id(),
                    changed.request(),
                    changed.isPaused(),
                    changed.next().map(StoredTime::micros),
                    now.last(),
                    now.createdAt(),
                    now.version() + 1);
            put(updated);
            return updated;
        }));
    }

    /** The schedule as it is, if it is still as it was read. */
    private Optional<Schedule> current(Schedule read) {
        return Optional.ofNullable(byName.get(read.name()))
                .filter(now -> now.id() == read.id() && now.version() == read.version());
    }

    @Override
    public boolean delete(long id) {
        return store.locked(() -> {
            Optional<Schedule> found = byName.values().stream()
                    .filter(schedule -> schedule.id() == id)
                    .findFirst();
            found.ifPresent(schedule -> {
                store.changed(ChangeTopic.SCHEDULE, id);
                byName.remove(schedule.name());
                waiting.remove(schedule);
                runs.remove(id);
            });
            return found.isPresent();
        });
    }

    @Override
    public Optional<Schedule> find(String name) {
        return store.locked(() -> Optional.ofNullable(byName.get(name)));
    }

    @Override
    public List<Schedule> list(Optional<String> after, int limit) {
        PageLimit.check(limit, MAX_PAGE);
        return store.locked(() -> after.map(name -> byName.tailMap(name, false)).orElse(byName).values().stream()
                .limit(limit)
                .toList());
    }

    @Override
    public List<Schedule> due(int limit) {
        PageLimit.check(limit, MAX_PAGE);
        return store.locked(() -> {
            Instant now = store.now();
            return waiting.stream()
                    .takeWhile(schedule ->
                            schedule.next().filter(next -> !next.isAfter(now)).isPresent())
                    .limit(limit)
                    .toList();
        });
    }

    @Override
    public Optional<Duration> untilNext() {
        return store.locked(() -> waiting.stream()
                .findFirst()
                .flatMap(Schedule::next)
                .map(next -> StoredTime.between(store.now(), next)));
    }

    @Override
    public Optional<List<ScheduleRun>> fire(ScheduleFiring firing) {
        List<TaskSubmission> submissions = firing.submissions();
        List<String> hashes =
                submissions.stream().map(TaskSubmission::requestHash).toList();
        return store.changing(
                Change.of(ChangeKind.TASK_READY),
                fired -> fired.isPresent() && !submissions.isEmpty(),
                () -> current(firing.schedule())
                        .filter(now -> now.next().equals(firing.schedule().next()))
                        .map(now -> fire(now, firing, hashes)));
    }

    private List<ScheduleRun> fire(Schedule now, ScheduleFiring firing, List<String> hashes) {
        // First, because it may refuse.
        List<AcceptedTask> accepted = store.taskTable().acceptAllOnce(firing.submissions(), hashes);
        put(new Schedule(
                now.id(),
                now.request(),
                now.isPaused(),
                firing.next().map(StoredTime::micros),
                firing.last().map(StoredTime::micros),
                now.createdAt(),
                now.version() + 1));
        List<ScheduleRun> added =
                firing.runs(store.now(), accepted.stream().map(AcceptedTask::id).toList());
        Deque<ScheduleRun> kept = runs.computeIfAbsent(now.id(), id -> new ArrayDeque<>());
        added.forEach(kept::addFirst);
        while (kept.size() > KEPT_RUNS) {
            kept.removeLast();
        }
        return added;
    }

    @Override
    public List<ScheduleRun> runs(long id, int limit) {
        PageLimit.check(limit, MAX_PAGE);
        return store.locked(() ->
                runs.getOrDefault(id, new ArrayDeque<>()).stream().limit(limit).toList());
    }
}
