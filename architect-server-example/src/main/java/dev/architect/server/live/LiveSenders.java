package dev.architect.server.live;

import dev.architect.thread.ThreadRunner;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the same for many clients on a few threads: each write to a connection takes a processor for some microseconds, and with hundreds of them the last client would
 * wait for all the others. Half of the processors are left to the work that the clients look at, and whatever of it becomes ready gets a processor between
 * two clients instead of after all of them. Used by one thread.
 */
final class LiveSenders {

    private static final Logger LOG = LoggerFactory.getLogger(LiveSenders.class);

    /** Fewer clients are not worth another thread. */
    private static final int LEAST_CLIENTS = 64;

    private static final int MOST_THREADS = 4;

    private final ThreadRunner runner;
    private final int threads;

    LiveSenders(ThreadRunner runner) {
        this(runner, Runtime.getRuntime().availableProcessors());
    }

    LiveSenders(ThreadRunner runner, int processors) {
        this.runner = runner;
        this.threads = Math.min(MOST_THREADS, Math.max(1, processors / 2));
    }

    /** Returns when the work is done for each; a failure of one is logged, and the others go on. */
    void each(List<LiveConnection> clients, Consumer<LiveConnection> work) throws InterruptedException {
        int parts = Math.max(1, Math.min(threads, clients.size() / LEAST_CLIENTS));
        CountDownLatch ended = new CountDownLatch(parts - 1);
        for (int part = 1; part < parts; part++) {
            Runnable share = share(clients, part, parts, work);
            Runnable counted = () -> {
                try {
                    share.run();
                } finally {
                    ended.countDown();
                }
            };
            try {
                runner.run("live-sender", counted, noThread -> counted.run());
            } catch (IllegalStateException | OutOfMemoryError noThread) {
                counted.run();
            }
        }
        share(clients, 0, parts, work).run();
        ended.await();
    }

    private static Runnable share(List<LiveConnection> clients, int part, int parts, Consumer<LiveConnection> work) {
        return () -> {
            for (int i = part; i < clients.size(); i += parts) {
                try {
                    work.accept(clients.get(i));
                } catch (RuntimeException failure) {
                    LOG.error("a client of the live channel cannot be told", failure);
                }
                // A thread that becomes ready would else wait for the end of this one's share of time, some
                // milliseconds.
                Thread.yield();
            }
        };
    }
}
