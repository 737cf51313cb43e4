package dev.architect.record;

import dev.architect.error.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Records of decisions, and feedback about answers. Methods block until a change is durable, throw a {@link StoreException} when the
 * store fails, and are safe for use by several threads.
 */
public interface RecordStore {

    /** Adds records in order; the store assigns their sequence. Their feedback is not read. */
    void append(List<DecisionRecord> decisions);

    /** Returns records with their feedback, newest first. */
    List<DecisionRecord> find(DecisionQuery query);

    /**
     * Returns the record of a request with its feedback, of several the newest; empty when none was kept. Takes the same time however many records
     * there are.
     */
    Optional<DecisionRecord> ofRequest(String requestId);

    /** Keeps feedback; of several about one request the last counts. There need not be a record of the request. */
    void keep(List<Feedback> feedback);

    /** Returns the feedback about a request; empty when there is none. */
    Optional<Feedback> feedback(String requestId);

    /**
     * Returns feedback in the order of its time, and of one time in an order of the store's own: what stands behind a place. A store that does
     * not know the order returns nothing; then feedback that one node was given is known to others when they read its record.
     *
     * @param at the time of the last feedback that is known
     * @param requestId its request; empty for all that was given at that time or later
     * @param limit the most feedback, 1 to 500
     */
    default List<Feedback> feedbackAfter(Instant at, String requestId, int limit) {
        return List.of();
    }

    /**
     * Deletes records that were made, and feedback that was given, before {@code time}, the oldest first.
     *
     * @param limit the most of each, 1 to 10,000
     * @return how many were deleted
     */
    int deleteBefore(Instant time, int limit);
}
