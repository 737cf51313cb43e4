package dev.architect.testkit.time;

import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Waits for the ends of threads, in tests of those who own them. */
public final class ThreadEnds {

    /** In real time. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ThreadEnds() {}

    /**
     * Waits until the threads of this process whose names begin with {@code prefix} have ended, as {@link #await(Predicate)} does.
     *
     * @return those that live on, of each its name
     */
    public static Set<String> awaitNamed(String prefix) {
        return await(thread -> thread.getName().startsWith(prefix)).stream()
                .map(Thread::getName)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Waits until the platform threads of this process for which {@code which} holds have ended, for a minute of real time at most: a
     * thread that has done its last step, and whose owner waits no more, is still alive for a moment. An interruption ends the wait and stays
     * set.
     *
     * @return those that live on, none when all have ended
     */
    public static Set<Thread> await(Predicate<Thread> which) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (Thread thread : living(which)) {
                long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
                thread.join(Math.max(1, left));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return living(which);
    }

    private static Set<Thread> living(Predicate<Thread> which) {
        return Thread.getAllStackTraces().keySet().stream().filter(which).collect(Collectors.toUnmodifiableSet());
    }
}
