package dev.architect.schedule;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.FencingToken;
import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.loop.EngineLoop;
import dev.architect.loop.EngineThreads;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the ends of attempts, many in one write, on a loop of its own: no attempt holds a thread while it waits for the disk.
 *
 * <p>A slot is free only after its end is recorded, or before for workers that ask for it, of which {@value #MAX_GROUPED} may wait at
 * a time; so what waits here is bounded. What the store cannot
 * take at the moment is kept and offered again, for as long as the node lives: it was paid for. When the store refuses a group, the
 * group is halved until the end at fault stands alone. When it is unknown whether a write was kept, the
 * attempts are read back. Safe for use by several threads.
 */
final class AttemptRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(AttemptRecorder.class);

    /** The most ends of one write. */
    private static final int BATCH = 1_000;

    /** The most ends that wait here beyond those that hold slots. */
    static final int MAX_GROUPED = 2_000;

    /** How long to wait before a write is repeated that the store could not take. */
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);

    /** So often the store refuses an end before the end is taken for what cannot be stored. */
    private static final int MAX_REFUSALS = 5;

    /** The wait for a signal; only a net, because each end signals. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final TaskStore tasks;
    private final TimeSource time;
    private final EventListener events;
    private final SlotRelease slots;
    private final Runnable before;
    private final EngineLoop loop;
    private final Queue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger grouped = new AtomicInteger();
    private final Set<FencingToken> unstarted = ConcurrentHashMap.newKeySet();
    // These two belong to the loop.
    private final List<Pending> kept = new ArrayList<>();
    private volatile boolean isWaitAnnounced;

    /** What becomes of the slot of an attempt. */
    interface SlotRelease {

        /** The end is recorded, or nothing is to be: the slot is free. {@code isDelayed} when the task is to be tried later. */
        void recorded(RunningAttempt attempt, boolean isDelayed);

        /** The slot is free although the end is not recorded yet; {@link #groupedRecorded} follows. */
        void released(RunningAttempt attempt);

        /** The end of an attempt is recorded whose slot was freed before. {@code isDelayed} when the task is to be tried later. */
        void groupedRecorded(RunningAttempt attempt, boolean isDelayed);
    }

    /** An end to record, and the attempt whose slot it frees; null for a claim that was never started. Belongs to the loop. */
    private static final class Pending {
        private final @Nullable RunningAttempt attempt;
        private AttemptEnd end;
        private int refusals;
        private boolean isFinished;
        private final boolean isGrouped;

        private Pending(AttemptEnd end, @Nullable RunningAttempt attempt, boolean isGrouped) {
            this.end = end;
            this.attempt = attempt;
            this.isGrouped = isGrouped;
        }
    }

    /**
     * Creates a recorder.
     *
     * @param before runs before ends are written, and never fails: what they cost is in the ledger before a task is done
     */
    AttemptRecorder(
            TaskStore tasks,
            TimeSource time,
            EventListener events,
            EngineThreads runner,
            SlotRelease slots,
            Runnable before) {
        this.before = before;
        this.tasks = tasks;
        this.time = time;
        this.events = events;
        this.slots = slots;
        this.loop = new EngineLoop("recorder", this::record, time, runner);
    }

    EngineLoop loop() {
        return loop;
    }

    /** Takes over the end of an attempt, null when nothing is to be written. Never blocks. */
    void end(RunningAttempt attempt, @Nullable AttemptEnd end, Worker.Acknowledgement acknowledgement) {
        if (end == null) {
            slots.recorded(attempt, false);
            return;
        }
        boolean isGrouped = acknowledgement == Worker.Acknowledgement.GROUPED && tryGroup();
        if (isGrouped) {
            slots.released(attempt);
        }
        add(new Pending(end, attempt, isGrouped));
    }

    private boolean tryGroup() {
        if (grouped.incrementAndGet() <= MAX_GROUPED) {
            return true;
        }
        grouped.decrementAndGet();
        return false;
    }

    /** Takes over the end of a claim that was never started, unless it has it already. Never blocks. */
    void endUnstarted(AttemptEnd end) {
        if (unstarted.add(end.fencingToken())) {
            add(new Pending(end, null, false));
        }
    }

    /** Records the ends of claims that were never started, on the thread that calls; fails as the store does. */
    void endUnstartedNow(List<AttemptEnd> ends) {
        Set<FencingToken> matched = tasks.finish(ends);
        List<AttemptEnd> recorded = ends.stream()
                .filter(end -> matched.contains(end.fencingToken()))
                .toList();
        recorded.forEach(this::publish);
        publishCancelledWith(recorded.stream());
    }

    private void add(Pending pending) {
        open.incrementAndGet();
        waiting.add(pending);
        loop.signal();
    }

    /** How many ends are not recorded yet. */
    int openCount() {
        return open.get();
    }

    /** Whether the store did not take the last ends that were offered. */
    boolean isStoreWaiting() {
        return isWaitAnnounced;
    }

    /** Whether claims that were never started are still running in the store. */
    boolean hasUnstarted() {
        return !unstarted.isEmpty();
    }

    private Duration record() {
        List<Pending> batch = nextBatch();
        if (batch.isEmpty()) {
            return IDLE;
        }
        try {
            before.run();
            write(batch);
        } finally {
            // Whatever was thrown, and by whichever part of the batch: what is not recorded is offered again.
            batch.stream().filter(pending -> !pending.isFinished).forEach(kept::add);
        }
        if (!kept.isEmpty()) {
            // What one of several stores does not take keeps back nothing that another one does.
            boolean isAnyTaken = batch.stream().anyMatch(pending -> pending.isFinished);
            return isAnyTaken && !waiting.isEmpty() ? Duration.ZERO : RETRY_INTERVAL;
        }
        isWaitAnnounced = false;
        return waiting.isEmpty() ? IDLE : Duration.ZERO;
    }

    /** What was kept, and what has come since; by id, so that two nodes that write the same rows lock them in the same order. */
    private List<Pending> nextBatch() {
        // In turn, and half of a batch at most: the rest is for what was not offered yet.
        List<Pending> offeredAgain = kept.subList(0, Math.min(kept.size(), BATCH / 2));
        List<Pending> batch = new ArrayList<>(offeredAgain);
        offeredAgain.clear();
        Pending next = batch.size() < BATCH ? waiting.poll() : null;
        while (next != null) {
            batch.add(next);
            next = batch.size() < BATCH ? waiting.poll() : null;
        }
        batch.sort(Comparator.comparing(pending -> pending.end.fencingToken().id()));
        return batch;
    }

    private void write(List<Pending> batch) {
        Set<FencingToken> matched;
        try {
            matched = tasks.finish(batch.stream().map(pending -> pending.end).toList());
        } catch (StoreException failure) {
            switch (failure.kind()) {
                case BUSY -> announceWait(failure);
                // One large result must not keep the small ones from being recorded that still fit.
                case FULL -> divide(batch, failure, this::announceWait);
                case OUTCOME_UNKNOWN -> settle(batch, failure);
                case CLOSED -> giveUp(batch, failure);
                default -> divide(batch, failure, wrong -> refuse(batch.get(0), wrong));
            }
            return;
        } catch (RuntimeException failure) {
            divide(batch, failure, wrong -> refuse(batch.get(0), wrong));
            return;
        }
        isWaitAnnounced = false;
        complete(batch, matched);
        publishCancelledWith(
                batch.stream().map(pending -> pending.end).filter(end -> matched.contains(end.fencingToken())));
    }

    /** What waits for a task that has failed may have ended with it. */
    private void publishCancelledWith(Stream<AttemptEnd> ends) {
        List<TaskId> failed = ends.filter(end -> end.next().isTerminal() && end.next() != TaskState.DONE)
                .map(end -> end.fencingToken().id())
                .toList();
        if (!failed.isEmpty()) {
            TaskCanceller.publishCancelledWith(failed, tasks, time, events);
        }
    }

    private void announceWait(RuntimeException failure) {
        // Once for each time in which the store takes nothing.
        if (!isWaitAnnounced) {
            LOG.warn("ends of attempts wait for the store: {}", failure.getMessage());
            isWaitAnnounced = true;
        }
    }

    /** Writes the halves of a group, or handles the failure of one that stands alone. */
    private void divide(List<Pending> batch, RuntimeException failure, Consumer<RuntimeException> alone) {
        if (batch.size() == 1) {
            alone.accept(failure);
            return;
        }
        int middle = batch.size() / 2;
        write(batch.subList(0, middle));
        write(batch.subList(middle, batch.size()));
    }

    /**
     * An end that was refused several times, while one without its output is taken, is what cannot be stored. As long as the store
     * takes that one neither, it is the store that fails, and the end is kept. A store that comes back just between the two must not
     * count, so each refusal does only when the store takes an end without output right after it that changes nothing.
     */
    private void refuse(Pending pending, RuntimeException failure) {
        announceWait(failure);
        AttemptEnd refused = pending.end;
        FencingToken ofNobody = new FencingToken(refused.fencingToken().id(), 0, 0);
        if (!takes(withoutOutput(refused, ofNobody, failure)) || ++pending.refusals < MAX_REFUSALS) {
            return;
        }
        AttemptEnd withoutOutput = withoutOutput(refused, refused.fencingToken(), failure);
        Set<FencingToken> matched;
        try {
            matched = tasks.finish(List.of(withoutOutput));
        } catch (RuntimeException storeFails) {
            if (storeFails instanceof StoreException known && known.kind() == StoreException.Kind.OUTCOME_UNKNOWN) {
                // It may be recorded: the end that is offered again has to be the same.
                pending.end = withoutOutput;
            }
            return;
        }
        LOG.error("the end of task {} cannot be stored", refused.fencingToken().id(), failure);
        pending.end = withoutOutput;
        complete(List.of(pending), matched);
    }

    private boolean takes(AttemptEnd end) {
        try {
            tasks.finish(List.of(end));
            return true;
        } catch (RuntimeException storeFails) {
            return false;
        }
    }

    private static AttemptEnd withoutOutput(AttemptEnd refused, FencingToken token, RuntimeException failure) {
        return new AttemptEnd(
                token,
                refused.session(),
                refused.startedAt(),
                refused.endedAt(),
                AttemptOutcome.FAILED,
                TaskState.DEAD,
                Duration.ZERO,
                AttemptResult.error(
                        "its end cannot be stored: " + failure.getClass().getSimpleName()),
                refused.basis());
    }

    /** Reads back what a write of unknown outcome has come to; what was not kept is written again. */
    private void settle(List<Pending> batch, StoreException failure) {
        LOG.warn(
                "it is unknown whether {} ends were recorded; they are read back: {}",
                batch.size(),
                failure.getMessage());
        batch.forEach(pending -> settle(pending, () -> {}));
    }

    private void settle(Pending pending, Runnable whenAbsent) {
        Optional<Attempt> stored;
        try {
            stored = attempt(pending.end.fencingToken());
        } catch (StoreException unreadable) {
            // Written again, which is harmless: if it was kept, its token matches no more.
            return;
        }
        stored.ifPresentOrElse(attempt -> settled(pending, attempt), whenAbsent);
    }

    private Optional<Attempt> attempt(FencingToken fencingToken) {
        return tasks.attempts(fencingToken.id()).stream()
                .filter(attempt -> attempt.epoch() == fencingToken.epoch())
                .findFirst();
    }

    private void complete(List<Pending> batch, Set<FencingToken> matched) {
        for (Pending pending : batch) {
            FencingToken fencingToken = pending.end.fencingToken();
            if (matched.contains(fencingToken)) {
                publish(pending.end);
                finished(pending);
            } else {
                // Recorded by a write of ours whose outcome was unknown, or fenced: the attempt's row decides.
                settle(pending, () -> fenced(pending));
            }
        }
    }

    private void settled(Pending pending, Attempt stored) {
        // The session too: a cancellation by force has the outcome of an ordinary one, but none of its own.
        if (stored.outcome() == pending.end.outcome() && stored.session().equals(pending.end.session())) {
            publish(pending.end);
            finished(pending);
        } else {
            fenced(pending);
        }
    }

    private void fenced(Pending pending) {
        LOG.warn(
                "the end of task {} was not recorded: the task belongs to another attempt",
                pending.end.fencingToken().id());
        finished(pending);
    }

    private void giveUp(List<Pending> batch, StoreException failure) {
        LOG.error("{} ends of attempts were not recorded: {}", batch.size(), failure.getMessage());
        batch.forEach(this::finished);
    }

    private void finished(Pending pending) {
        pending.isFinished = true;
        open.decrementAndGet();
        if (pending.isGrouped) {
            grouped.decrementAndGet();
        }
        if (pending.attempt == null) {
            unstarted.remove(pending.end.fencingToken());
        } else if (pending.isGrouped) {
            slots.groupedRecorded(pending.attempt, pending.end.next() == TaskState.SCHEDULED);
        } else {
            slots.recorded(pending.attempt, pending.end.next() == TaskState.SCHEDULED);
        }
    }

    private void publish(AttemptEnd end) {
        events.onEvent(new Event.TaskAttemptEnded(
                time.wallTime(),
                end.fencingToken(),
                end.outcome(),
                end.next(),
                end.result().error()));
        if (end.next().isTerminal()) {
            events.onEvent(
                    new Event.TaskEnded(time.wallTime(), end.fencingToken().id(), end.next()));
        }
    }
}
