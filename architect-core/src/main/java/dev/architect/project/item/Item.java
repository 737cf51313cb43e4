package dev.architect.project.item;

import dev.architect.check.Check;
import dev.architect.project.PartId;
import dev.architect.project.Position;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.Versioned;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that people plan, as it is stored. Whoever made it is its reporter.
 *
 * @param id its id
 * @param project whose it is
 * @param key what people call it
 * @param draft what people may change
 * @param place where its card is
 * @param progress how far it is
 * @param origin where it was imported from; empty when it was made here
 * @param revision its version
 * @param originData what its source says beyond what an item has, its key there included: a JSON object of at most {@value #MAX_ORIGIN_DATA}
 *     characters; empty when it was made here
 */
public record Item(
        ItemId id,
        ProjectId project,
        ItemKey key,
        ItemDraft draft,
        Place place,
        Progress progress,
        Optional<String> origin,
        Revision revision,
        Optional<String> originData)
        implements Versioned {

    /** The most characters of what a source says beyond what an item has. */
    public static final int MAX_ORIGIN_DATA = 20_000;

    /** Creates an item without data of a source. */
    public Item(
            ItemId id,
            ProjectId project,
            ItemKey key,
            ItemDraft draft,
            Place place,
            Progress progress,
            Optional<String> origin,
            Revision revision) {
        this(id, project, key, draft, place, progress, origin, revision, Optional.empty());
    }

    /**
     * Where a card is.
     *
     * @param column its column
     * @param position its place in the column
     */
    public record Place(PartId column, Position position) {

        /** Checks every field. */
        public Place {
            Check.notNull("column", column);
            Check.notNull("position", position);
        }
    }

    /**
     * How far an item is.
     *
     * @param startedAt when work on it first began
     * @param doneAt when it was done or cancelled; empty while it is not
     * @param reopened how often it was done and then was not
     */
    public record Progress(Optional<Instant> startedAt, Optional<Instant> doneAt, int reopened) {

        /** Nothing was begun. */
        public static final Progress NONE = new Progress(Optional.empty(), Optional.empty(), 0);

        /** Checks every field. */
        public Progress {
            Check.notNull("startedAt", startedAt);
            Check.notNull("doneAt", doneAt);
            Check.notNegative("reopened", reopened);
        }
    }

    /** Checks every field. */
    public Item {
        Check.notNull("id", id);
        Check.notNull("project", project);
        Check.notNull("key", key);
        Check.notNull("draft", draft);
        Check.notNull("place", place);
        Check.notNull("progress", progress);
        Check.notNull("origin", origin);
        Check.notNull("revision", revision);
        Check.notNull("originData", originData).ifPresent(data -> Check.atMost("originData", data, MAX_ORIGIN_DATA));
    }

    /** Returns a copy with other fields. */
    public Item with(ItemDraft changed, Revision next) {
        return new Item(id, project, key, changed, place, progress, origin, next, originData);
    }

    /** Returns a copy at another place. */
    public Item with(Place moved, Progress reached, Revision next) {
        return new Item(id, project, key, draft, moved, reached, origin, next, originData);
    }

    /** Returns a copy with another position in its column; nobody edited it, so it keeps its version. */
    public Item at(Position changed) {
        return new Item(
                id, project, key, draft, new Place(place.column(), changed), progress, origin, revision, originData);
    }
}
