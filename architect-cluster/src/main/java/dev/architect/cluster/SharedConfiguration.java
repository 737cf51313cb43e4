package dev.architect.cluster;

import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configuration that all nodes follow: a named document of the store with versions. A new version is applied soon after it was written: a
 * hint announces it, and every five seconds the node looks by itself. A lower version than one that was seen is never applied, and one that
 * the reader or the applier refuses leaves the former one in force until a higher one comes.
 *
 * <p>Safe for use by several threads. Reader and applier are called one version after the other, on a thread of the cluster or on that of the
 * caller of {@link Cluster#configuration} and {@link #publish(String)}.
 *
 * @param <T> what the text stands for
 */
public final class SharedConfiguration<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedConfiguration.class);

    private static final int MAX_REASON = 500;

    private final String name;
    private final Reader<T> reader;
    private final Applier<T> applier;
    private final ClusterStore documents;
    private final Consumer<SharedConfiguration<T>> onClose;
    /** Held while the store is read and a version is applied, so that versions are applied in order. */
    private final Object turn = new Object();

    private volatile State<T> state = new State<>(0, null, 0, null);
    private volatile boolean closed;

    /** Makes a value of the text of a document, and checks it. */
    @FunctionalInterface
    public interface Reader<T> {

        /** Returns the value; throws when the text is not valid, and has changed nothing then. */
        T read(String text) throws Exception;
    }

    /** Puts a value into force. */
    @FunctionalInterface
    public interface Applier<T> {

        /** Applies the value as a whole; when it throws, the former one is still in force. */
        void apply(T value) throws Exception;
    }

    /**
     * A version that was not applied.
     *
     * @param version its number
     * @param reason what was wrong with it
     */
    public record Refusal(long version, String reason) {}

    /** What is in force, what was seen, and what was refused since. */
    private record State<T>(
            long version,
            @Nullable T value,
            long seen,
            @Nullable Refusal refusal) {}

    SharedConfiguration(
            String name,
            Reader<T> reader,
            Applier<T> applier,
            ClusterStore documents,
            Consumer<SharedConfiguration<T>> onClose) {
        this.name = name;
        this.reader = reader;
        this.applier = applier;
        this.documents = documents;
        this.onClose = onClose;
    }

    /** The name of the document. */
    public String name() {
        return name;
    }

    /** The version that is in force here; 0 while there is none. */
    public long version() {
        return state.version();
    }

    /** What is in force here; empty while no version was applied. */
    public Optional<T> value() {
        return Optional.ofNullable(state.value());
    }

    /** The newest version that was seen here; higher than {@link #version} when it was refused. */
    public long seenVersion() {
        return state.seen();
    }

    /** Why the newest version is not in force; empty when it is. */
    public Optional<Refusal> refusal() {
        return Optional.ofNullable(state.refusal());
    }

    /**
     * Writes a new version over the one that the store has now, and applies it here. Blocks.
     *
     * @return its version
     * @throws InvalidConfigurationException when the reader refuses the text; nothing has changed
     * @throws dev.architect.node.StaleDocumentException when another node was faster; nothing has changed
     * @throws dev.architect.error.StoreException when the store fails
     */
    public long publish(String text) {
        check(text);
        look();
        return write(seenVersion(), text);
    }

    /**
     * As {@link #publish(String)}, if the store has the version that the caller has seen: an edit of somebody else is not overwritten.
     *
     * @param expectedVersion 0 for a document that does not exist yet
     */
    public long publish(long expectedVersion, String text) {
        check(text);
        return write(expectedVersion, text);
    }

    private void check(String text) {
        Given.atMost("text", Given.notNull("text", text), SharedDocument.MAX_TEXT_LENGTH);
        if (closed) {
            throw new IllegalStateException("configuration '" + name + "' is closed, expected open");
        }
        try {
            reader.read(text);
        } catch (Throwable refused) {
            keepInterruption(refused);
            throw new InvalidConfigurationException(name, reason(refused), refused);
        }
    }

    private long write(long expectedVersion, String text) {
        SharedDocument written = documents.writeDocument(name, expectedVersion, text);
        synchronized (turn) {
            take(written);
        }
        return written.version();
    }

    /** Reads the store, and applies what is new. Blocks. */
    void look() {
        synchronized (turn) {
            if (!closed) {
                documents.document(name).ifPresent(this::take);
            }
        }
    }

    private void take(SharedDocument document) {
        State<T> before = state;
        long version = document.version();
        if (version < before.seen()) {
            // A write of this node may have been faster than a read that began before it; a store that was restored
            // says so
            // with every look.
            LOG.debug("version {} of '{}' is older than {}, which was seen: ignored", version, name, before.seen());
            return;
        }
        if (version == before.seen()) {
            return;
        }
        try {
            T value = reader.read(document.text());
            applier.apply(value);
            state = new State<>(version, value, version, null);
            LOG.info("version {} of '{}' is in force", version, name);
        } catch (Throwable refused) {
            // Code of the host, which may throw anything. What it threw this time it would throw again: the next
            // version
            // is waited for.
            keepInterruption(refused);
            Refusal refusal = new Refusal(version, reason(refused));
            state = new State<>(before.version(), before.value(), version, refusal);
            LOG.warn(
                    "version {} of '{}' is refused, version {} stays in force: {}",
                    version,
                    name,
                    before.version(),
                    refusal.reason());
        }
    }

    private static void keepInterruption(Throwable thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }

    private static String reason(Throwable refused) {
        String message = refused.getMessage();
        String reason =
                message == null || message.isBlank() ? refused.getClass().getSimpleName() : message;
        return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON) + "…";
    }

    /** Ends following; what is in force stays so. Calling it twice does nothing more. */
    @Override
    public void close() {
        closed = true;
        onClose.accept(this);
    }
}
