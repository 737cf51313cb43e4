package dev.architect.testkit.replay;

import com.sun.management.ThreadMXBean;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.simulator.script.SeededRandom;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.provider.RecordingListener;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Lets an adapter read mutated replies, each from a seed of its own. Each must end as an answer or a {@link
 * ProviderException}, within a second of CPU time and fifty megabytes; all together must retain less than fifty.
 */
final class MutatedReplies {

    private static final Duration MAX_CPU_TIME = Duration.ofSeconds(1);

    /** The wall time after which a case counts as hanging; long, because the machine may be busy with other work. */
    static final Duration HANGS_AFTER = Duration.ofSeconds(10);

    private static final long MAX_BYTES = 50L << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ModelProvider provider;
    private final List<RecordedReply> recordings;
    private final RecordingContract contract;
    private final Duration hangsAfter;
    private volatile long seed;
    private volatile long started = System.nanoTime();

    MutatedReplies(
            ModelProvider provider, List<RecordedReply> recordings, RecordingContract contract, Duration hangsAfter) {
        this.hangsAfter = hangsAfter;
        this.provider = provider;
        this.recordings = recordings;
        this.contract = contract;
    }

    /** Runs that many cases, or the one of {@code -Darchitect.seed}; {@code next} takes each reply. */
    void run(int count, Consumer<CannedReply> next) {
        long before = usedBytes();
        CompletableFuture<Void> all = new CompletableFuture<>();
        // On a thread of its own: a case that hangs may ignore an interruption, but its stack can be reported.
        Thread worker = new Thread(
                () -> {
                    try {
                        SeededRandom.forAll(count, random -> runCase(random, next));
                        all.complete(null);
                    } catch (Throwable failure) {
                        all.completeExceptionally(failure);
                    }
                },
                "mutated-replies");
        worker.setDaemon(true);
        worker.start();
        await(all, worker);
        long growth = usedBytes() - before;
        if (growth > MAX_BYTES) {
            throw new AssertionError("heap grew by " + growth + " bytes, expected at most " + MAX_BYTES);
        }
    }

    private void runCase(SeededRandom random, Consumer<CannedReply> next) {
        seed = random.seed();
        started = System.nanoTime();
        RecordedReply reply = randomRecording(random);
        byte[] body = new ReplyMutator(random)
                .mutate(reply.body(), randomRecording(random).body());
        next.accept(new CannedReply(
                status(reply, random), headers(reply, random), ChunkedInputStream.withRandomChunks(body, random)));
        long thread = Thread.currentThread().getId();
        long bytes = THREADS.getThreadAllocatedBytes(thread);
        // The time of the processor, because what else runs on the machine must not fail a case.
        long cpu = THREADS.getCurrentThreadCpuTime();
        try {
            call(random, contract.call(reply), contract.isStreamed(reply) != random.onceIn(20));
        } catch (ProviderException failure) {
            // Any other failure is accepted, as long as it is a ProviderException.
            if (failure.kind() == FailureKind.CANCELLED) {
                throw new AssertionError("kind is CANCELLED without a cancellation, expected another kind", failure);
            }
        }
        check("nanoseconds of computing", THREADS.getCurrentThreadCpuTime() - cpu, MAX_CPU_TIME.toNanos());
        check("bytes", THREADS.getThreadAllocatedBytes(thread) - bytes, MAX_BYTES);
    }

    private void call(SeededRandom random, ProviderCall call, boolean isStreamed) {
        if (!random.onceIn(10)) {
            if (isStreamed) {
                provider.stream(call, new RecordingListener());
            } else {
                provider.chat(call);
            }
            return;
        }
        switch (random.between(0, 3)) {
            case 0 -> provider.models(call.timeout());
            case 1 -> provider.countTokens(call);
            case 2 ->
                provider.embed(new EmbeddingCall(call.model(), List.of("a", "b"), Optional.empty(), call.timeout()));
            default -> provider.probe();
        }
    }

    private RecordedReply randomRecording(SeededRandom random) {
        return recordings.get(random.between(0, recordings.size() - 1));
    }

    private static int status(RecordedReply reply, SeededRandom random) {
        return random.onceIn(8)
                ? random.oneOf(200, 201, 204, 302, 400, 401, 403, 404, 408, 413, 422, 429, 500, 503, 529, 599)
                : reply.status();
    }

    private static Map<String, String> headers(RecordedReply reply, SeededRandom random) {
        if (!random.onceIn(8)) {
            return reply.headers();
        }
        Map<String, String> headers = new HashMap<>(reply.headers());
        headers.put(
                random.oneOf(
                        "retry-after",
                        "retry-after-ms",
                        "date",
                        "request-id",
                        "x-request-id",
                        "x-ratelimit-reset-requests",
                        "anthropic-ratelimit-tokens-reset",
                        "x-ratelimit-limit",
                        "content-type"),
                random.oneOf(
                        "",
                        "-1",
                        "1e999999999",
                        "9".repeat(300),
                        "Sun, 99 Nov 2026 10:00:00 GMT",
                        "😀",
                        "a".repeat(70_000)));
        return headers;
    }

    private void check(String what, long seen, long max) {
        if (seen > max) {
            throw new AssertionError("case took " + seen + " " + what + ", expected at most " + max);
        }
    }

    private void await(CompletableFuture<Void> all, Thread worker) {
        while (true) {
            try {
                all.get(100, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException notYet) {
                if (System.nanoTime() - started > hangsAfter.toNanos()) {
                    AssertionError hangs =
                            new AssertionError("seed " + seed + " hangs; replay with -Darchitect.seed=" + seed);
                    hangs.setStackTrace(worker.getStackTrace());
                    throw hangs;
                }
            } catch (ExecutionException failure) {
                throw new AssertionError(String.valueOf(failure.getMessage()), failure.getCause());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted, expected to finish", interrupted);
            }
        }
    }

    private static long usedBytes() {
        // Garbage must not count as growth.
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
