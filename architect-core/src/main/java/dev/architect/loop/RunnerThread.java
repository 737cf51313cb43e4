package dev.architect.loop;

import java.time.Duration;

/** A thread of a {@link dev.architect.thread.ThreadRunner}. */
record RunnerThread(Thread thread) implements EngineThreads.LoopThread {

    @Override
    public boolean isAlive() {
        return thread.isAlive();
    }

    @Override
    public boolean isCurrent() {
        return thread == Thread.currentThread();
    }

    @Override
    public void join(Duration timeout) throws InterruptedException {
        thread.join(Math.max(1, timeout.toMillis()));
    }
}
