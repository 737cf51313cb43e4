package dev.architect.benchmarks.list;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests at an even rate, whether or not those before them were answered: a time counts from when the request was due, so one that waits for a connection counts
 * with its wait.
 */
final class SteadyLoad {

    private static final int CONNECTIONS = 24;

    private final ListClient client;
    private final List<String> paths;

    /** Creates a load of these paths, one after the other and again from the first. */
    SteadyLoad(ListClient client, List<String> paths) {
        this.client = client;
        this.paths = List.copyOf(paths);
    }

    /** Asks for so many seconds, and returns how long each request took, in nanoseconds. Blocks. */
    List<Long> run(int rate, int seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            AtomicInteger next = new AtomicInteger();
            long begin = System.nanoTime();
            List<Future<List<Long>>> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                all.add(threads.submit(() -> drive(next, begin, rate, seconds * rate)));
            }
            List<Long> nanos = new ArrayList<>();
            for (Future<List<Long>> each : all) {
                nanos.addAll(each.get());
            }
            return nanos;
        } catch (ExecutionException failure) {
            throw new IOException("a request failed", failure.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Long> drive(AtomicInteger next, long begin, int rate, int requests) throws Exception {
        List<Long> nanos = new ArrayList<>();
        for (int number = next.getAndIncrement(); number < requests; number = next.getAndIncrement()) {
            long due = begin + TimeUnit.SECONDS.toNanos(1) * number / rate;
            long wait = due - System.nanoTime();
            if (wait > 0) {
                TimeUnit.NANOSECONDS.sleep(wait);
            }
            client.read(paths.get(number % paths.size()));
            nanos.add(System.nanoTime() - due);
        }
        return nanos;
    }
}
