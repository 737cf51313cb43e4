package dev.architect.router.hedging;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Citation;
import dev.architect.chat.ToolCallDelta;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.TokenUsage;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of a race. Its provider works on a thread of its own; what it streams waits here until the caller's thread takes it, at most
 * {@value #CAPACITY} parts, so that a slow listener slows the provider down.
 *
 * <p>The first part of its answer, or its end when it comes whole, decides the race when nothing has. The stream of the other call is ended at its
 * next part.
 *
 * <p>Safe for use by its two threads.
 */
public final class RaceLeg {

    private static final int CAPACITY = 1_024;

    private final CallRace race;
    private final Function<ChatListener, ProviderAnswer> provider;
    private final Runnable onEnd;
    private final BlockingQueue<Consumer<ChatListener>> parts = new ArrayBlockingQueue<>(CAPACITY);
    private final Object lock = new Object();
    // Guarded by the lock.
    private @Nullable Thread worker;
    private boolean cancelled;
    private boolean begun;
    private boolean ended;
    private @Nullable ProviderAnswer answer;
    private @Nullable Throwable failure;
    private long characters;
    private TokenUsage usage = TokenUsage.UNKNOWN;

    RaceLeg(CallRace race, Function<ChatListener, ProviderAnswer> provider, Runnable onEnd) {
        this.race = race;
        this.provider = provider;
        this.onEnd = onEnd;
    }

    /** Calls the provider. Run by the thread of this call. */
    void run() {
        ProviderAnswer result = null;
        Throwable thrown = null;
        try {
            if (begin()) {
                result = provider.apply(new Relay());
                if (!race.decideFor(this)) {
                    thrown = new CancellationException("the other call was answered before");
                }
            } else {
                thrown = new CancellationException("the other call was answered before this one was sent");
            }
        } catch (Throwable failed) {
            // Errors as well: the caller's thread gets to know them.
            thrown = failed;
        } finally {
            end(result, thrown);
            // An interruption that came at the very end must not reach the next work of this thread.
            Thread.interrupted();
            onEnd.run();
            race.changed();
        }
    }

    private boolean begin() {
        synchronized (lock) {
            begun = !cancelled;
            worker = begun ? Thread.currentThread() : null;
            return begun;
        }
    }

    private void end(@Nullable ProviderAnswer result, @Nullable Throwable thrown) {
        synchronized (lock) {
            worker = null;
            ended = true;
            answer = result;
            failure = thrown;
        }
    }

    /** There is no thread for it. */
    void endUnsent(Throwable noThread) {
        end(null, noThread);
        onEnd.run();
        race.changed();
    }

    /** Interrupts its provider; does nothing when it has ended. */
    public void cancel() {
        synchronized (lock) {
            cancelled = true;
            // Under the lock, so that the interruption cannot reach the next work of the thread.
            if (worker != null) {
                worker.interrupt();
            }
        }
    }

    /** Whether its provider has returned. */
    public boolean hasEnded() {
        synchronized (lock) {
            return ended;
        }
    }

    /** Whether it was cancelled before its provider was called. */
    public boolean isUnsent() {
        synchronized (lock) {
            return !begun;
        }
    }

    /** Whether it was cancelled. */
    public boolean isCancelled() {
        synchronized (lock) {
            return cancelled;
        }
    }

    /** The answer, null when there is none. One that came after the race was decided is here as well. */
    public @Nullable ProviderAnswer answer() {
        synchronized (lock) {
            return answer;
        }
    }

    /** What the provider threw, null when nothing. */
    public @Nullable Throwable failure() {
        synchronized (lock) {
            return failure;
        }
    }

    /** Characters of text, reasoning and arguments that the provider has produced so far. */
    public long characters() {
        synchronized (lock) {
            return characters;
        }
    }

    /** What the provider has counted so far. */
    public TokenUsage usage() {
        synchronized (lock) {
            return usage;
        }
    }

    /** Delivers what waits; false when nothing did. Called by the caller's thread, on which {@code listener} runs. */
    boolean deliverTo(ChatListener listener) {
        Consumer<ChatListener> part = parts.poll();
        if (part == null) {
            return false;
        }
        part.accept(listener);
        return true;
    }

    /** What the provider streams to, on the thread of this call. */
    private final class Relay implements ChatListener {

        @Override
        public void onText(String delta) {
            content(delta.length(), listener -> listener.onText(delta));
        }

        @Override
        public void onReasoning(String delta) {
            content(delta.length(), listener -> listener.onReasoning(delta));
        }

        @Override
        public void onToolCall(ToolCallDelta delta) {
            content(delta.arguments().length(), listener -> listener.onToolCall(delta));
        }

        @Override
        public void onCitation(Citation citation) {
            content(0, listener -> listener.onCitation(citation));
        }

        @Override
        public void onWire(String event, String data) {
            content(0, listener -> listener.onWire(event, data));
        }

        @Override
        public void onUsage(TokenUsage soFar) {
            synchronized (lock) {
                usage = soFar;
            }
            put(listener -> listener.onUsage(soFar));
        }

        @Override
        public void onStop(StopReason reason) {
            put(listener -> listener.onStop(reason));
        }

        private void content(int length, Consumer<ChatListener> part) {
            synchronized (lock) {
                characters += length;
            }
            if (!race.decideFor(RaceLeg.this)) {
                throw new CancellationException("the other call was answered before");
            }
            put(part);
        }

        private void put(Consumer<ChatListener> part) {
            try {
                parts.put(part);
            } catch (InterruptedException cancelledWhileFull) {
                Thread.currentThread().interrupt();
                throw new CancellationException("the caller left");
            }
            race.changed();
        }
    }
}
