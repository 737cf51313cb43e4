package dev.architect.schedule;

import dev.architect.spi.TaskStore;
import dev.architect.submission.AcceptedTask;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskResult;
import java.time.Duration;
import java.util.Optional;

/** Creates handles of tasks. Safe for use by several threads. */
public final class TaskHandles {

    private final TaskStore tasks;
    private final TaskWaiters waiters;
    private final TaskCanceller canceller;

    /** Creates the factory of handles on {@code tasks}. */
    public TaskHandles(TaskStore tasks, TaskWaiters waiters, TaskCanceller canceller) {
        this.tasks = tasks;
        this.waiters = waiters;
        this.canceller = canceller;
    }

    /** Returns a handle of an existing task. */
    public TaskHandle handle(TaskId id) {
        return new Handle(id, true);
    }

    /** Returns a handle of a task that was submitted. */
    public TaskHandle handle(AcceptedTask task) {
        return new Handle(task.id(), task.isNew());
    }

    private final class Handle implements TaskHandle {
        private final TaskId id;
        private final boolean isNew;

        private Handle(TaskId id, boolean isNew) {
            this.id = id;
            this.isNew = isNew;
        }

        @Override
        public TaskId id() {
            return id;
        }

        @Override
        public boolean isNew() {
            return isNew;
        }

        @Override
        public TaskResult await(Duration timeout) throws InterruptedException {
            return waiters.await(id, timeout);
        }

        @Override
        public Optional<TaskResult> result() {
            return tasks.result(id);
        }

        @Override
        public void cancel() {
            canceller.cancel(id);
        }

        @Override
        public String toString() {
            return "TaskHandle[" + id + "]";
        }
    }
}
