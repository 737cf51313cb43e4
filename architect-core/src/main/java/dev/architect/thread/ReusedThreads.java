package dev.architect.thread;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads that run one job after the other. A job that blocks keeps its thread, and every other job gets another one; a burst of short
 * jobs is run by few threads, because a thread that has just finished takes the next job without being woken for it.
 *
 * <p>For eight jobs that wait, and for what is left of them, one thread is on its way to the queue: it was woken or started, and has
 * not come yet. When it comes and takes a job while more wait, it sends for the next thread before it begins. So no job waits behind one
 * that blocks, many that block get their threads side by side even when a thread takes long to come, and few
 * threads are woken for jobs that are gone before they come. Safe for use by several threads.
 */
final class ReusedThreads {

    /** For so many jobs that wait, one thread is sent for. */
    private static final int JOBS_PER_THREAD = 8;

    private final ThreadFactory factory;
    private final Duration idleTimeout;
    // All guarded by this object's lock.
    private final Deque<Job> jobs = new ArrayDeque<>();
    private final Deque<Reused> idle = new ArrayDeque<>();
    private int coming;
    private boolean closed;

    /** What to run, and who learns that there is no thread for it. */
    private record Job(Runnable work, Consumer<Throwable> notStarted) {}

    /** What a thread does that has found no job. */
    private enum Next {
        /** It was sent for. */
        COME,
        /** It looks for a job once more. */
        LOOK,
        END
    }

    /** A thread, as it waits. */
    private static final class Reused {
        private final Semaphore sentFor = new Semaphore(0);
    }

    /** {@code factory} makes the threads; one that finds no job for {@code idleTimeout} ends. */
    ReusedThreads(ThreadFactory factory, Duration idleTimeout) {
        this.factory = factory;
        this.idleTimeout = idleTimeout;
    }

    /**
     * Runs {@code work} on a thread that nothing else uses meanwhile.
     *
     * @param notStarted is called, by the thread that finds it out, when the system has no thread for the work any more; then the work is
     *     not run
     * @return false when this is closed
     * @throws Error when the system has no thread for the work; it is not run then
     */
    boolean run(Runnable work, Consumer<Throwable> notStarted) {
        Job job = new Job(work, notStarted);
        Runnable send;
        synchronized (this) {
            if (closed) {
                return false;
            }
            jobs.add(job);
            send = sendForNext();
        }
        try {
            send.run();
        } catch (Throwable noThread) {
            boolean isWaiting;
            List<Job> forsaken;
            synchronized (this) {
                coming--;
                isWaiting = jobs.remove(job);
                // No other thread was started for them, because the one that failed counted as coming.
                forsaken = coming == 0 ? removeAll() : List.of();
            }
            giveUp(forsaken, noThread);
            // When another thread has taken it meanwhile, the work runs after all.
            if (isWaiting) {
                throw noThread;
            }
        }
        return true;
    }

    /** Called under the lock. */
    private List<Job> removeAll() {
        List<Job> all = new ArrayList<>(jobs);
        jobs.clear();
        return all;
    }

    private static void giveUp(List<Job> waiting, Throwable noThread) {
        for (Job job : waiting) {
            try {
                job.notStarted.accept(noThread);
            } catch (Throwable failure) {
                // The others must learn it all the same.
                noThread.addSuppressed(failure);
            }
        }
    }

    /** What is to be done, outside the lock, so that a thread comes for what waits. Called under the lock. */
    private Runnable sendForNext() {
        if (jobs.isEmpty() || coming > jobs.size() / JOBS_PER_THREAD) {
            return () -> {};
        }
        coming++;
        // The one that was used last: its stack is in the cache, and those that are not needed time out.
        Reused waiting = idle.pollLast();
        return waiting == null ? () -> start(new Reused()) : waiting.sentFor::release;
    }

    private void start(Reused reused) {
        factory.newThread(() -> loop(reused)).start();
    }

    private void loop(Reused self) {
        Next next = Next.COME;
        while (next != Next.END) {
            Job job = take(next == Next.COME);
            try {
                while (job != null) {
                    // What an earlier job left behind must not reach this one.
                    Thread.interrupted();
                    job.work.run();
                    job = take(false);
                }
            } catch (Throwable failure) {
                // This thread ends, and may have been the one that would have taken what waits.
                send();
                throw failure;
            }
            next = awaitJob(self);
        }
    }

    /** Returns the next job, null when there is none; {@code hasCome} when this thread was sent for and comes now. */
    private @Nullable Job take(boolean hasCome) {
        Job job;
        Runnable send = () -> {};
        synchronized (this) {
            if (hasCome) {
                coming--;
            }
            job = jobs.poll();
            if (job != null) {
                send = sendForNext();
            }
        }
        sendOrGiveUp(send);
        return job;
    }

    private void send() {
        Runnable send;
        synchronized (this) {
            send = sendForNext();
        }
        sendOrGiveUp(send);
    }

    private void sendOrGiveUp(Runnable send) {
        try {
            send.run();
        } catch (Throwable noThread) {
            List<Job> waiting;
            synchronized (this) {
                coming--;
                waiting = removeAll();
            }
            giveUp(waiting, noThread);
        }
    }

    /** Waits to be sent for, or finds that there is no need to wait. */
    private Next awaitJob(Reused self) {
        synchronized (this) {
            if (closed) {
                return Next.END;
            }
            if (!jobs.isEmpty()) {
                return Next.LOOK;
            }
            idle.addLast(self);
        }
        boolean isSentFor = false;
        try {
            isSentFor = self.sentFor.tryAcquire(idleTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException ignored) {
            // A late interrupt of the job before; whether this thread goes on is decided below.
            isSentFor = false;
        }
        synchronized (this) {
            // When it is no longer among the idle, it was sent for at this very moment.
            return isSentFor || !idle.remove(self) ? Next.COME : Next.END;
        }
    }

    /** Lets idle threads end, and forgets what waits. Work that runs goes on. */
    synchronized void close() {
        closed = true;
        jobs.clear();
        idle.forEach(waiting -> waiting.sentFor.release());
        idle.clear();
    }
}
