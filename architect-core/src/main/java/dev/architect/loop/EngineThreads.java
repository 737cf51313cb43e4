package dev.architect.loop;

import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Where the threads of the task engine come from. A {@link ThreadRunner} outside of tests; a simulation provides threads of which
 * one runs at a time, and which wait by its clock alone. Safe for use by several threads.
 */
public interface EngineThreads {

    /** A thread that was started for a loop. */
    interface LoopThread {

        /** Whether it has not ended. */
        boolean isAlive();

        /** Whether the caller runs on it. */
        boolean isCurrent();

        /** Waits until it has ended, at most {@code timeout}. */
        void join(Duration timeout) throws InterruptedException;
    }

    /**
     * Starts a thread for work that runs as long as its owner.
     *
     * @throws IllegalStateException when no thread is to be had any more
     */
    LoopThread startLoop(String purpose, Runnable work);

    /**
     * Runs work at once, on a thread that nothing else uses meanwhile.
     *
     * @throws IllegalStateException when no thread is to be had any more
     */
    void run(String purpose, Runnable work);

    /**
     * As {@link #run(String, Runnable)}.
     *
     * @param notStarted gets the failure, on any thread, when it turns out later that there is no thread for the work
     */
    default void run(String purpose, Runnable work, Consumer<Throwable> notStarted) {
        run(purpose, work);
    }

    /** Returns the threads of {@code runner}; joins wait by the system's clock. */
    static EngineThreads of(ThreadRunner runner) {
        return new EngineThreads() {
            @Override
            public LoopThread startLoop(String purpose, Runnable work) {
                return new RunnerThread(runner.startPlatform(purpose, work));
            }

            @Override
            public void run(String purpose, Runnable work) {
                runner.run(purpose, work);
            }

            @Override
            public void run(String purpose, Runnable work, Consumer<Throwable> notStarted) {
                runner.run(purpose, work, notStarted);
            }
        };
    }
}
