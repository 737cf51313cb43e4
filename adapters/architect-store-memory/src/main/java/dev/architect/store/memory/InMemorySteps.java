package dev.architect.store.memory;

import dev.architect.attempt.FencingToken;
import dev.architect.step.AttemptLostException;
import dev.architect.step.OutputChunk;
import dev.architect.step.StepStore;
import dev.architect.step.TaskProgress;
import dev.architect.step.TaskStep;
import dev.architect.store.memory.lock.PageLimit;
import dev.architect.store.memory.lock.StoredTime;
import dev.architect.task.TaskId;
import java.util.List;
import java.util.Optional;

/** Steps, progress and partial output of tasks in memory. Guarded by the store's lock. */
final class InMemorySteps implements StepStore {

    private final InMemoryStore store;

    InMemorySteps(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public TaskStep record(FencingToken fencingToken, String name, String output) {
        TaskStep.checkName(name);
        TaskStep.checkOutput(output);
        return store.locked(() -> {
            InMemoryTask task = store.taskTable()
                    .attemptTable()
                    .held(fencingToken)
                    .orElseThrow(() -> new AttemptLostException(fencingToken));
            return task.steps.computeIfAbsent(
                    name, added -> new TaskStep(added, fencingToken.epoch(), output, store.now()));
        });
    }

    @Override
    public Optional<TaskStep> step(TaskId id, String name) {
        return store.locked(() -> store.taskTable().any(id).map(task -> task.steps.get(name)));
    }

    @Override
    public List<TaskStep> steps(TaskId id) {
        return store.locked(() -> store.taskTable()
                .any(id)
                .map(task -> List.copyOf(task.steps.values()))
                .orElse(List.of()));
    }

    @Override
    public boolean saveProgress(FencingToken fencingToken, TaskProgress progress) {
        return store.locked(() -> {
            Optional<InMemoryTask> task = store.taskTable().attemptTable().held(fencingToken);
            task.ifPresent(held -> held.progress = new TaskProgress(
                    progress.percent(), progress.note(), progress.data(), StoredTime.micros(progress.at())));
            return task.isPresent();
        });
    }

    @Override
    public Optional<TaskProgress> progress(TaskId id) {
        return store.locked(() -> store.taskTable().any(id).map(task -> task.progress));
    }

    @Override
    public boolean append(FencingToken fencingToken, List<OutputChunk> chunks) {
        List<OutputChunk> copy = List.copyOf(chunks);
        return store.locked(() -> {
            if (copy.isEmpty()) {
                return true;
            }
            Optional<InMemoryTask> task = store.taskTable().attemptTable().held(fencingToken);
            task.ifPresent(held -> {
                long before = OutputChunk.firstOf(fencingToken.epoch());
                if (copy.get(0).number() == before + 1) {
                    held.chunks.headMap(before, true).clear();
                }
                copy.forEach(chunk -> held.chunks.putIfAbsent(chunk.number(), chunk));
            });
            return task.isPresent();
        });
    }

    @Override
    public List<OutputChunk> output(TaskId id, long after, int limit) {
        PageLimit.check(limit, MAX_CHUNKS_READ);
        return store.locked(() -> store.taskTable()
                .any(id)
                .map(task -> task.chunks.tailMap(after, false).values().stream()
                        .limit(limit)
                        .toList())
                .orElse(List.of()));
    }
}
