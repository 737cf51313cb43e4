package dev.architect;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.AttemptExplanation;
import dev.architect.attempt.FencingToken;
import dev.architect.attempt.TaskExplanation;
import dev.architect.node.NodeRecord;
import dev.architect.schedule.Scheduler;
import dev.architect.spi.Store;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts together what is kept of the attempts at a task. Safe for use by several threads. */
final class TaskExplainer {

    private final Store store;
    private final @Nullable Scheduler schedulerOrNull;

    TaskExplainer(Store store, @Nullable Scheduler schedulerOrNull) {
        this.store = store;
        this.schedulerOrNull = schedulerOrNull;
    }

    Optional<TaskExplanation> explain(TaskId id) {
        // Before its attempts: one that ends in between is among them, and is not shown twice.
        Optional<FencingToken> running = store.tasks().runningAttempt(id);
        Optional<Task> task = store.tasks().find(id);
        return task.map(found -> explained(found, running));
    }

    private TaskExplanation explained(Task task, Optional<FencingToken> running) {
        List<Attempt> ended = store.tasks().attempts(task.id());
        Map<Long, String> names = new HashMap<>();
        if (running.isPresent()
                || ended.stream().anyMatch(attempt -> attempt.basis().isEmpty())) {
            for (NodeRecord node : store.nodes().nodes()) {
                names.put(node.incarnation(), node.info().name());
            }
        }
        List<AttemptExplanation> attempts = new ArrayList<>();
        ended.forEach(attempt -> attempts.add(of(attempt, names)));
        running.filter(token -> ended.stream().noneMatch(attempt -> attempt.epoch() == token.epoch()))
                .ifPresent(token -> attempts.add(of(token, names)));
        return new TaskExplanation(task.id(), task.state(), attempts);
    }

    private static AttemptExplanation of(Attempt attempt, Map<Long, String> names) {
        return new AttemptExplanation(
                attempt.epoch(),
                attempt.incarnation(),
                attempt.basis()
                        .map(AttemptBasis::nodeName)
                        .or(() -> Optional.ofNullable(names.get(attempt.incarnation()))),
                attempt.session(),
                Optional.of(attempt.startedAt()),
                Optional.of(attempt.outcome()),
                attempt.basis());
    }

    private AttemptExplanation of(FencingToken running, Map<Long, String> names) {
        Optional<AttemptExplanation> here =
                schedulerOrNull == null ? Optional.empty() : schedulerOrNull.explain(running);
        return here.orElseGet(() -> new AttemptExplanation(
                running.epoch(),
                running.owner(),
                Optional.ofNullable(names.get(running.owner())),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }
}
