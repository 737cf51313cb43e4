package dev.architect.server.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Reviews;
import dev.architect.change.ChangeTopic;
import dev.architect.change.RecordedChange;
import dev.architect.review.Review;
import dev.architect.review.ReviewNotFoundException;
import dev.architect.review.ReviewQuery;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewStore;
import dev.architect.server.live.LiveTopic;
import dev.architect.server.operation.Permission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The open reviews by their ids. */
final class ReviewTopic implements LiveTopic {

    private final Reviews reviews;

    ReviewTopic(Reviews reviews) {
        this.reviews = reviews;
    }

    @Override
    public Permission permission() {
        return Permission.read("reviews");
    }

    @Override
    public Set<String> keys(RecordedChange change) {
        return change.topic() == ChangeTopic.REVIEW ? Set.copyOf(change.keys()) : Set.of();
    }

    @Override
    public Map<String, ObjectNode> all() {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        int limit = Math.min(MAX_ITEMS, ReviewStore.MAX_PAGE);
        reviews.list(ReviewQuery.oldest(Set.of(ReviewState.OPEN), limit)).forEach(review -> put(all, review));
        return all;
    }

    private static void put(Map<String, ObjectNode> into, Review review) {
        into.put(Long.toString(review.id()), ReviewJson.summary(review));
    }

    @Override
    public Optional<Map<String, ObjectNode>> read(Set<String> keys) {
        Map<String, ObjectNode> read = new LinkedHashMap<>();
        for (String key : keys) {
            find(Long.parseLong(key))
                    .filter(review -> review.state() == ReviewState.OPEN)
                    .ifPresent(review -> put(read, review));
        }
        return Optional.of(read);
    }

    private Optional<Review> find(long id) {
        try {
            return Optional.of(reviews.get(id));
        } catch (ReviewNotFoundException gone) {
            return Optional.empty();
        }
    }
}
