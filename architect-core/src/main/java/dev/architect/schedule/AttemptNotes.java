package dev.architect.schedule;

import dev.architect.attempt.FencingToken;
import dev.architect.check.Check;
import dev.architect.spi.TimeSource;
import dev.architect.step.AttemptLostException;
import dev.architect.step.OutputChunk;
import dev.architect.step.StepBody;
import dev.architect.step.StepStore;
import dev.architect.step.TaskProgress;
import dev.architect.step.TaskStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Steps, progress and partial output of one attempt. Steps are recorded at once; of the others the store gets what is pending from time to
 * time. Safe for use by several threads.
 */
final class AttemptNotes {

    /** The least time between two writes of an attempt's progress. */
    static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(2);

    /** How long output is collected before it is written. */
    static final Duration OUTPUT_INTERVAL = Duration.ofMillis(250);

    private final FencingToken fencingToken;
    private final StepStore store;
    private final TimeSource time;
    private final Runnable pending;
    // Held for the time of a write, so that parts of the output are written in their order.
    private final Object writing = new Object();
    // The others are guarded by this object's lock.
    private @Nullable TaskProgress progress;
    private List<OutputChunk> chunks = new ArrayList<>();
    private long progressDue;
    private long outputDue;
    private int chunkCount;
    private int characters;
    private boolean closed;
    private volatile long heardOf;

    /** Creates the notes; {@code pending} is called when there is something to write, and never blocks. */
    AttemptNotes(FencingToken fencingToken, StepStore store, TimeSource time, Runnable pending) {
        this.fencingToken = fencingToken;
        this.store = store;
        this.time = time;
        this.pending = pending;
        this.progressDue = time.nanoTime();
        this.heardOf = time.nanoTime();
    }

    /** Returns the recorded output of a step, or does the step and records what it returns. */
    <E extends Exception> String step(String name, StepBody<E> body) throws E {
        TaskStep.checkName(name);
        Check.notNull("body", body);
        heartbeat();
        Optional<TaskStep> recorded = store.step(fencingToken.id(), name);
        if (recorded.isPresent()) {
            return recorded.get().output();
        }
        String output = TaskStep.checkOutput(body.run());
        heartbeat();
        return store.record(fencingToken, name, output).output();
    }

    void progress(int percent, String note, Map<String, String> data) {
        TaskProgress stated = new TaskProgress(percent, note, data, time.wallTime());
        heartbeat();
        synchronized (this) {
            if (closed) {
                return;
            }
            progress = stated;
        }
        pending.run();
    }

    void output(String text) {
        Check.notNull("chunk", text);
        heartbeat();
        boolean isFirst;
        synchronized (this) {
            if (closed) {
                return;
            }
            requireRoom(chunkCount + 1, OutputChunk.MAX_CHUNKS, "parts");
            requireRoom((long) characters + text.length(), OutputChunk.MAX_CHARACTERS, "characters");
            OutputChunk chunk = OutputChunk.of(fencingToken.epoch(), chunkCount + 1, text);
            isFirst = chunks.isEmpty();
            if (isFirst) {
                outputDue = time.nanoTime() + OUTPUT_INTERVAL.toNanos();
            }
            chunks.add(chunk);
            chunkCount++;
            characters += text.length();
        }
        if (isFirst) {
            pending.run();
        }
    }

    private void requireRoom(long size, int most, String unit) {
        if (size > most) {
            throw new IllegalStateException("output of task " + fencingToken.id() + " has " + size + " " + unit
                    + ", expected at most " + most + " in one attempt");
        }
    }

    void heartbeat() {
        heardOf = time.nanoTime();
    }

    /** How long ago the worker was last heard of. */
    Duration silence() {
        return Duration.ofNanos(time.nanoTime() - heardOf);
    }

    /** Returns how long until something of this attempt is to be written, zero when it is overdue; null when nothing is pending. */
    synchronized @Nullable Duration untilDue() {
        long now = time.nanoTime();
        Long left = progress == null ? null : progressDue - now;
        if (!chunks.isEmpty() && (left == null || outputDue - now < left)) {
            left = outputDue - now;
        }
        return left == null ? null : Duration.ofNanos(Math.max(0, left));
    }

    /**
     * Writes what is due.
     *
     * @return the progress that was written; null without one
     * @throws AttemptLostException when the attempt has lost its task
     */
    @Nullable
    TaskProgress writeDue() {
        return write(false);
    }

    /** The worker has returned: writes what is left, and takes no more. */
    @Nullable
    TaskProgress writeRest() {
        synchronized (this) {
            closed = true;
        }
        return write(true);
    }

    private @Nullable TaskProgress write(boolean all) {
        synchronized (writing) {
            TaskProgress stated = takeProgress(all);
            List<OutputChunk> parts = takeOutput(all);
            // What a store does not take is not written again: the next statement replaces it, and the result has the
            // whole output.
            boolean isMine = (parts.isEmpty() || store.append(fencingToken, parts))
                    && (stated == null || store.saveProgress(fencingToken, stated));
            if (!isMine) {
                throw new AttemptLostException(fencingToken);
            }
            return stated;
        }
    }

    private synchronized @Nullable TaskProgress takeProgress(boolean all) {
        long now = time.nanoTime();
        if (progress == null || (!all && progressDue - now > 0)) {
            return null;
        }
        TaskProgress stated = progress;
        progress = null;
        progressDue = now + PROGRESS_INTERVAL.toNanos();
        return stated;
    }

    private synchronized List<OutputChunk> takeOutput(boolean all) {
        if (chunks.isEmpty() || (!all && outputDue - time.nanoTime() > 0)) {
            return List.of();
        }
        List<OutputChunk> parts = chunks;
        chunks = new ArrayList<>();
        return parts;
    }
}
