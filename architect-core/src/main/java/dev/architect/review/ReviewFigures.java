package dev.architect.review;

import dev.architect.check.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How people decide: whether they still read what they approve.
 *
 * @param open how many reviews are open
 * @param decided how many were decided by people within the period
 * @param median the median time that was looked at one, or from its being asked to its decision where that is not known; empty without any
 * @param hastyShare the share of decisions in under two seconds, from 0.0 to 1.0; 0.0 without any
 * @param busiestHour the most approvals of each person within an hour
 * @param tired those who have approved more in an hour than is held for careful, by name
 */
public record ReviewFigures(
        int open,
        int decided,
        Optional<Duration> median,
        double hastyShare,
        Map<String, Integer> busiestHour,
        List<String> tired) {

    private static final Duration HASTY = Duration.ofSeconds(2);
    private static final Duration HOUR = Duration.ofHours(1);

    /** Copies the collections. */
    public ReviewFigures {
        Check.notNull("median", median);
        busiestHour = Map.copyOf(Check.noNulls("busiestHour", busiestHour));
        tired = List.copyOf(Check.noNulls("tired", tired));
    }

    /**
     * Returns the figures of decided reviews.
     *
     * @param decided the reviews that were decided within the period, in any order
     * @param perHour above how many approvals in an hour a person is held for tired
     */
    public static ReviewFigures of(int open, List<Review> decided, int perHour) {
        List<Duration> times = new ArrayList<>();
        Map<String, Deque<Instant>> hours = new HashMap<>();
        Map<String, Integer> busiest = new TreeMap<>();
        int hasty = 0;
        List<Review> sorted = Check.noNulls("decided", decided).stream()
                .filter(review -> review.times().decided().isPresent()
                        && review.outcome()
                                .filter(by -> !by.actor().equals(Review.NOBODY))
                                .isPresent())
                .sorted(Comparator.comparing(review -> review.times().decided().orElseThrow()))
                .toList();
        for (Review review : sorted) {
            ReviewOutcome outcome = review.outcome().orElseThrow();
            Instant at = review.times().decided().orElseThrow();
            Duration took = outcome.took()
                    .orElseGet(() -> Duration.between(review.times().asked(), at));
            times.add(took);
            hasty += took.compareTo(HASTY) < 0 ? 1 : 0;
            if (outcome.choice().isApproval()) {
                Deque<Instant> hour = hours.computeIfAbsent(outcome.actor(), actor -> new ArrayDeque<>());
                hour.addLast(at);
                while (!hour.getFirst().isAfter(at.minus(HOUR))) {
                    hour.removeFirst();
                }
                busiest.merge(outcome.actor(), hour.size(), Math::max);
            }
        }
        times.sort(Comparator.naturalOrder());
        return new ReviewFigures(
                open,
                times.size(),
                times.isEmpty() ? Optional.empty() : Optional.of(times.get(times.size() / 2)),
                times.isEmpty() ? 0 : (double) hasty / times.size(),
                busiest,
                busiest.entrySet().stream()
                        .filter(person -> person.getValue() > perHour)
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList());
    }
}
