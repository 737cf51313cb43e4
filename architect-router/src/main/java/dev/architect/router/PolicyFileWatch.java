package dev.architect.router;

import dev.architect.router.learned.LearnedModelException;
import dev.architect.router.policy.PolicyException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a policy file every two seconds, and hands on what it holds once it has changed and stayed the same for one look more, so that a
 * file that is just being written is left alone. A file that is missing or wrong is logged once, and the policy stays as it is.
 *
 * <p>Its content is compared and not its time, which copies and clocks change. Safe for use by several threads.
 */
final class PolicyFileWatch implements AutoCloseable {

    static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(PolicyFileWatch.class);

    private final Path file;
    private final Supplier<List<Path>> modelFiles;
    private final Consumer<RoutingPolicy> changed;
    private final WakeUp wakeUp;
    private volatile boolean closed;

    // Of the thread that looks.
    private byte[] followed;
    private byte[] seen;

    /**
     * Creates a watch of a file that has been read already.
     *
     * @param modelFiles the files of learned models that the policy names at that time
     */
    PolicyFileWatch(Path file, Supplier<List<Path>> modelFiles, Consumer<RoutingPolicy> changed, TimeSource time) {
        this.file = file;
        this.modelFiles = modelFiles;
        this.changed = changed;
        this.wakeUp = time.newWakeUp();
        this.followed = content();
        this.seen = followed;
    }

    /** Starts to look, on a thread of {@code threads}, whose owner closes this first. */
    void start(ThreadRunner threads) {
        try {
            threads.start("policy", this::run);
        } catch (Throwable noThread) {
            // Requests are served all the same.
            LOG.error("there is no thread that looks at {}, so its changes are not followed", file, noThread);
        }
    }

    private void run() {
        while (!closed) {
            try {
                wakeUp.await(INTERVAL);
            } catch (InterruptedException stop) {
                return;
            }
            if (!closed) {
                look();
            }
        }
    }

    /** Looks once. */
    void look() {
        byte[] now = content();
        boolean isSettled = Arrays.equals(now, seen);
        seen = now;
        if (!isSettled || Arrays.equals(now, followed)) {
            return;
        }
        // Also when it is wrong: it is looked at again when it has changed once more.
        followed = now;
        try {
            changed.accept(RoutingPolicy.load(file));
            LOG.info("the policy of {} has changed and is followed from now on", file);
        } catch (PolicyException | LearnedModelException wrong) {
            LOG.warn(
                    "the policy stays as it is, because its file, or one that it names, is wrong: {}",
                    wrong.getMessage());
        } catch (Throwable failure) {
            // Errors too: a provider may lack a class, and the next change must be seen.
            LOG.warn("the policy stays as it is, although {} has changed", file, failure);
        }
    }

    /** The bytes of the file and the checksums of the model files that the policy names now: one that was trained anew is loaded. */
    private byte[] content() {
        byte[] policy = content(file);
        List<Path> models = modelFiles.get();
        ByteBuffer all = ByteBuffer.allocate(policy.length + models.size() * Long.BYTES);
        all.put(policy);
        for (Path model : models) {
            CRC32 crc = new CRC32();
            crc.update(content(model));
            all.putLong(crc.getValue());
        }
        return all.array();
    }

    /** The bytes of a file; none when it cannot be read, which its own reader explains. */
    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            return new byte[0];
        }
    }

    @Override
    public void close() {
        closed = true;
        wakeUp.signal();
    }
}
