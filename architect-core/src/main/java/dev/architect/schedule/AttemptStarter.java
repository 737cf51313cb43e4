package dev.architect.schedule;

import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.ClaimedTask;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.gateway.ChatGateway;
import dev.architect.loop.EngineThreads;
import dev.architect.pool.NodeChoices;
import dev.architect.pool.SessionPool;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.List;

/** Starts the attempts at claimed tasks, each on a thread of its own, and hands how they ended to the recorder. Safe for use by several threads. */
final class AttemptStarter {

    /** How long a task waits that could not be started: claiming it again at once would write an attempt each time. */
    static final Duration RETRY = Duration.ofSeconds(1);

    private final TaskStore tasks;
    private final TimeSource time;
    private final ClockJumps clock;
    private final EventListener events;
    private final EngineThreads threads;
    private final ChatGateway gateway;
    private final NodeLease lease;
    private final String nodeName;
    private final NodeChoices choices;
    private final RunningAttempts running;
    private final AttemptRunner runner;
    private final AttemptRecorder recorder;
    private final NoteWriter notes;

    AttemptStarter(
            TaskStore tasks,
            TimeSource time,
            ClockJumps clock,
            EventListener events,
            EngineThreads threads,
            ChatGateway gateway,
            NodeLease lease,
            String nodeName,
            NodeChoices choices,
            RunningAttempts running,
            AttemptRunner runner,
            AttemptRecorder recorder,
            NoteWriter notes) {
        this.tasks = tasks;
        this.time = time;
        this.clock = clock;
        this.events = events;
        this.threads = threads;
        this.gateway = gateway;
        this.lease = lease;
        this.nodeName = nodeName;
        this.choices = choices;
        this.running = running;
        this.runner = runner;
        this.recorder = recorder;
        this.notes = notes;
    }

    /**
     * Starts an attempt.
     *
     * @param pool the pool of {@code taken}
     * @param taken a session with a free slot that was acquired for it; the pool may choose another one that has the task's affinity key
     */
    void start(ClaimedTask claimed, SessionPool pool, SessionPool.Session taken) {
        TaskRequest request = claimed.request();
        SessionPool.Settled settled = pool.settle(taken, request.options().affinity());
        SessionPool.Session session = settled.session();
        RunningAttempt attempt = new RunningAttempt(
                claimed,
                session,
                time,
                gateway,
                notes.notes(claimed.fencingToken()),
                new AttemptBasis(nodeName, choices.reason(request), choices.rivals(request.type()), settled.reason()),
                () -> tasks.parentOutcomes(claimed.fencingToken().id()));
        // Before the thread starts: otherwise a fast attempt could end, and be removed, before it was put here.
        running.add(attempt);
        running.forget(List.of(claimed));
        events.onEvent(new Event.TaskStarted(
                attempt.startedAt(),
                claimed.fencingToken(),
                session.name(),
                claimed.attempt(),
                waited(attempt),
                request.item()));
        if (claimed.fencingToken().owner() != lease.incarnation()) {
            // The node has lost its lease since, and the task belongs to another attempt.
            attempt.stop(RunningAttempt.Stop.FENCED);
        }
        // It was cancelled while an earlier attempt ran, which ended without recording it.
        if (claimed.cancelRequested()) {
            attempt.stop(RunningAttempt.Stop.CANCELLED);
        }
        try {
            threads.run("attempt", () -> run(attempt), noThread -> notStarted(attempt));
        } catch (Throwable noThread) {
            notStarted(attempt);
            throw noThread;
        }
    }

    private void notStarted(RunningAttempt attempt) {
        attempt.returned();
        if (attempt.tryEnd()) {
            recorder.end(
                    attempt,
                    AttemptRunner.handedBack(
                                    attempt.claimed(),
                                    attempt.session().name(),
                                    attempt.startedAt(),
                                    attempt.endedAt(),
                                    RETRY,
                                    "the node could not start a thread")
                            .withBasis(attempt.basis()),
                    Worker.Acknowledgement.DURABLE);
        }
    }

    /** The store measures by the wall clock alone, because the task may have become ready in another process. */
    private Duration waited(RunningAttempt attempt) {
        return clock.since(attempt.startedAt().minus(attempt.claimed().waited()));
    }

    private void run(RunningAttempt attempt) {
        AttemptEnd end = runner.perform(attempt);
        notes.finish(attempt);
        // False when the worker took too long to stop: the task went on without it.
        if (attempt.tryEnd()) {
            recorder.end(attempt, end, runner.acknowledgement(attempt));
        }
    }
}
