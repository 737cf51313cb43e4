package dev.architect.job.export;

import dev.architect.error.CapacityException;
import dev.architect.export.ExportJob;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Exports in the documents that all nodes share: some places, of which a new one takes one whose file is there no more. */
final class ExportDocuments {

    static final int PLACES = 20;

    private static final String PREFIX = "architect.export.";

    private static final int MAX_TRIES = 20;

    private final ClusterStore store;

    ExportDocuments(ClusterStore store) {
        this.store = store;
    }

    /** An export at its place, in one version. */
    record Entry(String place, long version, ExportJob job) {}

    /** Returns all exports, newest first. */
    List<Entry> all() {
        return store.documents(PREFIX).stream()
                .map(document -> new Entry(document.name(), document.version(), ExportCodec.read(document.text())))
                .sorted(Comparator.comparing((Entry entry) -> entry.job().createdAt())
                        .thenComparing(entry -> entry.job().id())
                        .reversed())
                .toList();
    }

    Optional<Entry> find(String id) {
        return all().stream().filter(entry -> entry.job().id().equals(id)).findFirst();
    }

    /** Writes a change of an entry, if nobody has changed it meanwhile. */
    Entry write(Entry before, ExportJob changed) {
        SharedDocument written = store.writeDocument(before.place(), before.version(), ExportCodec.write(changed));
        return new Entry(before.place(), written.version(), changed);
    }

    void add(ExportJob job) {
        for (int i = 1; ; i++) {
            Entry place = freePlace(job);
            try {
                write(place, job);
                return;
            } catch (StaleDocumentException taken) {
                // Another export was faster.
                if (i == MAX_TRIES) {
                    throw taken;
                }
            }
        }
    }

    static boolean holds(SharedDocument document, ExportJob job) {
        return document.name().startsWith(PREFIX) && document.text().equals(ExportCodec.write(job));
    }

    private Entry freePlace(ExportJob job) {
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
            if (all.get(i).job().state().isReplaceable()) {
                return all.get(i);
            }
        }
        throw new CapacityException("exports whose files are kept", PLACES);
    }
}
