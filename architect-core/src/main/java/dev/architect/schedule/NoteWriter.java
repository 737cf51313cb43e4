package dev.architect.schedule;

import dev.architect.attempt.FencingToken;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.loop.EngineLoop;
import dev.architect.loop.EngineThreads;
import dev.architect.spi.TimeSource;
import dev.architect.step.AttemptLostException;
import dev.architect.step.StepStore;
import dev.architect.step.TaskProgress;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes progress and partial output of the attempts that run here. Workers never wait for it. */
final class NoteWriter {

    private static final Logger LOG = LoggerFactory.getLogger(NoteWriter.class);

    /** Each attempt that has something to write starts the next step. */
    private static final Duration NOTHING_PENDING = Duration.ofMinutes(1);

    private final StepStore store;
    private final TimeSource time;
    private final EventListener events;
    private final RunningAttempts running;
    private final EngineLoop loop;

    NoteWriter(StepStore store, TimeSource time, EventListener events, RunningAttempts running, EngineThreads threads) {
        this.store = store;
        this.time = time;
        this.events = events;
        this.running = running;
        this.loop = new EngineLoop("notes", this::step, time, threads);
    }

    EngineLoop loop() {
        return loop;
    }

    /** The notes of an attempt that begins. */
    AttemptNotes notes(FencingToken fencingToken) {
        return new AttemptNotes(fencingToken, store, time, loop::signal);
    }

    private Duration step() {
        Duration next = NOTHING_PENDING;
        for (RunningAttempt attempt : running.all()) {
            Duration due = attempt.notes().untilDue();
            if (due != null && due.isZero()) {
                write(attempt, attempt.notes()::writeDue);
                due = attempt.notes().untilDue();
            }
            if (due != null && due.compareTo(next) < 0) {
                next = due;
            }
        }
        return next;
    }

    /** The worker of an attempt has returned; its end is not recorded yet. */
    void finish(RunningAttempt attempt) {
        write(attempt, attempt.notes()::writeRest);
    }

    private void write(RunningAttempt attempt, Supplier<@Nullable TaskProgress> write) {
        try {
            TaskProgress written = write.get();
            if (written != null) {
                events.onEvent(new Event.TaskProgressed(written.at(), attempt.fencingToken(), written.percent()));
            }
        } catch (AttemptLostException lost) {
            attempt.stop(RunningAttempt.Stop.FENCED);
        } catch (Throwable failure) {
            // An Error as well: the end of the attempt must be recorded.
            LOG.debug(
                    "progress of task {} is not written", attempt.fencingToken().id(), failure);
        }
    }
}
