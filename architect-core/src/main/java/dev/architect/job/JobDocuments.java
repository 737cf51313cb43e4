package dev.architect.job;

import dev.architect.error.CapacityException;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Jobs in the documents that all nodes share: a hundred places, of which a new job takes that of the oldest ended one. */
final class JobDocuments {

    static final int PLACES = 100;

    private static final String PREFIX = "architect.job.";

    private static final int MAX_TRIES = 20;

    private final ClusterStore store;

    JobDocuments(ClusterStore store) {
        this.store = store;
    }

    /** A job at its place, in one version. */
    record Entry(String place, long version, BulkJob job) {}

    /** Returns all jobs, newest first. */
    List<Entry> all() {
        return store.documents(PREFIX).stream()
                .map(document -> new Entry(document.name(), document.version(), BulkJobCodec.read(document.text())))
                .sorted(Comparator.comparing((Entry entry) -> entry.job().createdAt())
                        .thenComparing(entry -> entry.job().id())
                        .reversed())
                .toList();
    }

    Optional<Entry> find(String id) {
        return all().stream().filter(entry -> entry.job().id().equals(id)).findFirst();
    }

    /** Writes a change of an entry, if nobody has changed it meanwhile. */
    Entry write(Entry before, BulkJob changed) {
        SharedDocument written = store.writeDocument(before.place(), before.version(), BulkJobCodec.write(changed));
        return new Entry(before.place(), written.version(), changed);
    }

    void add(BulkJob job) {
        for (int i = 1; ; i++) {
            Entry place = freePlace(job);
            try {
                write(place, job);
                return;
            } catch (StaleDocumentException taken) {
                // Another job was faster.
                if (i == MAX_TRIES) {
                    throw taken;
                }
            }
        }
    }

    static boolean holds(SharedDocument document, BulkJob job) {
        return document.name().startsWith(PREFIX) && document.text().equals(BulkJobCodec.write(job));
    }

    private Entry freePlace(BulkJob job) {
        List<Entry> all = all();
        Map<String, Entry> byPlace = new HashMap<>();
        all.forEach(entry -> byPlace.put(entry.place(), entry));
        for (int i = 0; i < PLACES; i++) {
            String place = PREFIX + i;
            if (!byPlace.containsKey(place)) {
                return new Entry(place, 0, job);
            }
        }
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).job().state().isEnded()) {
                return all.get(i);
            }
        }
        throw new CapacityException("jobs that have not ended", PLACES);
    }
}
