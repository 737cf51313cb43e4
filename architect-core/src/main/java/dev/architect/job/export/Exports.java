package dev.architect.job.export;

import dev.architect.check.Check;
import dev.architect.document.DocumentPlaces;
import dev.architect.error.StoreException;
import dev.architect.export.ExportForm;
import dev.architect.export.ExportJob;
import dev.architect.export.ExportJob.Progress;
import dev.architect.export.ExportJob.State;
import dev.architect.export.ExportStore;
import dev.architect.export.ExportSubject;
import dev.architect.loop.SingleRole;
import dev.architect.node.NodeRole;
import dev.architect.node.RoleRegistration;
import dev.architect.node.RoleWork;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists that are written to files in the background: accepted by any node, written by one that {@linkplain #takePart takes part}, part by part. How far an
 * export has come is durable: when the process ends, it goes on elsewhere or after a restart. Its file is in the store, compressed, so that every node has it,
 * until it is deleted or {@link #KEPT} is over. There are at most {@value #PLACES} files. Methods block for the store; safe for use by
 * several threads.
 *
 * <p>A part is kept first, and written down as part of the export afterwards, with the version that was read: a process that ends between both leaves a part
 * that is replaced by the same one.
 */
public final class Exports {

    /** The role of the node that writes exports. */
    public static final String ROLE = "architect.exports";

    /** How long a file is kept. */
    public static final Duration KEPT = Duration.ofHours(24);

    /** The most rows of a file. */
    public static final long MAX_ROWS = 10_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(Exports.class);
    private static final int ID_RADIX = 36;
    private static final int PLACES = 20;
    private static final DocumentPlaces.Form<ExportJob> FORM = new DocumentPlaces.Form<>(
            "architect.export.",
            ExportCodec::write,
            ExportCodec::read,
            ExportJob::id,
            ExportJob::createdAt,
            job -> job.state().isReplaceable());

    /** How long one call of the work goes on; a role is lost after five seconds. */
    private static final Duration TURN = Duration.ofSeconds(2);

    /** How long it takes until an export is seen that another node has accepted. */
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    /** How often parts are looked for that belong to no export. */
    private static final Duration SWEEP_INTERVAL = Duration.ofHours(1);

    private final Store store;
    private final Optional<ExportStore> parts;
    private final DocumentPlaces<ExportJob> documents;
    private final TimeSource time;
    private final SingleRole role;
    // Of the thread that carries out exports.
    private Optional<Instant> sweptAt = Optional.empty();

    /**
     * Creates the exports of a store.
     *
     * @param roles lets the node take part in a role with this work; returns empty where it performs no tasks
     */
    public Exports(Store store, TimeSource time, Function<RoleWork, Optional<RoleRegistration>> roles) {
        this.store = Check.notNull("store", store);
        this.parts = store.exports();
        this.documents = new DocumentPlaces<>(store.cluster(), PLACES, "exports whose files are kept", FORM);
        this.time = Check.notNull("time", time);
        this.role = new SingleRole(Check.notNull("roles", roles));
    }

    /** Whether the store keeps files. */
    public boolean isPossible() {
        return parts.isPresent();
    }

    private ExportStore parts() {
        return parts.orElseThrow(
                () -> new UnsupportedOperationException("the store keeps no exports, expected one that does"));
    }

    /**
     * Returns the export that {@link #accept} would accept. Nothing is changed yet.
     *
     * @param by who wants it; not blank
     * @throws dev.architect.filter.InvalidFilterException when the filter asks for what there is not
     * @throws UnsupportedOperationException when the store keeps no files
     */
    public ExportJob prepare(ExportSubject subject, ExportForm form, String by) {
        parts();
        ExportJob job = new ExportJob(
                Long.toString(time.random(Long.MAX_VALUE), ID_RADIX),
                subject,
                form,
                by,
                State.WAITING,
                time.wallTime(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Progress.NONE,
                Optional.empty());
        // What is wrong with its filter is refused now.
        rows(job);
        return job;
    }

    /**
     * Accepts an export that was prepared; it is durable when this returns.
     *
     * @return the same export
     * @throws dev.architect.error.CapacityException when there are as many files as may be
     */
    public ExportJob accept(ExportJob prepared) {
        documents.add(Check.notNull("prepared", prepared));
        return prepared;
    }

    /** Whether a document that a store has written is this export as it was accepted. */
    public static boolean holds(SharedDocument document, ExportJob job) {
        return FORM.isIn(Check.notNull("document", document), Check.notNull("job", job));
    }

    /** Returns the exports that are known, newest first, those that were deleted apart. */
    public List<ExportJob> list() {
        return documents.all().stream()
                .map(DocumentPlaces.Entry::value)
                .filter(job -> job.state() != State.DELETED)
                .toList();
    }

    /** Returns an export; empty when there is none with this id, or it was deleted. */
    public Optional<ExportJob> find(String id) {
        return documents
                .find(Check.notNull("id", id))
                .map(DocumentPlaces.Entry::value)
                .filter(job -> job.state() != State.DELETED);
    }

    /**
     * Returns a part of the file of an export, compressed by itself (gzip); all in their order are the file.
     *
     * @param number 0 up to, and without, the number of its parts
     * @return empty when it was deleted meanwhile
     */
    public Optional<byte[]> part(ExportJob job, int number) {
        return parts().part(Check.notNull("job", job).id(), number);
    }

    /**
     * Deletes an export with its file, also one that is being written.
     *
     * @return whether there was one with this id
     */
    public boolean delete(String id) {
        return deleted(Check.notNull("id", id), job -> true).isPresent();
    }

    /**
     * Stops an export: one that waits or is being written is deleted with what there is of its file. One that has ended stays as it is.
     *
     * @return the export afterwards, which is there no more when it is {@link State#DELETED}; empty when there is none with this id
     */
    public Optional<ExportJob> stop(String id) {
        return deleted(Check.notNull("id", id), job -> !job.state().isEnded());
    }

    /** Deletes an export that is meant, and returns it as it is then; empty when there is none with this id. */
    private Optional<ExportJob> deleted(String id, Predicate<ExportJob> isMeant) {
        while (true) {
            Optional<DocumentPlaces.Entry<ExportJob>> entry =
                    documents.find(id).filter(found -> found.value().state() != State.DELETED);
            if (entry.isEmpty() || !isMeant.test(entry.get().value())) {
                return entry.map(DocumentPlaces.Entry::value);
            }
            ExportJob deleted = entry.get().value().without(State.DELETED, time.wallTime(), Optional.empty());
            try {
                documents.write(entry.get(), deleted);
            } catch (StaleDocumentException changed) {
                // It went on meanwhile: once more, until one of both was faster.
                continue;
            }
            parts().delete(id);
            return Optional.of(deleted);
        }
    }

    /**
     * Lets this node write exports while no other one does.
     *
     * @return what ends that; empty on a node that performs no tasks, or takes part already, or whose store keeps no files
     */
    public Optional<RoleRegistration> takePart() {
        return isPossible() ? role.takePart(work()) : Optional.empty();
    }

    /** What the node does again and again that writes exports. */
    public RoleWork work() {
        return this::run;
    }

    private Duration run(NodeRole role) {
        long begin = time.nanoTime();
        while (time.nanoTime() - begin < TURN.toNanos()) {
            List<DocumentPlaces.Entry<ExportJob>> all = documents.all();
            Instant now = time.wallTime();
            sweep(all, now);
            Optional<DocumentPlaces.Entry<ExportJob>> expired = all.stream()
                    .filter(entry -> entry.value().state() == State.DONE
                            && entry.value().expiresAt().filter(now::isBefore).isEmpty())
                    .findFirst();
            Optional<DocumentPlaces.Entry<ExportJob>> next = all.stream()
                    .filter(entry -> !entry.value().state().isEnded())
                    .min(Comparator.comparing(entry -> entry.value().createdAt()));
            try {
                if (expired.isPresent()) {
                    end(expired.get(), State.EXPIRED, now, Optional.empty());
                } else if (next.isPresent()) {
                    step(next.get(), now);
                } else {
                    return LOOK_INTERVAL;
                }
            } catch (StaleDocumentException changed) {
                // It was deleted, or another node has it: what stands there counts.
                sweptAt = Optional.empty();
            }
        }
        return Duration.ZERO;
    }

    /** Without a file; what is left of it when the process ends is found later. */
    private void end(DocumentPlaces.Entry<ExportJob> entry, State state, Instant now, Optional<String> reason) {
        documents.write(entry, entry.value().without(state, now, reason));
        parts().delete(entry.value().id());
    }

    /** Deletes parts of exports whose file is not to be there: a process has ended between both. */
    private void sweep(List<DocumentPlaces.Entry<ExportJob>> all, Instant now) {
        if (sweptAt.filter(last -> now.isBefore(last.plus(SWEEP_INTERVAL))).isPresent()) {
            return;
        }
        sweptAt = Optional.of(now);
        Set<String> kept = all.stream()
                .map(DocumentPlaces.Entry::value)
                .filter(job -> !job.state().isReplaceable())
                .map(ExportJob::id)
                .collect(Collectors.toSet());
        parts().exports().stream().filter(id -> !kept.contains(id)).forEach(parts()::delete);
    }

    private void step(DocumentPlaces.Entry<ExportJob> entry, Instant now) {
        ExportJob job = entry.value();
        try {
            RowSource rows = rows(job);
            if (job.state() == State.WAITING) {
                documents.write(entry, job.started(rows.total()));
                return;
            }
            write(entry, rows);
        } catch (StoreException | StaleDocumentException later) {
            throw later;
        } catch (RuntimeException refused) {
            // Accepted by a newer version, or a list that cannot be read. The others must not wait for it.
            LOG.warn("export {} failed", job.id(), refused);
            end(entry, State.FAILED, now, Optional.of(String.valueOf(refused.getMessage())));
        }
    }

    private void write(DocumentPlaces.Entry<ExportJob> entry, RowSource rows) {
        ExportJob job = entry.value();
        Progress before = job.progress();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RowSource.Chunk chunk;
        try (Writer out = new OutputStreamWriter(new GZIPOutputStream(bytes), StandardCharsets.UTF_8)) {
            chunk = rows.write(before.cursor(), out);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a part in memory could not be written", impossible);
        }
        if (before.rows() + chunk.rows() > MAX_ROWS || before.parts() == ExportStore.MAX_PARTS) {
            throw new IllegalStateException("the list has more than " + MAX_ROWS
                    + " rows, expected fewer: a filter or a period makes it shorter");
        }
        parts().write(job.id(), before.parts(), bytes.toByteArray());
        Progress further = new Progress(
                before.rows() + chunk.rows(), before.parts() + 1, before.bytes() + bytes.size(), chunk.next());
        ExportJob after = job.advanced(further);
        Instant now = time.wallTime();
        documents.write(entry, chunk.next().isPresent() ? after : after.done(now, now.plus(KEPT)));
    }

    private RowSource rows(ExportJob job) {
        return job.subject()
                .fold(
                        calls -> new CallRows(store.ledger(), calls, job.form()),
                        tasks -> new TaskRows(store.tasks(), tasks, job.createdAt(), job.form()),
                        activities -> new ActivityRows(store.activity(), activities, job.createdAt(), job.form()));
    }
}
