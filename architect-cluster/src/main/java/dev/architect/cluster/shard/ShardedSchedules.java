package dev.architect.cluster.shard;

import dev.architect.recurring.Schedule;
import dev.architect.recurring.ScheduleFiring;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.recurring.ScheduleRun;
import dev.architect.recurring.ScheduleStore;
import dev.architect.shard.ShardNotServedException;
import dev.architect.submission.AcceptedTask;
import dev.architect.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The schedules of a group: the first store has them. A task for that store is submitted with the firing in one transaction; one for another store
 * before it, under the key of its instant, so that a firing that is repeated because its end was not seen submits nothing twice
 * as long as keys are kept. Safe for use by several threads.
 */
final class ShardedSchedules implements ScheduleStore {

    private final StoreGroup group;
    private final ShardedTasks tasks;
    private final ScheduleStore first;

    ShardedSchedules(StoreGroup group, ShardedTasks tasks, ScheduleStore first) {
        this.group = group;
        this.tasks = tasks;
        this.first = first;
    }

    @Override
    public Instant now() {
        return first.now();
    }

    @Override
    public Optional<Schedule> create(ScheduleRequest request, Instant now, Optional<Instant> next) {
        return first.create(request, now, next);
    }

    @Override
    public Optional<Schedule> update(Schedule changed) {
        return first.update(changed);
    }

    @Override
    public boolean delete(long id) {
        return first.delete(id);
    }

    @Override
    public Optional<Schedule> find(String name) {
        return first.find(name);
    }

    @Override
    public List<Schedule> list(Optional<String> after, int limit) {
        return first.list(after, limit);
    }

    @Override
    public List<Schedule> due(int limit) {
        return first.due(limit);
    }

    @Override
    public Optional<Duration> untilNext() {
        return first.untilNext();
    }

    @Override
    public Optional<List<ScheduleRun>> fire(ScheduleFiring firing) {
        if (firing.submissions().isEmpty()) {
            return first.fire(firing);
        }
        int shard = firing.schedule().request().task().attribution().project().shard();
        if (group.of(shard).equals(group.first())) {
            try {
                return first.fire(firing);
            } catch (ShardNotServedException moving) {
                // It is on its way to another store, and submissions wait for it.
                group.maps().refresh();
            }
        }
        if (!isAsRead(firing.schedule())) {
            return Optional.empty();
        }
        List<TaskId> ids = tasks.submitOnce(firing.submissions()).stream()
                .map(AcceptedTask::id)
                .toList();
        return first.fire(firing.accepted(ids));
    }

    /** Before the task is submitted, so that what was changed meanwhile is submitted in no store. */
    private boolean isAsRead(Schedule schedule) {
        return first.find(schedule.name())
                .filter(now -> now.id() == schedule.id() && now.version() == schedule.version())
                .isPresent();
    }

    @Override
    public List<ScheduleRun> runs(long id, int limit) {
        return first.runs(id, limit);
    }
}
