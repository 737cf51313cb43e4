package dev.architect.thread;

import dev.architect.check.Check;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place threads come from: named platform daemon threads on Java 17 to 20, virtual threads on 21 and later.
 *
 * <p>A virtual thread is cheap and runs one job. Starting a platform thread may cost more than the job itself, so those of
 * {@link #run} are reused while there are jobs, and end ten seconds after the last one.
 *
 * <p>Safe for use by several threads. {@link #close()} interrupts every thread that is still running and waits briefly.
 */
public final class ThreadRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadRunner.class);

    /** How long {@link #close()} waits for all threads together to end. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** How long a thread of {@link #run} waits for the next job before it ends. */
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(10);

    private final String name;
    private final ReusedThreads reused = new ReusedThreads(ThreadRunner::platform, IDLE_TIMEOUT);
    private final AtomicLong started = new AtomicLong();
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Creates a runner whose threads are named {@code name-purpose-number}. */
    public ThreadRunner(String name) {
        this.name = Check.notBlank("name", name);
    }

    /** Whether threads of {@link #start} are virtual on this Java. */
    public static boolean isVirtual() {
        return Virtual.OF_VIRTUAL != null;
    }

    /** Whether the thread that calls is virtual. */
    public static boolean isCurrentVirtual() {
        return Virtual.isVirtual(Thread.currentThread());
    }

    /**
     * Starts a thread for work that mostly waits.
     *
     * @throws IllegalStateException when the runner is closed
     */
    public Thread start(String purpose, Runnable work) {
        return start(purpose, work, Virtual.OF_VIRTUAL == null ? ThreadRunner::platform : Virtual::thread);
    }

    /** As {@link #run(String, Runnable, Consumer)}; work that finds no thread later is logged. */
    public void run(String purpose, Runnable work) {
        run(purpose, work, noThread -> LOG.error("there is no thread for work of {}-{}", name, purpose, noThread));
    }

    /**
     * Runs work that mostly waits and comes in great number, soon, on a thread that nothing else uses meanwhile: a new virtual one, or a
     * platform one that may have run other work before. There are as many threads as jobs block at a time. What work leaves in its
     * {@code ThreadLocal}s may be seen by later work.
     *
     * @param notStarted gets the failure, on any thread, when it turns out later that the system has no thread for the work
     * @throws IllegalStateException when the runner is closed
     * @throws Error when the system has no thread for the work
     */
    public void run(String purpose, Runnable work, Consumer<Throwable> notStarted) {
        if (Virtual.OF_VIRTUAL != null) {
            start(purpose, work);
            return;
        }
        if (!reused.run(() -> tracked(purpose, work), notStarted)) {
            throw closedFailure();
        }
    }

    /** Starts a platform thread, for work that holds native resources or runs as long as its owner. */
    public Thread startPlatform(String purpose, Runnable work) {
        return start(purpose, work, ThreadRunner::platform);
    }

    /** Returns this runner as a factory for libraries that bring their own pools. */
    public ThreadFactory factory(String purpose) {
        return work -> named(purpose, work, ThreadRunner::platform);
    }

    /** How many threads are running. */
    public int runningCount() {
        return running.size();
    }

    private Thread start(String purpose, Runnable work, ThreadFactory factory) {
        Thread thread = named(purpose, work, factory);
        // Added before the check: close() sets the flag before it reads the set, so a thread is either seen there or
        // refused here.
        running.add(thread);
        if (closed) {
            running.remove(thread);
            throw closedFailure();
        }
        try {
            thread.start();
        } catch (Throwable failure) {
            // The system has no more threads.
            running.remove(thread);
            throw failure;
        }
        return thread;
    }

    private IllegalStateException closedFailure() {
        return new IllegalStateException("runner '" + name + "' is closed, expected open");
    }

    private Thread named(String purpose, Runnable work, ThreadFactory factory) {
        Thread thread = factory.newThread(() -> tracked(work));
        thread.setName(nextName(purpose));
        return thread;
    }

    private String nextName(String purpose) {
        return name + "-" + purpose + "-" + started.incrementAndGet();
    }

    /** On a reused thread, which is named after the first work of each purpose in a row. */
    private void tracked(String purpose, Runnable work) {
        Thread thread = Thread.currentThread();
        if (!thread.getName().startsWith(name + "-" + purpose + "-")) {
            thread.setName(nextName(purpose));
        }
        tracked(work);
    }

    private void tracked(Runnable work) {
        // Once more, because a reused thread has not passed through start().
        running.add(Thread.currentThread());
        try {
            work.run();
        } catch (Throwable failure) {
            LOG.error("thread {} ended with a failure", Thread.currentThread().getName(), failure);
            // Rethrown, so that the host's handler of uncaught exceptions gets it as well.
            throw failure;
        } finally {
            running.remove(Thread.currentThread());
        }
    }

    private static Thread platform(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    /** Interrupts what is running and waits up to five seconds for it to end. Calling it twice does nothing more. */
    @Override
    public void close() {
        closed = true;
        reused.close();
        List<Thread> remaining = List.copyOf(running);
        // close() may run on a thread of this runner, which must neither interrupt nor await itself.
        remaining.stream().filter(thread -> thread != Thread.currentThread()).forEach(Thread::interrupt);
        // By the system's clock: these are real threads, whatever clock a test moves.
        long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
        for (Thread thread : remaining) {
            long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (thread == Thread.currentThread() || millis <= 0) {
                continue;
            }
            try {
                thread.join(millis);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** {@code Thread.ofVirtual().unstarted(work)}, reached by method handles because our bytecode is Java 17. */
    private static final class Virtual {

        static final @Nullable MethodHandle OF_VIRTUAL = find();

        private static final @Nullable MethodHandle IS_VIRTUAL = findIsVirtual();

        private Virtual() {}

        static boolean isVirtual(Thread thread) {
            try {
                return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
            } catch (Throwable failure) {
                throw new IllegalStateException("a thread does not say whether it is virtual", failure);
            }
        }

        private static @Nullable MethodHandle findIsVirtual() {
            try {
                return MethodHandles.publicLookup()
                        .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
            } catch (ReflectiveOperationException olderJava) {
                return null;
            }
        }

        static Thread thread(Runnable work) {
            try {
                return (Thread) Objects.requireNonNull(OF_VIRTUAL).invoke(work);
            } catch (Throwable failure) {
                throw new IllegalStateException("a virtual thread could not be created", failure);
            }
        }

        private static @Nullable MethodHandle find() {
            try {
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                Class<?> builder = Class.forName("java.lang.Thread$Builder");
                Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
                MethodHandle make = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual));
                MethodHandle unstarted =
                        lookup.findVirtual(builder, "unstarted", MethodType.methodType(Thread.class, Runnable.class));
                return MethodHandles.foldArguments(
                        unstarted.asType(MethodType.methodType(Thread.class, ofVirtual, Runnable.class)),
                        make.asType(MethodType.methodType(ofVirtual)));
            } catch (ReflectiveOperationException olderJava) {
                return null;
            }
        }
    }
}
