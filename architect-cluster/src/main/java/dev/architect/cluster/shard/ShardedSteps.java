package dev.architect.cluster.shard;

import dev.architect.attempt.FencingToken;
import dev.architect.step.AttemptLostException;
import dev.architect.step.OutputChunk;
import dev.architect.step.StepStore;
import dev.architect.step.TaskProgress;
import dev.architect.step.TaskStep;
import dev.architect.task.TaskId;
import java.util.List;
import java.util.Optional;

/** Steps, progress and output of the tasks of a group of stores: each is where its task is. Safe for use by several threads. */
final class ShardedSteps implements StepStore {

    private final ShardedTasks tasks;

    ShardedSteps(ShardedTasks tasks) {
        this.tasks = tasks;
    }

    @Override
    public TaskStep record(FencingToken fencingToken, String name, String output) {
        return tasks.held(fencingToken, (member, stored) -> {
            try {
                return member.store().steps().record(stored, name, output);
            } catch (AttemptLostException lost) {
                throw new AttemptLostException(fencingToken);
            }
        });
    }

    @Override
    public Optional<TaskStep> step(TaskId id, String name) {
        return tasks.first(id, member -> member.store().steps().step(id, name), Optional::isPresent, Optional.empty());
    }

    @Override
    public List<TaskStep> steps(TaskId id) {
        return tasks.first(id, member -> member.store().steps().steps(id), steps -> !steps.isEmpty(), List.of());
    }

    @Override
    public boolean saveProgress(FencingToken fencingToken, TaskProgress progress) {
        return tasks.held(
                fencingToken, (member, stored) -> member.store().steps().saveProgress(stored, progress));
    }

    @Override
    public Optional<TaskProgress> progress(TaskId id) {
        return tasks.first(id, member -> member.store().steps().progress(id), Optional::isPresent, Optional.empty());
    }

    @Override
    public boolean append(FencingToken fencingToken, List<OutputChunk> chunks) {
        List<OutputChunk> copy = List.copyOf(chunks);
        return tasks.held(
                fencingToken, (member, stored) -> member.store().steps().append(stored, copy));
    }

    @Override
    public List<OutputChunk> output(TaskId id, long after, int limit) {
        return tasks.first(
                id, member -> member.store().steps().output(id, after, limit), parts -> !parts.isEmpty(), List.of());
    }
}
